"""From the formal check to the award: what staff have to do next, and what officers may confirm."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.models import Challenge, Notice, Objection
from qunxing.challenges.states.bid import UNDECIDED, BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.notice import LIVE, NoticeState
from qunxing.challenges.states.objection import OPEN
from qunxing.core.calendars import work_calendar
from qunxing.core.duties import Duty, duty_of
from qunxing.panels.states import PanelState

S = ChallengeState


def page(name: str, challenge: Challenge) -> str:
    """The address of a page about the challenge."""
    return reverse(f"challenges:{name}", args=[challenge.ref])


def bids_to_check(user: Any, _today: date) -> Iterator[Duty]:
    """Bids whose formal check is not decided; once all are, the review is to begin."""
    if not staff(user):
        return
    left = Count("bids", filter=Q(bids__state__in=UNDECIDED))
    admitted = Count("bids", filter=Q(bids__state=BidState.ADMITTED))
    for row in Challenge.objects.filter(state=S.CHECKING).annotate(left=left, admitted=admitted).order_by("pk"):
        url = page("check-list", row)
        if row.left:
            yield duty_of(row, "check", _("Check the opened bids"), row, url=url)
        elif row.admitted:
            yield duty_of(row, "review", _("Begin the panel review"), row, url=url)
        else:
            title = _("End the challenge without an award: no bid is admitted")
            yield duty_of(row, "no_award", title, row, url=page("award", row))


def awards_to_propose(user: Any, _today: date) -> Iterator[Duty]:
    if not staff(user):
        return
    closed = [PanelState.CLOSED, PanelState.SIGNED]
    judged = Challenge.objects.filter(state=S.REVIEW, rounds__superseded=False, rounds__panel__state__in=closed)
    for row in judged.distinct().order_by("pk"):
        yield duty_of(row, "propose", _("Propose the award"), row, url=page("award", row))
    for row in Challenge.objects.filter(state=S.PROPOSED).order_by("pk"):
        yield duty_of(row, "notice", _("Give public notice of the proposed award"), row, url=page("award", row))


def notices_ending(user: Any, today: date) -> Iterator[Duty]:
    """For staff while one runs; for staff and officers the confirmation of the award on the working day after."""
    if not oversight(user):
        return
    waiting = Count("objections", filter=Q(objections__state__in=OPEN))
    rows = list(
        Notice.objects.filter(state__in=LIVE, proposal__isnull=False)
        .select_related("challenge")
        .annotate(waiting=waiting)
        .order_by("pk")
    )
    calendar = work_calendar() if rows else None
    for row in rows:
        found = row.challenge
        if row.state == NoticeState.SUSPENDED:
            if staff(user) and not row.waiting:
                yield duty_of(
                    row, "suspended", _("Decide how the suspended award goes on"), found, url=page("award", found)
                )
        elif calendar is not None and today > row.last_day:
            by = calendar.add_working_days(row.last_day, 1).day
            if not row.waiting:
                yield duty_of(row, "confirm", _("Confirm the award"), found, due=by, url=page("award", found))
        elif staff(user):
            yield duty_of(row, "ends", _("The public notice ends"), found, due=row.last_day)


def objections_to_answer(user: Any, _today: date) -> Iterator[Duty]:
    rows = Objection.objects.filter(state__in=OPEN).select_related("notice").order_by("reply_by", "pk")
    for row in rows if staff(user) else ():
        yield duty_of(row, "answer", _("Answer the objection"), row.notice, due=row.reply_by)


DUTIES = (bids_to_check, awards_to_propose, notices_ending, objections_to_answer)
