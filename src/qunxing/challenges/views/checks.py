"""The formal check: the table of a challenge's bids, and one bid point by point."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import checking, reviewing
from qunxing.challenges.forms.deciding import JudgeForm
from qunxing.challenges.models import Bid, Challenge, FormalCheck
from qunxing.challenges.models.checks import Verdict
from qunxing.challenges.queries.boards import way_of_challenge
from qunxing.challenges.reads import check_rows, shown_points, tabs_of
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states.bid import LIVE, UNDECIDED, BidState
from qunxing.challenges.states.challenge import SEALED, ChallengeState
from qunxing.challenges.views.bids import the_bid
from qunxing.challenges.views.entries import the_challenge
from qunxing.challenges.views.steps import done, reason_of, today
from qunxing.core.errors import Refused
from qunxing.ledger.edges import require


def frame(request: HttpRequest, ref: str, here: str) -> tuple[Challenge, dict[str, Any]]:
    """The challenge and what all its pages after the opening show; for staff and officers."""
    challenge = the_challenge(request, ref)
    user: Any = request.user
    require(user, Permission.SEE_DECIDING, challenge)
    if challenge.state in SEALED:
        raise Refused(_("The bids of this challenge are sealed."), _("Come back after the opening."), 409)
    names = (
        ("check-list", _("Formal check")),
        ("review", _("Panel review")),
        ("award", _("Award and notice")),
        ("contracts", _("Contracts and archive")),
    )
    return challenge, {
        "challenge": challenge,
        "steps": way_of_challenge(challenge),
        "tabs": tabs_of(challenge, here, names),
        "may_decide": user.has_perm(Permission.DECIDE_CHALLENGE, challenge),
        "may_confirm": user.has_perm(Permission.CONFIRM_AWARD, challenge),
        "state": challenge.state,
    }


@require_safe
def check_list(request: HttpRequest, ref: str) -> HttpResponse:
    challenge, context = frame(request, ref, "check-list")
    rows = check_rows(challenge)
    context |= {
        "rows": rows,
        "checking": challenge.state == ChallengeState.CHECKING,
        "unchecked": sum(row.check is None for row in rows),
        "ready": sum(row.ready for row in rows),
        "undecided": sum(row.undecided for row in rows),
        "aside": sum(row.bid.state == BidState.DAMAGED for row in rows),
        "admitted": sum(row.bid.state == BidState.ADMITTED for row in rows),
    }
    return render(request, "challenges/deciding/check_list.html", context)


@require_POST
def check_run(request: HttpRequest, ref: str) -> HttpResponse:
    """Look at every bid that is not decided, anew."""
    challenge = the_challenge(request, ref)
    require(request.user, Permission.CHECK_BID, challenge)
    checking.check_all(challenge, actor=request.user, day=today())
    return done(request, _("Formal check"), reverse("challenges:check-list", args=[ref]))


@require_POST
def check_admit(request: HttpRequest, ref: str) -> HttpResponse:
    """Admit every bid all of whose points have passed."""
    challenge = the_challenge(request, ref)
    require(request.user, Permission.CHECK_BID, challenge)
    for row in check_rows(challenge):
        if row.ready and row.check is not None and row.bid.state == BidState.OPENED:
            checking.decide_check(row.check, actor=request.user, day=today(), verdict=Verdict.ADMIT)
    return done(request, _("Admit what has passed"), reverse("challenges:check-list", args=[ref]))


def the_check(request: HttpRequest, ref: str) -> tuple[Bid, FormalCheck | None]:
    bid = the_bid(request, ref)
    rows = FormalCheck.objects.visible_to(request.user).filter(bid=bid).select_related("bid__challenge__board")
    return bid, rows.first()


@require_safe
def check_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One bid's check; its bidder reads it once it is decided."""
    bid, check = the_check(request, ref)
    may_check = request.user.has_perm(Permission.CHECK_BID, bid)
    if check is None:
        require(request.user, Permission.SEE_DECIDING, bid.challenge)
    open_check = bid.challenge.state == ChallengeState.CHECKING and bid.state in UNDECIDED
    points = shown_points(check)
    context = {
        "bid": bid,
        "check": check,
        "points": points,
        "open": open_check and may_check,
        "form": JudgeForm(),
        "clear": bool(points) and all(point.state == "pass" for point in points),
        "disqualify": may_check and bid.state in LIVE and not open_check,
        "oversees": request.user.has_perm(Permission.SEE_DECIDING, bid.challenge),
    }
    return render(request, "challenges/deciding/check.html", context)


@require_POST
def check_judge(request: HttpRequest, ref: str) -> HttpResponse:
    bid, check = the_check(request, ref)
    require(request.user, Permission.CHECK_BID, bid)
    if check is None:
        raise Refused(_("Run the check first."), "", 409)
    form = JudgeForm(request.POST)
    back = reverse("challenges:check-detail", args=[ref])
    if not form.is_valid():
        raise Refused(_("Say whether the point passes, and why."), "", 422)
    checking.judge(check, actor=request.user, **form.cleaned_data)
    return redirect(back)


@require_POST
def check_decide(request: HttpRequest, ref: str, verdict: str) -> HttpResponse:
    bid, check = the_check(request, ref)
    require(request.user, Permission.CHECK_BID, bid)
    if check is None:
        check = checking.check(bid, actor=request.user, day=today())
    checking.decide_check(check, actor=request.user, day=today(), verdict=verdict, reason=reason_of(request))
    return done(request, _("Formal check"), reverse("challenges:check-detail", args=[ref]))


@require_POST
def bid_disqualify(request: HttpRequest, ref: str) -> HttpResponse:
    bid = the_bid(request, ref)
    checking.disqualify(bid, actor=request.user, reason=reason_of(request))
    return done(request, _("Disqualify"), reverse("challenges:check-detail", args=[ref]))


@require_POST
def review_begin(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    reviewing.begin_review(challenge, actor=request.user, day=today())
    return done(request, _("Begin the panel review"), reverse("challenges:review", args=[ref]))
