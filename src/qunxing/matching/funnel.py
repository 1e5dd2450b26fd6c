"""How far invitations came, and which of them nobody answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count
from django.utils.translation import gettext as _

from qunxing.core.calendars import work_calendar
from qunxing.core.formats import show_isoday
from qunxing.matching.models import Invitation
from qunxing.matching.states import STOPS, State

# Working days after which an invitation without an answer is called silent.
SILENT_AFTER: Final = 5


def reached(rows: Any) -> list[tuple[State, int]]:
    """(stop, how many invitations reached it) over these rows; one query."""
    counted = rows.order_by().aggregate(**{stop.value: Count(column) for stop, column in STOPS.items()})
    return [(stop, counted[stop.value]) for stop in STOPS]


def funnel_chart(rows: Any, day: date) -> dict[str, Any] | None:
    """The funnel as a chart; None where nobody was invited."""
    found = reached(rows)
    if not any(number for _stop, number in found):
        return None
    return {
        "type": "bar",
        "across": True,
        "whole": True,
        "title": _("How far invitations came"),
        "note": _("From the ledger, as of %(day)s") % {"day": show_isoday(day)},
        "labels": [str(stop.label) for stop, _number in found],
        "series": [{"name": _("Invitations"), "data": [number for _stop, number in found]}],
    }


@dataclass(frozen=True)
class Silent:
    """An invitation without an answer, and since when one is due."""

    invitation: Invitation
    due: date
    days_late: int


def silent_invitations(user: Any, today: date) -> list[Silent]:
    """Invitations the user may see whose answer is overdue, the longest first."""
    rows = Invitation.objects.visible_to(user).filter(state=State.INVITED).select_related("scenario", "organization")
    found = [silent(row, due, today) for row, due in with_due(rows)]
    return sorted((one for one in found if one.days_late > 0), key=lambda one: (one.due, one.invitation.pk))


def with_due(rows: Iterable[Invitation]) -> list[tuple[Invitation, date]]:
    calendar = work_calendar()
    return [(row, row.answer_by or calendar.add_working_days(row.invited_on, SILENT_AFTER).day) for row in rows]


def silent(row: Invitation, due: date, today: date) -> Silent:
    return Silent(row, due, (today - due).days)
