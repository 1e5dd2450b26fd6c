"""The formal check of opened bids: what the program finds, what staff add, and the verdict."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.challenges import eligibility
from qunxing.challenges.actions.common import locked, require, take, tell
from qunxing.challenges.checkpoints import FAIL, PASS, UNKNOWN, Point, found_points, name_of
from qunxing.challenges.models import Bid, BidFinding, Challenge, FormalCheck
from qunxing.challenges.models.checks import Verdict
from qunxing.challenges.queries.bids import bids_of
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states import bid as bids
from qunxing.challenges.states.bid import UNDECIDED, BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason, told_reason
from qunxing.ledger.recording import recording

STEPS = {Verdict.ADMIT: "admit", Verdict.REFUSE: "refuse"}


def check(bid: Bid, *, actor: Any, day: date) -> FormalCheck:
    """Look anew at every point the program can judge; what staff judged by hand stays."""
    require(actor, Permission.CHECK_BID, bid)
    refuse_unless_checking(bid)
    return check_many([bid], actor=actor, day=day)[0]


def check_all(challenge: Challenge, *, actor: Any, day: date) -> list[FormalCheck]:
    """The same for every bid of the challenge that is not decided."""
    require(actor, Permission.CHECK_BID, challenge)
    if challenge.state != ChallengeState.CHECKING:
        raise Refused(_("The formal check of this challenge is over, or has not begun."), "", 409)
    rows = [*bids_of(challenge).filter(state=BidState.OPENED), *challenge.bids.filter(state=BidState.DAMAGED)]
    return check_many(rows, actor=actor, day=day)


def check_many(rows: Sequence[Bid], *, actor: Any, day: date) -> list[FormalCheck]:
    stored = {check.bid_id: check for check in FormalCheck.objects.filter(bid__in=rows)}
    with recording(actor=actor):
        found = eligibility.record([bid for bid in rows if bid.is_open], BidFinding.Stage.CHECK, day=day, actor=actor)
        points = [found_points(bid, found.get(bid.pk, ())) for bid in rows]
        return [keep_check(bid, stored.get(bid.pk), ones, actor=actor) for bid, ones in zip(rows, points, strict=True)]


def keep_check(bid: Bid, stored: FormalCheck | None, found: Sequence[Point], *, actor: Any) -> FormalCheck:
    """What was found, and what staff said of it before."""
    by_hand = [read_point(one) for one in stored.points if one["by_hand"]] if stored is not None else []
    points = merged(found, by_hand)
    if stored is None:
        return create(FormalCheck(bid=bid, points=points, demo=bid.demo), actor=actor)
    saved: FormalCheck = change(stored, actor=actor, values={"points": points})
    return saved


def read_point(stored: Mapping[str, Any]) -> Point:
    return Point(**{**stored, "told": tuple(stored["told"])})


def merged(found: Sequence[Point], by_hand: Sequence[Point]) -> list[dict[str, Any]]:
    """What staff said of a point takes the place of what the program found."""
    said = {point.code: point for point in by_hand}
    points = [said.pop(point.code, point) for point in found]
    return [point.as_json() for point in [*points, *said.values()]]


def judge(check: FormalCheck, *, actor: Any, code: str, state: str, detail: str) -> FormalCheck:
    """Settle a point by hand, with the reason; a point that failed by the program's word as well."""
    require(actor, Permission.CHECK_BID, check.bid)
    refuse_unless_checking(check.bid)
    detail = needed_reason(detail)
    if state not in (PASS, FAIL):
        raise Refused(_("A point passes or fails."), "", 422)
    if not check.bid.is_open:
        raise Refused(_("Nobody's word makes a bid what was received."), _("Bring it back from a copy."), 409)
    with recording(actor=actor, reason=detail):
        stored = locked(check)
        if code not in {one["code"] for one in stored.points}:
            raise Refused(_("There is no such point."), "", 404)
        points = [settled(one, code, state, detail) for one in stored.points]
        return change(stored, actor=actor, values={"points": points}, reason=detail)


def settled(point: Mapping[str, Any], code: str, state: str, detail: str) -> dict[str, Any]:
    if point["code"] != code:
        return dict(point)
    return {**point, "state": state, "detail": detail, "by_hand": True}


def decide_check(check: FormalCheck, *, actor: Any, day: date, verdict: str, reason: str = "") -> FormalCheck:
    """Admit the bid to review, or refuse it with the reason; admitted only when every point passed."""
    if verdict not in Verdict.values:
        raise Refused(_("A bid is admitted or refused."), "", 422)
    told = told_reason(reason)
    with recording(actor=actor, reason=told):
        bid, stored = locked(check.bid), locked(check)
        if verdict == Verdict.ADMIT:
            refuse_unless_passed(stored)
        take(bid, STEPS[Verdict(verdict)], bids.LIFE, actor=actor, reason=told)
        values = {"verdict": verdict, "reason": told, "decided_on": day}
        saved = change(stored, actor=actor, values=values, reason=told)
        failed = sum(one["state"] == FAIL for one in stored.points)
        tell("bid.checked", bid, {"verdict": verdict, "points": len(stored.points), "failed": failed})
    return saved


def refuse_unless_passed(check: FormalCheck) -> None:
    names = [str(name_of(one["code"])) for one in check.points if one["state"] in (FAIL, UNKNOWN)]
    if names:
        words = _("Not every point passed: %(points)s.") % {"points": "; ".join(names)}
        raise Refused(words, _("Settle them one by one."), 409)


def disqualify(bid: Bid, *, actor: Any, reason: str) -> Bid:
    """Take a bid out of the contest, with the reason."""
    with recording(actor=actor, reason=needed_reason(reason)):
        stored = locked(bid)
        take(stored, "disqualify", bids.LIFE, actor=actor, reason=reason)
        tell("bid.disqualified", stored, {})
    return stored


def refuse_unless_checking(bid: Bid) -> None:
    if bid.challenge.state != ChallengeState.CHECKING or bid.state not in UNDECIDED:
        raise Refused(_("The formal check of this bid is over, or has not begun."), "", 409)


def admitted(challenge: Challenge) -> list[Bid]:
    """The bids that take part in the review, in the order of their numbers."""
    return list(challenge.bids.filter(state=BidState.ADMITTED).select_related("organization").order_by("number", "pk"))
