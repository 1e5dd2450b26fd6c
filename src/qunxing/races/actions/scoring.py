"""The queue: entries are scored one at a time by whoever works at it, each in a run of its own that is kept.

A run is computed outside of any transaction and written in a short one, so that pages wait for nothing. A worker holds
a lock while it works, which the system frees when it dies: what it had taken is then taken again.
"""

import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.utils import timezone

from qunxing.core.errors import IllegalTransition, Problem
from qunxing.core.states import advance
from qunxing.ledger.actions import change, create
from qunxing.ledger.desks import Desk, Told
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races import itemscores
from qunxing.races.actions.reading import answers_of, check_entry, said_of, table_of
from qunxing.races.evaluating import (
    Evaluation,
    Parts,
    PartScore,
    by_metrics,
    by_scorer,
    item_scores,
    metrics_of,
    table_metrics,
)
from qunxing.races.keys import parts_for, scorer_for, set_in_force
from qunxing.races.ladders import climb_on, shown_for
from qunxing.races.models import Entry, ScoreRun, TestSet
from qunxing.races.models.runs import Verdict
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import fault_text
from qunxing.races.scoring import Key
from qunxing.races.states.entry import LIFE, EntryState

logger = logging.getLogger(__name__)
ENDED_WELL = frozenset({Verdict.OK, Verdict.UNDEFINED})
KIND = Entry.Kind
Clock = Callable[[], datetime]


# --- the queue ------------------------------------------------------------------------------------------------------


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def next_entry() -> Entry | None:
    """The entry that has waited longest, of those that wait to be read or to be scored."""
    waiting = Entry.objects.filter(state__in=[EntryState.RECEIVED, EntryState.QUEUED])
    found: Entry | None = waiting.select_related("lane", "stage__race").order_by("received_at", "pk").first()
    return found


def work_once(worker: str = "", *, clock: Clock = timezone.now) -> Entry | None:
    """Take the next entry and bring it to its end; None where nothing waits."""
    recover()
    entry = next_entry()
    if entry is None:
        return None
    with desk_of(entry).occupied():
        entry.refresh_from_db()
        if entry.state == EntryState.RECEIVED:
            check_entry(entry, at=clock())
        elif entry.state == EntryState.QUEUED:
            score_entry(entry, worker or worker_name(), clock)
    return entry


def drain(
    worker: str = "", *, tells: Callable[[Entry], None] = lambda _entry: None, clock: Clock = timezone.now
) -> int:
    """Work until nothing waits; how many entries were brought to an end."""
    done = 0
    while (entry := work_once(worker, clock=clock)) is not None:
        tells(entry)
        done += 1
    return done


def desk_of(entry: Entry) -> Desk:
    return Desk(f"entry-{entry.ref}")


def recover() -> list[Entry]:
    """Put back what a worker had taken that is no longer there."""
    lost = []
    for entry in Entry.objects.filter(state=EntryState.SCORING).select_related("stage__race", "lane"):
        if desk_of(entry).is_occupied:
            continue
        try:
            with recording(actor=None):
                advance(entry, "queue", actor=None, machine=LIFE)
        except IllegalTransition:
            continue
        desk_of(entry).clear()
        logger.warning("entry %s was taken by a worker that is gone; it waits again", entry.ref)
        lost.append(entry)
    return lost


# --- one run --------------------------------------------------------------------------------------------------------


def score_entry(entry: Entry, worker: str, clock: Clock) -> ScoreRun | None:
    """Score the entry that waits: a run that is begun and not ended is gone on with. None where it was taken away."""
    desk_of(entry).stop.unlink(missing_ok=True)  # a wish that came too late for the run before
    try:
        run = take(entry, worker, at=clock())
    except IllegalTransition:
        return None
    desk_of(entry).tell(Told())
    test_set = set_in_force(entry.stage)
    found, items = (Evaluation("bad_result", words="no test set"), "")
    if test_set is not None:
        found, items = evaluated(entry, test_set)
    try:
        finish_somehow(entry, run, found, items, test_set, at=clock())
    except IllegalTransition:  # it was cancelled meanwhile
        return None
    return run


def finish_somehow(
    entry: Entry, run: ScoreRun, found: Evaluation, items: str, test_set: TestSet | None, *, at: datetime
) -> None:
    """Write how the run ended; where that cannot be worked out either, it ends so, and the queue goes on."""
    try:
        finish(entry, run, found, items, test_set, at=at)
    except IllegalTransition:
        raise
    except (Problem, ValueError) as error:  # item scores of an entry before it do not open
        logger.exception("the result of entry %s cannot be kept", entry.ref)
        entry.refresh_from_db()
        finish(entry, run, Evaluation(Verdict.UNREADABLE, words=said_of(error)), "", test_set, at=at)


