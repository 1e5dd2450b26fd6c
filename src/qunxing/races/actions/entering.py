"""Handing in: who, when and how often is asked first; then the file is kept for good, whatever is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.actions import create
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races.evaluating import table_schema
from qunxing.races.keys import entry_schema, parts_for, set_in_force
from qunxing.races.models import Entry, Lane, Stage, TestingBody, TestSet
from qunxing.races.plan import GatePlan
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import stored
from qunxing.races.scoring import Fault, Limits, Reading, Wrong, read
from qunxing.races.scoring.tables import Statement, parsed, signature_fault
from qunxing.races.sealing import has, read_sealed, seal
from qunxing.races.states.entry import LIFE, EntryState
from qunxing.races.states.lane import LaneState
from qunxing.races.uploading import MEGABYTE, Received, file_name, too_large

RECEIVED_ENTRY = "entry.received"
AT_ONCE = 4 * MEGABYTE  # up to this size a file is checked while its sender waits
REFUSED_A_DAY = 50  # files that cannot be read, of one lane on one day
SPENT = frozenset({EntryState.RECEIVED, EntryState.QUEUED, EntryState.SCORING, EntryState.SCORED})
KIND = Entry.Kind


class OutsideWindow(Refused):
    """Before the window opened, or after it closed."""


class CapReached(Refused):
    """As many entries as the gate allows were handed in."""


# --- what is asked first --------------------------------------------------------------------------------------------


def check_window(stage: Stage, at: datetime) -> None:
    """OutsideWindow unless the moment lies within the window; both its ends do."""
    if stage.takes_entries_at(at):
        return
    if stage.closes_at is not None and at > stage.closes_at:
        raise OutsideWindow(
            _("The window closed at %(closed)s; this arrived at %(at)s.")
            % {"closed": show_second(stage.closes_at), "at": show_second(at)},
            _("What was handed in before stands."),
            409,
        )
    if stage.opens_at is not None and at < stage.opens_at:
        raise OutsideWindow(_("The window opens at %(opens)s.") % {"opens": show_second(stage.opens_at)}, status=409)
    raise OutsideWindow(_("This stage takes no entries."), status=409)


def show_second(moment: datetime) -> str:
    """A moment to the second, as people here read it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Left:
    """How many entries a lane may still hand in; None where there is no cap."""

    today: int | None
    in_all: int | None
    dry_runs: int | None

    @property
    def entries(self) -> int | None:
        caps = [cap for cap in (self.today, self.in_all) if cap is not None]
        return min(caps) if caps else None


def left_for(lane: Lane, stage: Stage, at: datetime) -> Left:
    """What is left at this moment; a day is one of the calendar here. What was refused or failed was not spent."""
    caps = stage.gate.entries
    rows = Entry.objects.filter(lane=lane, stage=stage)
    spent = rows.exclude(kind=KIND.DRY_RUN).filter(state__in=SPENT)
    dry = of_day(rows.filter(kind=KIND.DRY_RUN), at).exclude(state=EntryState.FAILED)
    return Left(
        max(0, caps.a_day - of_day(spent, at).count()) if caps.a_day else None,
        max(0, caps.in_all - spent.count()) if caps.in_all else None,
        max(0, caps.dry_runs_a_day - dry.count()) if caps.dry_runs_a_day else None,
    )


def of_day(rows: QuerySet[Entry], at: datetime) -> QuerySet[Entry]:
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(received_at__gte=start, received_at__lt=start + timedelta(days=1))


def check_caps(lane: Lane, stage: Stage, kind: str, at: datetime) -> None:
    """CapReached when the day or the gate allows no more of this kind."""
    left = left_for(lane, stage, at)
    if kind == KIND.DRY_RUN:
        if left.dry_runs == 0:
            raise CapReached(
                _("No more dry runs today: the gate allows %(most)s.") % {"most": stage.gate.entries.dry_runs_a_day},
                _("Come back tomorrow."),
                429,
            )
    elif left.in_all == 0:
        raise CapReached(
            _("No more entries: the gate allows %(most)s in all.") % {"most": stage.gate.entries.in_all}, status=429
        )
    elif left.today == 0:
        raise CapReached(
            _("No more entries today: the gate allows %(most)s a day.") % {"most": stage.gate.entries.a_day},
            _("Come back tomorrow."),
            429,
        )
    refused = of_day(Entry.objects.filter(lane=lane, stage=stage, state=EntryState.REFUSED), at)
    if refused.count() >= REFUSED_A_DAY:
        raise CapReached(_("Too many files that cannot be read today."), _("Come back tomorrow."), 429)


