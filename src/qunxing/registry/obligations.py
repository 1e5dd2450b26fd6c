"""What the filer of a service owes, and by when: data and a pure function.

Periods: 互联网信息服务算法推荐管理规定 §24 (file), §25 (change, cancel), §26 (show the number); a city or a later rule
may set others, so that they are parameters with defaults.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.workdays import Deadline, WorkCalendar
from qunxing.registry.states import IN_FORCE, State


class Duty(TextChoices):
    FILE = "file", _("file the service")
    CHANGE = "change", _("report the change")
    CANCEL = "cancel", _("cancel the filing")
    SHOW = "show", _("show name and number")
    RELY = "rely", _("name another filed model")


BASIS: Final[dict[str, Text]] = {
    Duty.FILE: _("within %(days)s working days of going live"),
    Duty.CHANGE: _("within %(days)s working days of the change"),
    Duty.CANCEL: _("within %(days)s working days of the end of the service"),
    Duty.SHOW: _("from the day the service is live and filed"),
    Duty.RELY: _("from the day the filing it relied on ended"),
}
# Filed neither yet nor any more: a service that is live in one of these owes a filing.
UNFILED = (State.PREPARING, State.REJECTED)


@dataclass(frozen=True)
class Terms:
    """Working days allowed for each step."""

    file_within: int = 10
    change_within: int = 10
    cancel_within: int = 20


TERMS: Final = Terms()


@dataclass(frozen=True)
class Service:
    """What the obligations of one filing follow from; `reliance_ended_on` is the day its relied-on filing ended."""

    state: str
    went_live_on: date | None = None
    shown_since: date | None = None
    altered_on: date | None = None
    ended_on: date | None = None
    granted_on: date | None = None
    reliance_ended_on: date | None = None

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def live(self) -> bool:
        return self.went_live_on is not None and self.ended_on is None


@dataclass(frozen=True)
class Due:
    """One obligation: since when it is owed, and the last day on which it is kept in time."""

    duty: Duty
    since: date
    deadline: Deadline
    days: int = 0

    @property
    def basis(self) -> str:
        return str(BASIS[self.duty]) % {"days": self.days}


def obligations(service: Service, *, calendar: WorkCalendar, terms: Terms = TERMS) -> list[Due]:
    """Everything the service owes and has not done, the nearest deadline first."""
    return sorted(owed(service, calendar, terms), key=lambda due: due.deadline.day)


def owed(service: Service, calendar: WorkCalendar, terms: Terms) -> Iterator[Due]:
    if service.live and service.went_live_on is not None and service.state in UNFILED:
        yield within(Duty.FILE, service.went_live_on, terms.file_within, calendar)
    if not service.in_force:
        return
    if service.altered_on is not None:
        yield within(Duty.CHANGE, service.altered_on, terms.change_within, calendar)
    if service.ended_on is not None:
        yield within(Duty.CANCEL, service.ended_on, terms.cancel_within, calendar)
        return
    if service.went_live_on is not None and service.shown_since is None:
        yield at_once(Duty.SHOW, max(service.went_live_on, service.granted_on or service.went_live_on))
    if service.reliance_ended_on is not None:
        yield at_once(Duty.RELY, service.reliance_ended_on)


def within(duty: Duty, since: date, days: int, calendar: WorkCalendar) -> Due:
    """The period begins on the day after the event."""
    return Due(duty, since, calendar.add_working_days(since, days), days)


def at_once(duty: Duty, since: date) -> Due:
    return Due(duty, since, Deadline(since))
