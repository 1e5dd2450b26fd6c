"""Invitations to answer, gates to decide and confirm, merges to agree to, races to start and to close."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges import clock
from qunxing.challenges.duties.common import writes_for_any
from qunxing.challenges.states.contract import OVER as CONTRACT_OVER
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.objection import OPEN
from qunxing.core.calendars import work_calendar
from qunxing.core.duties import Duty, duty_of
from qunxing.races.models import GateReport, Lane, LaneDecision, Race, Stage
from qunxing.races.models.reports import Funding
from qunxing.races.states.lane import LaneState
from qunxing.races.states.race import RaceState
from qunxing.races.states.report import ReportState
from qunxing.races.states.stage import CURRENT, StageState


def invitations(user: Any, _today: date) -> Iterator[Duty]:
    """For the team, once the race is published."""
    rows = Lane.objects.filter(state=LaneState.INVITED, race__state=RaceState.PUBLISHED)
    for row in rows.filter(organization__in=writes_for_any(user)).select_related("race").order_by("pk"):
        yield duty_of(row, "answer", _("Answer the invitation to the race"), row.race)


def races_to_start(user: Any, today: date) -> Iterator[Duty]:
    """For staff: those whose first window is near, and those that only wait for the end of entry."""
    if not staff(user):
        return
    first = Stage.objects.filter(race__state=RaceState.PUBLISHED, order=1, state=StageState.PLANNED)
    for row in first.select_related("race").order_by("opens_at", "pk"):
        race = row.race
        if race.enter_until is not None and today <= race.enter_until:
            continue
        due = timezone.localdate(row.opens_at) if row.opens_at is not None else None
        yield duty_of(race, "start", _("Start the race"), race, due=due)


def gates_to_decide(user: Any, today: date) -> Iterator[Duty]:
    """For staff, once the window has closed."""
    if not staff(user):
        return
    closed = Q(closes_at__date__lt=today) | Q(closes_at__date=today, closes_at__lt=clock.now())
    over = Stage.objects.filter(closed, state__in=CURRENT).select_related("race")
    for row in over.exclude(reports__state__in=[ReportState.DRAFT, ReportState.NOTICE]).order_by("closes_at", "pk"):
        yield duty_of(row, "report", _("Decide the gate"), f"{row.race} · {row}", url=row.race.get_absolute_url())


def reports_waiting(user: Any, today: date) -> Iterator[Duty]:
    """For staff the report and its notice; for staff and officers the confirmation on the working day after."""
    if not oversight(user):
        return
    waiting = Count("notice__objections", filter=Q(notice__objections__state__in=OPEN))
    found = GateReport.objects.filter(state__in=[ReportState.DRAFT, ReportState.NOTICE]).annotate(waiting=waiting)
    rows = list(found.select_related("stage__race", "notice").order_by("pk"))
    calendar = work_calendar() if rows else None
    for row in rows:
        if row.notice is None:
            if staff(user):
                yield duty_of(row, "notice", _("Decide the lanes and give public notice"), row)
        elif row.notice.state == NoticeState.SUSPENDED:
            if staff(user) and not row.waiting:
                yield duty_of(row, "suspended", _("Decide how the suspended gate goes on"), row)
        elif calendar is not None and today > row.notice.last_day and not row.waiting:
            by = calendar.add_working_days(row.notice.last_day, 1).day
            yield duty_of(row, "confirm", _("Confirm what the gate decided"), row, due=by)


def merges(user: Any, _today: date) -> Iterator[Duty]:
    """For each of the two teams that has not agreed."""
    mine = writes_for_any(user)
    own = Q(lane__organization__in=mine, agreed_on__isnull=True)
    other = Q(into__organization__in=mine, into_agreed_on__isnull=True)
    rows = LaneDecision.objects.filter(own | other, follows=Funding.MERGE, report__state=ReportState.DRAFT)
    for row in rows.select_related("lane", "into", "report").order_by("pk"):
        lane = row.lane if row.lane.organization_id in mine else row.into
        yield duty_of(
            row, "agree", _("Agree to the merge, or not"), f"{row.lane} – {row.into}", url=lane.get_absolute_url()
        )


def races_to_close(user: Any, _today: date) -> Iterator[Duty]:
    """For staff: what was awarded is over."""
    if not staff(user):
        return
    going = Q(lanes__state=LaneState.WINNER, lanes__contract__isnull=False) & ~Q(
        lanes__contract__state__in=CONTRACT_OVER
    )
    rows = Race.objects.filter(state=RaceState.AWARDED).annotate(going=Count("lanes", filter=going))
    for row in rows.filter(going=0).order_by("pk"):
        yield duty_of(row, "close", _("Close the race"), row)


DUTIES = (invitations, races_to_start, gates_to_decide, reports_waiting, merges, races_to_close)