def check_kind(plan: GatePlan, kind: str) -> None:
    asked = KIND.ANSWERS if kind == KIND.DRY_RUN else kind
    if asked not in plan.entries.takes:
        raise Refused(_("This gate takes no entries of this kind."), status=409)


def check_lane(lane: Lane, stage: Stage, actor: Any) -> None:
    if lane.race_id != stage.race_id:
        raise PermissionDenied
    if actor is not None and not actor.has_perm(Permission.HAND_IN_ENTRY, lane):
        raise PermissionDenied
    if lane.state != LaneState.RUNNING:
        raise Refused(_("This lane takes no part any more."), status=409)


# --- handing in -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Handed:
    """What is handed in: the file as it was received, what it is, and what is said with it."""

    file: Received
    kind: str = KIND.ANSWERS
    signature: bytes = b""
    remark: str = ""
    cost: int | None = None


def hand_in(lane: Lane, stage: Stage, *, actor: Any, at: datetime, handed: Handed) -> Entry:
    """Take the file in as the lane's next entry; `at` is the moment of its arrival.

    OutsideWindow, CapReached, Refused where it is not taken at all. A file that is taken is kept whatever is wrong with
    it: the entry then is refused and says why by row and column.
    """
    file = handed.file
    check_kind(stage.gate, handed.kind)
    if file.size > stage.gate.entries.megabytes * MEGABYTE:
        raise too_large(stage.gate.entries.megabytes * MEGABYTE)
    test_set = set_in_force(stage)
    if test_set is None:
        raise Refused(_("This stage has no test set yet."), _("Staff register one before the window opens."), 409)
    if handed.signature:
        seal(stage.race, signature_name(file.ref), [handed.signature])
    with recording(actor=actor):
        locked = Lane.objects.select_for_update().get(pk=lane.pk)
        check_lane(locked, stage, actor)
        check_window(stage, at)
        check_caps(locked, stage, handed.kind, at)
        entry = put_down(locked, stage, actor=actor, at=at, handed=handed)
    if handed.kind == KIND.TABLE or file.size <= AT_ONCE:
        check_entry(entry, test_set)
    return entry


def put_down(lane: Lane, stage: Stage, *, actor: Any, at: datetime, handed: Handed) -> Entry:
    """The row of the entry, and what the log says of it."""
    file = handed.file
    entry = Entry(
        ref=file.ref,
        lane=lane,
        stage=stage,
        number=Entry.objects.filter(lane=lane, stage=stage).count() + 1,
        kind=handed.kind,
        received_at=at,
        by=actor,
        name=clean_name(file.label),
        digest=file.digest,
        size=file.size,
        note=handed.remark.strip()[:200],
        cost=handed.cost,
    )
    create(entry, actor=actor)
    note(LogEntry(RECEIVED_ENTRY, Entry.kind_code(), entry.ref, received_facts(entry)))
    return entry


def received_facts(entry: Entry) -> dict[str, Any]:
    """What log and receipt say of an entry."""
    return {
        "race": entry.stage.race.ref,
        "stage": entry.stage.ref,
        "lane": entry.lane.ref,
        "number": entry.number,
        "kind": str(entry.kind),
        "received": entry.received_at,
        "digest": entry.digest,
        "size": entry.size,
    }


def clean_name(label: str) -> str:
    """The name without folders and odd characters."""
    bare = label.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in bare if letter.isprintable())[:200].strip() or "file"


def signature_name(ref: str) -> str:
    return f"{file_name(ref)}-signature"


# --- reading what was handed in -------------------------------------------------------------------------------------


def check_entry(entry: Entry, test_set: TestSet | None = None) -> bool:
    """Read the file of an entry that was received: it goes into the queue, or is refused with its faults."""
    test_set = test_set or set_in_force(entry.stage)
    if test_set is None:
        return False
    found, body = table_of(entry, test_set) if entry.kind == KIND.TABLE else (answers_of(entry, test_set), None)
    step = "queue" if found.answers is not None else "refuse"
    values: dict[str, Any] = {
        "items": len(found.answers.items) if found.answers is not None else 0,
        "faults": all_faults(found),
    }
    with recording(actor=None):
        advance(entry, step, actor=None, machine=LIFE, body=body, **values)
        if step == "refuse":
            note(LogEntry("entry.refused", Entry.kind_code(), entry.ref, {"faults": found.total}))
    return found.answers is not None


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


def statement_for(entry: Entry, test_set: TestSet, body: TestingBody) -> Statement:
    """What the body must have put its name to."""
    stage = entry.stage
    return Statement(stage.race.ref, stage.ref, entry.lane.ref, test_set.digest, entry.digest, body.organization.ref)