def take(entry: Entry, worker: str, *, at: datetime) -> ScoreRun:
    """The run that is begun; IllegalTransition where somebody else was faster."""
    with recording(actor=None):
        advance(entry, "take", actor=None, machine=LIFE)
        run: ScoreRun | None = entry.runs.filter(verdict=Verdict.PENDING).last()
        taken: dict[str, Any] = {"taken_at": at, "taken_by": worker}
        if run is not None:
            return change(run, actor=None, values=taken)
        return create(ScoreRun(entry=entry, number=entry.runs.count() + 1, **taken), actor=None)


def evaluated(entry: Entry, test_set: TestSet) -> tuple[Evaluation, str]:
    """(what came of it, the digest of its item scores); whatever goes wrong is a verdict."""
    try:
        parts = parts_for(test_set)
        if entry.kind == KIND.DRY_RUN:
            parts = Parts(parts.public, Key((), {}), parts.asked)
        found = evaluation_of(entry, test_set, parts)
    except DatabaseError:
        raise
    except Exception as error:  # whatever it is, those who wait behind it are not to wait for it
        logger.exception("scoring of entry %s failed", entry.ref)
        return Evaluation(Verdict.UNREADABLE, words=said_of(error)), ""
    if found.verdict not in ENDED_WELL or entry.kind == KIND.DRY_RUN:
        return found, ""
    scores = item_scores(found, parts)
    return found, itemscores.keep(entry.race, scores) if scores is not None else ""


def evaluation_of(entry: Entry, test_set: TestSet, parts: Parts) -> Evaluation:
    plan = entry.stage.gate
    reading = table_of(entry, test_set)[0] if entry.kind == KIND.TABLE else answers_of(entry, test_set)
    if reading.answers is None:
        faults = "; ".join(str(fault_text(fault)) for fault in reading.faults[:3])
        return Evaluation(Verdict.UNREADABLE, words=faults)
    if entry.kind == KIND.TABLE:
        return by_metrics(plan, table_metrics(plan), reading.answers, parts)
    scorer = scorer_for(entry.stage)
    if scorer is not None:
        return by_scorer(plan, scorer, reading.answers, parts, lambda: desk_of(entry).asked_to_stop)
    return by_metrics(plan, metrics_of(plan), reading.answers, parts)


def finish(
    entry: Entry,
    run: ScoreRun,
    found: Evaluation,
    items: str,
    test_set: TestSet | None,
    *,
    at: datetime,
) -> None:
    """Write how the run ended; IllegalTransition where the entry was taken off the queue meanwhile."""
    good = found.verdict in ENDED_WELL
    scorer = found.scorer or entry.stage.gate.scorer
    digest = test_set.digest if test_set is not None else ""
    values: dict[str, Any] = {
        "verdict": found.verdict,
        "words": found.words[:500],
        "scorer": scorer,
        "test_set": digest,
        "undefined": dict(found.undefined),
        "items_digest": items,
        "ended_at": at,
        **scores_of("public", found.public),
        **scores_of("sealed", found.sealed),
    }
    with recording(actor=None):
        advance(entry, "score" if good else "fail", actor=None, machine=LIFE)
        if good:
            values["shown_public"] = shown_for(entry, found.public)
        change(run, actor=None, values=values)
        climb_on(entry)
        facts = {"run": run.number, "verdict": found.verdict, "scorer": scorer, "test_set": digest, "items": items}
        note(LogEntry("entry.scored", Entry.kind_code(), entry.ref, facts))


def scores_of(part: str, found: PartScore) -> dict[str, Any]:
    return {part: dict(found.values), f"overall_{part}": found.overall}


# --- by people ------------------------------------------------------------------------------------------------------


def rerun(entry: Entry, *, actor: Any, reason: str) -> ScoreRun:
    """Score the entry once more; the runs before stay as they are. Refused without a reason."""
    check_may_score(entry, actor)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        run = ScoreRun(entry=entry, number=entry.runs.count() + 1, why=reason)
        create(run, actor=actor, reason=reason)
        advance(entry, "queue", actor=None, machine=LIFE)
        note(LogEntry("entry.rerun", Entry.kind_code(), entry.ref, {"run": run.number}))
    return run


def cancel(entry: Entry, *, actor: Any, at: datetime, reason: str) -> None:
    """Take the entry off the queue, or out of a worker's hands: a scorer of one's own is ended, what the metrics are
    about to find is dropped.
    """
    check_may_score(entry, actor)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        advance(entry, "cancel", actor=None, machine=LIFE)
        pending = entry.runs.filter(verdict=Verdict.PENDING).last()
        values = {"verdict": Verdict.CANCELLED, "words": reason, "ended_at": at}
        if pending is not None:
            change(pending, actor=actor, values=values, reason=reason)
        else:
            create(ScoreRun(entry=entry, number=entry.runs.count() + 1, **values), actor=actor, reason=reason)
        climb_on(entry)
        note(LogEntry("entry.cancelled", Entry.kind_code(), entry.ref, {"number": entry.number}))
    if desk_of(entry).is_occupied:
        desk_of(entry).ask_to_stop()


def check_may_score(entry: Entry, actor: Any) -> None:
    if actor is not None and not actor.has_perm(Permission.SCORE_ENTRY, entry):
        raise PermissionDenied
