"""Needs to be judged, questions to be answered, lists to be opened, concluded and archived."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.actions.opening import SECOND_WITHIN
from qunxing.challenges.duties.common import day_of, writes_for_any
from qunxing.challenges.models import Challenge, ChallengeList, Need, NeedAppraisal, Opening, Question
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.call import NeedState
from qunxing.challenges.states.challenge import OUTCOMES, OVER
from qunxing.challenges.states.question import QuestionState
from qunxing.core.duties import Duty, duty_of

ONE_DAY = timedelta(days=1)


def needs_to_judge(user: Any, _today: date) -> Iterator[Duty]:
    if not staff(user):
        return
    asked, given = Count("appraisals"), Count("appraisals", filter=Q(appraisals__given_on__isnull=False))
    rows = Need.objects.filter(state__in=[NeedState.SUBMITTED, NeedState.IN_APPRAISAL])
    for row in rows.annotate(asked=asked, given=given).order_by("pk"):
        if row.state == NeedState.SUBMITTED:
            yield duty_of(row, "take_up", _("Begin the appraisal of the need"), row)
        elif not row.asked:
            yield duty_of(row, "ask", _("Ask experts to appraise the need"), row)
        elif row.asked == row.given:
            yield duty_of(row, "judge", _("Judge the need"), row)


def needs_to_appraise(user: Any, _today: date) -> Iterator[Duty]:
    rows = NeedAppraisal.objects.filter(by=user.pk, given_on__isnull=True, need__state=NeedState.IN_APPRAISAL)
    for row in rows.select_related("need").order_by("pk"):
        url = reverse("challenges:appraisal", args=[row.ref])
        yield duty_of(row, "appraise", _("Appraise the need"), row.need, due=row.due_on, url=url)


def questions_to_answer(user: Any, _today: date) -> Iterator[Duty]:
    """For the issuer who was asked, and for staff; the last day is that of the bids."""
    rows = Question.objects.filter(state=QuestionState.ASKED, board__state=ListState.PUBLISHED)
    if not staff(user):
        rows = rows.filter(challenge__issuer__in=writes_for_any(user))
    for row in rows.select_related("board").order_by("pk"):
        yield duty_of(row, "answer", _("Answer the question"), row, due=day_of(row.board.deadline))


def lists_to_open(user: Any, today: date) -> Iterator[Duty]:
    """For the two kinds of user that it takes: to begin the opening, and to confirm what the other one began."""
    if not oversight(user):
        return
    over = Q(state=ListState.CLOSED) | Q(state=ListState.PUBLISHED, deadline__date__lt=today)
    boards = [row for row in ChallengeList.objects.filter(over) if user.kind in row.rules.opening.roles]
    begun = Opening.objects.filter(board__in=boards, second__isnull=True, first_at__date__gte=today)
    waiting = {row.board_id: row for row in begun.select_related("first").order_by("pk")}
    for board in boards:
        first, url = waiting.get(board.pk), reverse("challenges:opening", args=[board.ref])
        if first is None:
            by = day_of(board.deadline) + ONE_DAY
            yield duty_of(board, "open", _("Open the bids with a second person"), board, due=by, url=url)
        elif first.first.kind != user.kind:
            until = first.first_at + SECOND_WITHIN
            title = _("Give the second key to the opening")
            yield duty_of(board, "second", title, board, due=day_of(until), at=until, url=url)


def lists_to_conclude(user: Any, _today: date) -> Iterator[Duty]:
    if not staff(user):
        return
    running = Challenge.objects.exclude(state__in=OVER).values("board")
    for row in ChallengeList.objects.filter(state=ListState.OPENED).exclude(pk__in=running).order_by("pk"):
        yield duty_of(row, "conclude", _("Conclude the list"), row)


def challenges_to_archive(user: Any, _today: date) -> Iterator[Duty]:
    rows = Challenge.objects.filter(state__in=OUTCOMES, number__isnull=False)
    for row in rows.order_by("pk") if staff(user) else ():
        url = reverse("challenges:contracts", args=[row.ref])
        yield duty_of(row, "archive", _("Archive the challenge"), row, url=url)


DUTIES = (
    needs_to_judge,
    needs_to_appraise,
    questions_to_answer,
    lists_to_open,
    lists_to_conclude,
    challenges_to_archive,
)
