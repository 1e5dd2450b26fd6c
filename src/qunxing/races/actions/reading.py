"""Reading what was handed in: it waits to be scored, is refused with its faults, or ends where nothing can be read."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from qunxing.core.errors import IllegalTransition, Problem
from qunxing.core.states import advance
from qunxing.ledger.actions import create
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races.evaluating import table_schema
from qunxing.races.keys import entry_schema, parts_for, set_in_force
from qunxing.races.models import Entry, ScoreRun, Stage, TestingBody, TestSet
from qunxing.races.models.runs import Verdict
from qunxing.races.scorewords import stored
from qunxing.races.scoring import Fault, Limits, Reading, Wrong, read
from qunxing.races.scoring.tables import Statement, parsed, signature_fault
from qunxing.races.sealing import has, read_sealed
from qunxing.races.states.entry import LIFE
from qunxing.races.uploading import MEGABYTE, file_name

logger = logging.getLogger(__name__)
KIND = Entry.Kind


def check_entry(entry: Entry, *, at: datetime) -> bool:
    """Read the file of an entry that was received; whether it waits to be scored now.

    Where this machine cannot say what is in it, the entry ends without a score and staff read why. What somebody else
    read meanwhile is left to them.
    """
    try:
        found, body = read_entry(entry)
    except DatabaseError:
        raise
    except Exception as error:  # whatever it is, those who wait behind it are not to wait for it
        logger.exception("entry %s cannot be read", entry.ref)
        give_up(entry, at=at, words=said_of(error))
        return False
    step = "queue" if found.answers is not None else "refuse"
    values: dict[str, Any] = {
        "items": len(found.answers.items) if found.answers is not None else 0,
        "faults": all_faults(found),
    }
    try:
        with recording(actor=None):
            advance(entry, step, actor=None, machine=LIFE, body=body, **values)
            if step == "refuse":
                note(LogEntry("entry.refused", Entry.kind_code(), entry.ref, {"faults": found.total}))
    except IllegalTransition:  # a worker was faster, or this page was
        entry.refresh_from_db()
    return bool(found.answers is not None)


def read_entry(entry: Entry) -> tuple[Reading, TestingBody | None]:
    """(what the file says, who signed it); Problem where there is nothing to hold it against, or it does not open."""
    test_set = set_in_force(entry.stage)
    if test_set is None:
        raise Problem("the stage has no test set")
    return table_of(entry, test_set) if entry.kind == KIND.TABLE else (answers_of(entry, test_set), None)


def said_of(error: Exception) -> str:
    """What went wrong, for staff."""
    return str(error) if isinstance(error, Problem) else f"{type(error).__name__}: {error}"


def give_up(entry: Entry, *, at: datetime, words: str) -> None:
    """The entry ends without a score, with a run that says why; staff may have it scored again."""
    run = ScoreRun(entry=entry, number=entry.runs.count() + 1, verdict=Verdict.UNREADABLE, words=words[:500])
    run.ended_at = at
    try:
        with recording(actor=None):
            advance(entry, "fail", actor=None, machine=LIFE)
            create(run, actor=None)
            facts = {"run": run.number, "verdict": run.verdict}
            note(LogEntry("entry.scored", Entry.kind_code(), entry.ref, facts))
    except IllegalTransition:
        entry.refresh_from_db()


def all_faults(found: Reading) -> list[dict[str, Any]]:
    """The first faults, and how many more there are."""
    kept = stored(found.faults)
    more = found.total - len(kept)
    return [*kept, {"code": "more", "found": str(more)}] if more > 0 else kept


def answers_of(entry: Entry, test_set: TestSet) -> Reading:
    """What the file says, held against the form of the test set and its items."""
    data = read_sealed(entry.stage.race, file_name(entry.ref))
    return read(data, entry_schema(test_set), parts_for(test_set).asked, limits=limits_for(entry.stage))


def limits_for(stage: Stage) -> Limits:
    return Limits(file_bytes=stage.gate.entries.megabytes * MEGABYTE)


def table_of(entry: Entry, test_set: TestSet) -> tuple[Reading, TestingBody | None]:
    """The table of scores and who signed it; without a signature that holds nothing of it is read."""
    race = entry.stage.race
    signed = signature_name(entry.ref)
    signature = read_sealed(race, signed) if has(race, signed) else b""
    body, faults = signer_of(entry, test_set, signature)
    if body is None:
        return Reading(None, tuple(faults), len(faults)), None
    data = read_sealed(race, file_name(entry.ref))
    return read(data, table_schema(entry.stage.gate), parts_for(test_set).asked, limits=limits_for(entry.stage)), body


def signer_of(entry: Entry, test_set: TestSet, signature: bytes) -> tuple[TestingBody | None, Sequence[Fault]]:
    """The registered body whose signature holds for just this table, or why none does."""
    told = parsed(signature).get("statement")
    named = told.get("body", "") if isinstance(told, dict) else ""
    bodies = TestingBody.objects.filter(stage=entry.stage, revoked_on__isnull=True).select_related("organization")
    faults: list[Fault] = []
    for body in bodies:
        if body.organization.ref != named:
            continue
        fault = signature_fault(signature, bytes.fromhex(body.key), statement_for(entry, test_set, body))
        if fault is None:
            return body, ()
        faults.append(fault)
    return None, faults[:1] or [Fault(Wrong.SIGNATURE)]


def signature_name(ref: str) -> str:
    """Where the signature that came with a file lies."""
    return f"{file_name(ref)}-signature"


def statement_for(entry: Entry, test_set: TestSet, body: TestingBody) -> Statement:
    """What the body must have put its name to."""
    stage = entry.stage
    return Statement(stage.race.ref, stage.ref, entry.lane.ref, test_set.digest, entry.digest, body.organization.ref)
