"""Signs of trouble: raised by the machine, looked at by people; nothing follows from one by itself."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
from django.core.exceptions import PermissionDenied

from qunxing.core.states import advance
from qunxing.ledger.actions import create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races import flags, itemscores
from qunxing.races.actions.reading import answers_of
from qunxing.races.keys import parts_for, set_in_force
from qunxing.races.ladders import runs_by_lane
from qunxing.races.measured import Counted, counted_entries
from qunxing.races.models import Entry, Flag, Lane, Stage
from qunxing.races.queries.boardrows import entered_lanes
from qunxing.races.rules.entering import Permission
from qunxing.races.states.entry import FLAG_LIFE, FlagState

WORDS = 500_000  # answers that are held against each other at once; beyond it scores alone are looked at


def raise_flags(stage: Stage, *, day: date) -> list[Flag]:
    """Raise the signs that are not raised yet; those that people have looked at stay as they are."""
    lanes = entered_lanes(stage)
    by_code = {lane.code: lane for lane in lanes}
    known = {(one.lane_id, one.sign, one.other_id) for one in Flag.objects.filter(stage=stage)}
    made = []
    with recording(actor=None):
        for sign in signs_of(stage, lanes):
            lane, other = by_code[sign.contestant], by_code.get(sign.other)
            if (lane.pk, sign.sign, other.pk if other else None) in known:
                continue
            row = Flag(stage=stage, lane=lane, sign=sign.sign, other=other, raised_on=day)
            row.figure, row.bar = float(sign.figure), float(sign.bar)
            made.append(create(row, actor=None))
            note(LogEntry("flag.raised", Flag.kind_code(), row.ref, {"stage": stage.ref, "sign": str(sign.sign)}))
    return made


def signs_of(stage: Stage, lanes: list[Lane]) -> Iterator[flags.Flag]:
    """What looks odd in the entries that count, and in the course that led to them."""
    counted = counted_entries(stage, lanes)
    if not counted:
        return
    yield from signs_in_scores(stage, counted)
    public, sealed, spread = figures_of(stage, counted)
    yield from flags.gap_flags(public, sealed, spread)
    yield from flags.jump_flags(histories(stage, lanes), spread)


def signs_in_scores(stage: Stage, counted: Mapping[int, Counted]) -> Iterator[flags.Flag]:
    held = [
        (one, itemscores.read(stage.race, one.run.items_digest)) for one in counted.values() if one.run.items_digest
    ]
    if len(held) < 2 or len({len(found.scores) for _one, found in held}) != 1:
        return
    names = [one.lane.code for one, _found in held]
    scores = np.array([found.scores for _one, found in held])
    bar = constant_bar(stage)
    for sign in flags.flags_of(names, scores, answers_in(stage, [one for one, _found in held], scores.size)):
        if sign.sign != "constant" or sign.figure >= bar:
            yield sign


def constant_bar(stage: Stage) -> float:
    """The share of one answer from which answers are all but the same, given how often the true one is the same."""
    test_set = set_in_force(stage)
    if test_set is None:
        return 0.0
    parts = parts_for(test_set)
    columns = [column for part in (parts.public, parts.sealed) for column in part.columns.values()]
    truths = [str(value) for column in columns for value in column]
    usual = flags.commonest(truths) if truths else 0.0
    return usual + (1 - usual) * flags.SAME_ANSWER


def answers_in(stage: Stage, counted: Iterable[Counted], size: int) -> dict[str, list[str]] | None:
    """The answers by lane in the order of the items; None where there are too many, or none to be read."""
    test_set = set_in_force(stage)
    if test_set is None or size > WORDS:
        return None
    found = {}
    for one in counted:
        if one.entry.kind != Entry.Kind.ANSWERS:
            continue
        reading = answers_of(one.entry, test_set)
        if reading.answers is not None:
            column = next(iter(reading.answers.columns))
            items = sorted(reading.answers.items)
            found[one.lane.code] = [
                "" if value is None else str(value) for value in reading.answers.column(column, items)
            ]
    return found or None


def figures_of(
    stage: Stage, counted: Mapping[int, Counted]
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """({lane: public score}, {lane: sealed score}, {lane: standard error of their difference})."""
    public: dict[str, float] = {}
    sealed: dict[str, float] = {}
    spread: dict[str, float] = {}
    for one in counted.values():
        run, code = one.run, one.lane.code
        if run.overall_public is None or run.overall_sealed is None or not run.items_digest:
            continue
        public[code], sealed[code] = run.overall_public, run.overall_sealed
        spread[code] = error_between(itemscores.read(stage.race, run.items_digest))
    return public, sealed, spread


def error_between(found: itemscores.ItemScores) -> float:
    parts = [found.scores[found.sealed], found.scores[~found.sealed]]
    return float(np.sqrt(sum(np.nanvar(part) / max(len(part), 1) for part in parts if len(part))))


def histories(stage: Stage, lanes: Iterable[Lane]) -> dict[str, list[float]]:
    runs = runs_by_lane(stage)
    return {
        lane.code: [run.overall_public for run in runs.get(lane.pk, ()) if run.overall_public is not None]
        for lane in lanes
    }


def look_at(flag: Flag, *, actor: Any, found: bool, looked: str, day: date) -> Flag:
    """Close a sign: what was looked at, and whether something was found. The entry is untouched by it."""
    if actor is not None and not actor.has_perm(Permission.LOOK_AT_FLAG, flag):
        raise PermissionDenied
    words = needed_reason(looked)
    with recording(actor=actor, reason=words):
        advance(flag, "find" if found else "clear", actor=None, machine=FLAG_LIFE, looked=words, looked_on=day)
        state = FlagState.FOUND if found else FlagState.CLEARED
        note(LogEntry("flag.looked_at", Flag.kind_code(), flag.ref, {"state": str(state)}))
    return flag
