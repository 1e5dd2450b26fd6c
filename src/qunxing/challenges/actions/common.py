"""What the writes after the opening have in common."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.models import CalendarDay
from qunxing.core.states import Machine, Transition, advance
from qunxing.core.workdays import WorkCalendar
from qunxing.ledger.models import Record
from qunxing.ledger.recording import Entry, note, recording
from qunxing.ledger.writing import locked_head

LONGEST_REASON = 500
R = TypeVar("R", bound=models.Model)


def require(actor: Any, permission: str, row: Any = None) -> None:
    """PermissionDenied unless the actor holds the permission; no actor is the program itself."""
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied


def needed(text: str) -> str:
    """The reason without what does not belong into it; Refused when there is none."""
    told = text.replace("\x00", "").strip()[:LONGEST_REASON]
    if not told:
        raise Refused(_("This step needs a reason."), _("Go back and write one."), 422)
    return told


def locked(row: R) -> R:
    """The stored row, kept from others until the transaction ends."""
    found: R = type(row)._default_manager.select_for_update().get(pk=row.pk)
    return found


def take(row: Any, name: str, machine: Machine, *, actor: Any, reason: str = "", **changes: Any) -> Transition:
    """One step of a row's life inside a recording of its own; the row is as stored afterwards."""
    if machine.named(name).needs_reason:
        reason = needed(reason)
    with recording(actor=actor, reason=reason.strip()[:LONGEST_REASON]):
        return advance(row, name, actor=actor, machine=machine, **changes)


def follow(row: Any, name: str, machine: Machine, **changes: Any) -> Transition:
    """A step that another step brings about: whoever may take the first need not hold the second's permission."""
    return advance(row, name, actor=None, machine=machine, **changes)


def tell(what: str, row: Record, facts: Mapping[str, Any]) -> None:
    """Put into the log what happened to the row, in plain facts without personal data."""
    note(Entry(what, row.kind_code(), row.ref, facts))


def next_number(kind: type[models.Model], letters: str, day: date) -> str:
    """The next free number of the year, GS-2026-001; the log's lock keeps two from taking the same."""
    locked_head()
    prefix = f"{letters}-{day.year}-"
    taken = kind._default_manager.filter(number__regex=rf"^{prefix}\d+$").order_by(Length("number").desc(), "-number")
    last = taken.values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:03d}"


def work_calendar() -> WorkCalendar:
    """The calendar with the days that staff set by hand."""
    return WorkCalendar(dict(CalendarDay.objects.values_list("day", "working")))
