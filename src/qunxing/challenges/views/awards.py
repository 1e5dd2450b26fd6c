"""Panel review, proposed award, public notice and what ends without an award: the pages of staff and officers."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import awarding, noticing, reviewing
from qunxing.challenges.fitness import Unfit, unfit
from qunxing.challenges.forms.deciding import NoticeForm, ProposeForm, ReviewAgainForm
from qunxing.challenges.models import Challenge, Notice, Proposal
from qunxing.challenges.models.boards import Mechanism
from qunxing.challenges.papers import award_paper, paper_response
from qunxing.challenges.reads import countdown, items_of, place_bars
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.objection import OPEN
from qunxing.challenges.states.proposal import ProposalState
from qunxing.challenges.views.checks import frame
from qunxing.challenges.views.entries import the_challenge
from qunxing.challenges.views.steps import done, form_page, posted, reason_of, today
from qunxing.core.calendars import work_calendar
from qunxing.ledger.edges import require
from qunxing.panels.queries import quorum
from qunxing.panels.states import PanelState

ENDS = frozenset(challenges.LIFE.named("no_award").sources)
AGAIN = frozenset(challenges.LIFE.named("review_again").sources)
NEXT = frozenset(challenges.LIFE.named("propose_next").sources)
SCORED = frozenset({PanelState.CLOSED, PanelState.SIGNED})


@require_safe
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """Every round of review with its panel, and which item is which bid."""
    challenge, context = frame(request, ref, "review")
    rounds = list(challenge.rounds.select_related("panel").order_by("-number"))
    context |= {
        "rounds": [
            {"round": one, "panel": one.panel, "items": items_of(one), "quorum": quorum(one.panel)} for one in rounds
        ],
        "may_begin": context["may_decide"] and challenge.state == ChallengeState.CHECKING,
        "may_propose": context["may_decide"]
        and challenge.state == ChallengeState.REVIEW
        and any(one.panel.state in SCORED and not one.superseded for one in rounds),
        "may_again": context["may_decide"] and challenge.state in AGAIN,
        "may_renew": context["may_decide"] and challenge.state == ChallengeState.REVIEW,
    }
    return render(request, "challenges/deciding/review.html", context)


def review_again(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    require(request.user, Permission.DECIDE_CHALLENGE, challenge)
    do = partial(reviewing.review_again, challenge, actor=request.user, day=today())
    back = reverse("challenges:review", args=[ref])
    form = ReviewAgainForm(posted(request))
    return form_page(request, form, do, title=_("Review again"), row=challenge, back=back)


@require_POST
def review_panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Another panel, where none could be formed or this one fell apart."""
    challenge = the_challenge(request, ref)
    reviewing.new_panel(challenge, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, _("Plan another panel"), reverse("challenges:review", args=[ref]))


def propose(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    require(request.user, Permission.DECIDE_CHALLENGE, challenge)
    do = partial(awarding.propose, challenge, actor=request.user, day=today())
    back = reverse("challenges:award", args=[ref])
    form = ProposeForm(posted(request), race=challenge.mechanism == Mechanism.RACE, initial={"winners": 1})
    return form_page(request, form, do, title=_("Propose the award"), row=challenge, back=back)


@require_safe
def award(request: HttpRequest, ref: str) -> HttpResponse:
    """The proposal that counts, with both orders, its notice, and the steps that are possible."""
    challenge, context = frame(request, ref, "award")
    proposals = list(challenge.proposals.select_related("round__panel"))
    current = next((one for one in proposals if one.state != ProposalState.OVERTURNED), None)
    notices = list(challenge.notices.order_by("-pk").prefetch_related("objections"))
    context |= {
        "proposal": current,
        "bars": bars(current),
        "past": [(one, bars(one)) for one in proposals if one is not current],
        "notices": [notice_words(one) for one in notices],
        "may_notice": context["may_decide"] and challenge.state == ChallengeState.PROPOSED,
        "may_award": context["may_confirm"] and challenge.state == ChallengeState.NOTICE and has_passed(notices),
        "may_again": context["may_decide"] and challenge.state in AGAIN,
        "may_next": context["may_decide"] and challenge.state in NEXT,
        "may_end": context["may_decide"] and challenge.state in ENDS,
    }
    context["unfit"] = unfit_now(current) if context["may_award"] else []
    return render(request, "challenges/deciding/award.html", context)


def unfit_now(proposal: Proposal | None) -> list[Unfit]:
    """What stands against the award today."""
    winners = awarding.winners_of(proposal) if proposal is not None else []
    return unfit([row.bid for row in winners], day=today())


def has_passed(notices: list[Notice]) -> bool:
    """Whether the notice that runs has run its days and every objection to it is answered."""
    running = [one for one in notices if one.state == NoticeState.RUNNING]
    waiting = [row for one in running for row in one.objections.all() if row.state in OPEN]
    return bool(running) and not waiting and all(today() > one.last_day for one in running)


@require_safe
def award_word(request: HttpRequest, ref: str) -> HttpResponse:
    """The proposal that counts, for the file."""
    challenge = the_challenge(request, ref)
    require(request.user, Permission.SEE_DECIDING, challenge)
    found = awarding.current_proposal(challenge)
    return paper_response(award_paper(found), f"{challenge.number or challenge.ref}-award")


def bars(proposal: Proposal | None) -> list[object]:
    if proposal is None:
        return []
    return list(place_bars(proposal.places.select_related("bid__organization", "bid__challenge")))


def notice_words(notice: Notice) -> dict[str, object]:
    rows = list(notice.objections.all())
    return {
        "notice": notice,
        "countdown": countdown(notice, today(), work_calendar()),
        "objections": rows,
        "waiting": sum(row.state in OPEN for row in rows),
    }


def notice_give(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    require(request.user, Permission.DECIDE_CHALLENGE, challenge)
    do = partial(noticing.give_notice, challenge, actor=request.user, day=today())
    back = reverse("challenges:award", args=[ref])
    return form_page(request, NoticeForm(posted(request)), do, title=_("Give public notice"), row=challenge, back=back)


@require_POST
def award_confirm(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    awarding.confirm_award(challenge, actor=request.user, day=today(), overrule=reason_of(request))
    return done(request, _("Confirm the award"), reverse("challenges:award", args=[ref]))


@require_POST
def award_next(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    require(request.user, Permission.DECIDE_CHALLENGE, challenge)
    awarding.propose_next(challenge, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, _("Propose the next"), reverse("challenges:award", args=[ref]))


@require_POST
def award_none(request: HttpRequest, ref: str) -> HttpResponse:
    challenge: Challenge = the_challenge(request, ref)
    awarding.end_without_award(challenge, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, _("End without an award"), challenge.get_absolute_url())
