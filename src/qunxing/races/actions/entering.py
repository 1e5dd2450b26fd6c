"""Handing in: who, when and how often is asked first; then the file is kept for good, whatever is in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.common import locked
from qunxing.core.errors import Refused
from qunxing.ledger.actions import create
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races.actions.reading import check_entry, signature_name
from qunxing.races.keys import set_in_force
from qunxing.races.models import Entry, Lane, Stage
from qunxing.races.plan import GatePlan
from qunxing.races.rules.entering import Permission
from qunxing.races.sealing import discard, seal
from qunxing.races.states.entry import EntryState
from qunxing.races.states.lane import LaneState
from qunxing.races.uploading import MEGABYTE, Received, too_large

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
    if handed.signature:
        seal(stage.race, signature_name(file.ref), [handed.signature])
    try:
        entry = taken_in(lane, stage, actor=actor, at=at, handed=handed)
    except BaseException:
        discard(stage.race, signature_name(file.ref))
        raise
    if handed.kind == KIND.TABLE or file.size <= AT_ONCE:
        check_entry(entry, at=at)
    return entry


def taken_in(lane: Lane, stage: Stage, *, actor: Any, at: datetime, handed: Handed) -> Entry:
    """The entry as it stands now; nobody replaces the test set, the stage or the lane meanwhile."""
    with recording(actor=actor):
        stage, lane = locked(stage), locked(lane)
        check_lane(lane, stage, actor)
        check_window(stage, at)
        if set_in_force(stage) is None:
            raise Refused(_("This stage has no test set yet."), _("Staff register one before the window opens."), 409)
        check_caps(lane, stage, handed.kind, at)
        return put_down(lane, stage, actor=actor, at=at, handed=handed)


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
