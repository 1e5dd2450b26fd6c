"""What falls due, for whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from qunxing.accounts.rules import oversight
from qunxing.core.calendars import work_calendar
from qunxing.registry.models import Filing, FilingStep
from qunxing.registry.models.reach import own_filings
from qunxing.registry.obligations import TERMS, UNFILED, Due, Service, Terms, obligations
from qunxing.registry.rules import Permission
from qunxing.registry.states import ENDED, IN_FORCE


@dataclass(frozen=True)
class DueItem:
    """One obligation of one filing, as seen on a day."""

    filing: Filing
    due: Due
    today: date

    @property
    def day(self) -> date:
        return self.due.deadline.day

    @property
    def days_left(self) -> int:
        """Calendar days until the last day; negative when it has passed."""
        return (self.day - self.today).days

    @property
    def days_late(self) -> int:
        return max(-self.days_left, 0)

    @property
    def url(self) -> str:
        return self.filing.get_absolute_url()


def due_items(user: Any, today: date, *, terms: Terms = TERMS) -> list[DueItem]:
    """What the user has to see to, the most pressing first: staff and officers all of it, members their own.

    A constant number of queries; none for whoever has nothing to see to.
    """
    if not user.has_perm(Permission.SEE_DUE):
        return []
    rows = Filing.objects.visible_to(user)
    if not oversight(user):
        rows = rows.filter(own_filings(user))
    return items_of(watched(rows), today, terms)


def due_of(filing: Filing, today: date, *, terms: Terms = TERMS) -> list[DueItem]:
    """The obligations of one filing."""
    return items_of([filing], today, terms)


def watched(rows: QuerySet[Filing]) -> list[Filing]:
    """Those of the rows that may owe something; each part is found by an index of its own."""
    live = Q(went_live_on__isnull=False, ended_on__isnull=True)
    unshown = Q(state__in=IN_FORCE, shown_since__isnull=True)
    parts = (
        rows.filter(live & (Q(state__in=UNFILED) | unshown)),
        rows.filter(altered_on__isnull=False, state__in=IN_FORCE),
        rows.filter(ended_on__isnull=False, state__in=IN_FORCE),
        rows.filter(relies_on__in=ended_reliance(), state__in=IN_FORCE, ended_on__isnull=True),
    )
    keys = {key for part in parts for key in part.order_by().values_list("pk", flat=True)}
    return list(Filing.objects.select_related("organization", "relies_on").in_bulk(keys).values())


def ended_reliance() -> QuerySet[Filing, Any]:
    """Keys of the filings that others rely on and that have ended; found from those others, who are few."""
    relied_on = Filing.objects.filter(relies_on__isnull=False).order_by().values("relies_on")
    return Filing.objects.filter(pk__in=relied_on, state__in=ENDED).order_by().values("pk")


def items_of(filings: Sequence[Filing], today: date, terms: Terms) -> list[DueItem]:
    ends = reliance_ends(filings)
    calendar = work_calendar()
    items = [
        DueItem(filing, due, today)
        for filing in filings
        for due in obligations(service_of(filing, ends), calendar=calendar, terms=terms)
    ]
    return sorted(items, key=lambda item: (item.day, item.filing.pk))


def service_of(filing: Filing, ends: dict[int, date]) -> Service:
    return Service(
        state=filing.state,
        went_live_on=filing.went_live_on,
        shown_since=filing.shown_since,
        altered_on=filing.altered_on,
        ended_on=filing.ended_on,
        granted_on=filing.granted_on,
        reliance_ended_on=ends.get(filing.relies_on_id or 0),
    )


def reliance_ends(filings: Sequence[Filing]) -> dict[int, date]:
    """{filing that others of these rely on: the day it ended}; the day it was written down where no step tells."""
    relied = [filing.relies_on for filing in filings if filing.relies_on is not None]
    ended = {row.pk: row for row in relied if row.state in ENDED}
    if not ended:
        return {}
    steps = FilingStep.objects.filter(filing__in=ended, state__in=ENDED).order_by()
    days = dict(steps.values("filing").annotate(last=Max("day")).values_list("filing", "last"))
    return {pk: days.get(pk) or timezone.localdate(row.updated_at) for pk, row in ended.items()}


@dataclass(frozen=True)
class DueByTime:
    """The items apart by how soon; `week_end` is the Sunday of the present week."""

    overdue: list[DueItem]
    this_week: list[DueItem]
    later: list[DueItem]
    week_end: date

    @property
    def total(self) -> int:
        return len(self.overdue) + len(self.this_week) + len(self.later)

    @property
    def uncertain(self) -> bool:
        """Whether any day rests on holidays that are not published yet."""
        return any(not item.due.deadline.certain for item in [*self.overdue, *self.this_week, *self.later])


def due_by_time(items: Sequence[DueItem], today: date) -> DueByTime:
    week_end = today + timedelta(days=6 - today.weekday())
    return DueByTime(
        overdue=[item for item in items if item.day < today],
        this_week=[item for item in items if today <= item.day <= week_end],
        later=[item for item in items if item.day > week_end],
        week_end=week_end,
    )
