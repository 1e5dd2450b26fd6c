"""The proposed award out of the panel's standings, its confirmation, and what ends without one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges import eligibility
from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.actions.contracting import draft
from qunxing.challenges.actions.reviewing import current_round, overturn
from qunxing.challenges.bidfacts import grant_of
from qunxing.challenges.fitness import unfit
from qunxing.challenges.models import Bid, BidFinding, Challenge, Notice, Place, Proposal, ReviewItem, ReviewRound
from qunxing.challenges.models.awards import Standing
from qunxing.challenges.models.boards import Mechanism
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states import bid as bids
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states import proposal as proposals
from qunxing.challenges.states.bid import UNDECIDED, BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import OVER
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.objection import OPEN
from qunxing.challenges.states.proposal import ProposalState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, create
from qunxing.ledger.reasons import needed_reason, told_reason
from qunxing.ledger.recording import recording
from qunxing.panels.queries import StandingRow, standings
from qunxing.panels.states import PanelState

DONE = frozenset({PanelState.CLOSED, PanelState.SIGNED})
MOST_WINNERS = 5
COLUMNS = ("raw_rank", "calibrated", "low", "high", "calibrated_rank", "band", "disagreement")


def propose(challenge: Challenge, *, actor: Any, day: date, winners: int = 1, reason: str = "") -> Proposal:
    """Propose the first by the rule that decides; the others stand by in their order.

    Refused while the panel scores. Several winners are for races only.
    """
    with recording(actor=actor, reason=told_reason(reason)):
        stored = locked(challenge)
        round_ = current_round(stored)
        check_ready(stored, round_, winners)
        ranked = ranked_bids(round_)
        if len(ranked) < winners:
            raise Refused(_("Fewer bids were ranked than are to be awarded."), "", 409)
        take(stored, "propose", challenges.LIFE, actor=actor, reason=reason)
        made = make_proposal(stored, round_, actor=actor, day=day, reason=reason)
        rows = [place_row(made, place, bid, row, winners) for place, (bid, row) in enumerate(ranked, start=1)]
        keep_places(made, rows)
        ask_again(rows, actor=actor, day=day)
    challenge.refresh_from_db()
    return made


def ask_again(rows: Sequence[Place], *, actor: Any, day: date) -> None:
    """Ask the rules of eligibility again of those who are proposed; what fails is shown beside them."""
    winners = [row.bid for row in rows if row.standing == Standing.WINNER]
    eligibility.record(winners, BidFinding.Stage.AWARD, day=day, actor=actor)


def check_ready(challenge: Challenge, round_: ReviewRound, winners: int) -> None:
    most = MOST_WINNERS if challenge.mechanism == Mechanism.RACE else 1
    if not 1 <= winners <= most:
        raise Refused(_("Between 1 and %(most)s bids are awarded.") % {"most": most}, "", 422)
    if round_.panel.state not in DONE:
        raise Refused(_("The panel has not closed its scoring."), _("Close the scoring first."), 409)


def ranked_bids(round_: ReviewRound) -> list[tuple[Bid, StandingRow]]:
    """The bids still in the contest, in the order that decides."""
    rows = ReviewItem.objects.filter(round=round_, bid__state=BidState.ADMITTED)
    by_item = {row.item_id: row.bid for row in rows.select_related("bid__organization", "bid__challenge__board")}
    found = [(by_item[row.item.pk], row) for row in standings(round_.panel) if row.item.pk in by_item]
    return [(bid, row) for bid, row in found if row.place is not None]


def make_proposal(challenge: Challenge, round_: ReviewRound, *, actor: Any, day: date, reason: str) -> Proposal:
    return create(
        Proposal(
            challenge=challenge,
            round=round_,
            number=challenge.proposals.count() + 1,
            decides=round_.panel.marking.decides,
            made_on=day,
            reason=told_reason(reason),
            result_digest=round_.panel.result_digest,
            demo=challenge.demo,
        ),
        actor=actor,
    )


def place_row(proposal: Proposal, place: int, bid: Bid, row: StandingRow, winners: int) -> Place:
    """A bid's place as the panel left it."""
    trimmed = proposal.round.panel.marking.mean == "trimmed" and row.standing.trimmed_mean is not None
    made = Place(
        proposal=proposal,
        bid=bid,
        place=place,
        standing=Standing.WINNER if place <= winners else Standing.RESERVE,
        money=grant_of(bid, proposal.challenge, proposal.challenge.board.rules),
        raw=row.standing.trimmed_mean if trimmed else row.standing.raw_mean,
        demo=bid.demo,
        **{name: getattr(row.standing, name) for name in COLUMNS},
    )
    made.derive()
    return made


def keep_places(proposal: Proposal, rows: Sequence[Place]) -> None:
    add_many(list(rows))
    for row in rows:
        if row.standing == Standing.WINNER:
            follow(row.bid, "propose", bids.LIFE)
    facts = {
        "number": proposal.number,
        "decides": proposal.decides,
        "result": proposal.result_digest,
        "order": [row.bid.ref for row in rows],
        "proposed": [row.bid.ref for row in rows if row.standing == Standing.WINNER],
    }
    tell("challenge.award_proposed", proposal.challenge, facts)


def current_proposal(challenge: Challenge) -> Proposal:
    """The proposal that counts; Refused when there is none."""
    found: Proposal | None = challenge.proposals.exclude(state=ProposalState.OVERTURNED).first()
    if found is None:
        raise Refused(_("No award is proposed."), "", 409)
    return found


def confirm_award(challenge: Challenge, *, actor: Any, day: date, overrule: str = "") -> Proposal:
    """Award what was proposed once the notice has passed and no objection is open; drafts the contracts.

    Refused where a rule of eligibility fails that day, unless staff overrule it with a reason.
    """
    require(actor, Permission.CONFIRM_AWARD, challenge)
    overrule = told_reason(overrule)
    with recording(actor=actor, reason=overrule):
        stored = locked(challenge)
        proposal = current_proposal(stored)
        notice = proposal.notices.filter(state=NoticeState.RUNNING).first()
        if stored.state == ChallengeState.NOTICE and notice is not None:
            check_passed(notice, day)
        take(stored, "award", challenges.LIFE, actor=actor)
        winners = winners_of(proposal)
        check_fit(stored, [row.bid for row in winners], overrule, actor=actor, day=day)
        if notice is not None:
            follow(notice, "pass", notices.LIFE)
        follow(proposal, "confirm", proposals.LIFE)
        for row in winners:
            follow(row.bid, "award", bids.LIFE)
            draft(row, actor=actor, day=day)
        tell("challenge.awarded", stored, {"proposal": proposal.number})
    challenge.refresh_from_db()
    return proposal


def winners_of(proposal: Proposal) -> list[Place]:
    rows = proposal.places.filter(standing=Standing.WINNER)
    return list(rows.select_related("bid__organization", "bid__challenge__board", "bid__challenge__issuer"))


def check_fit(challenge: Challenge, winners: Sequence[Bid], overrule: str, *, actor: Any, day: date) -> None:
    """Ask the rules of eligibility once more; Refused with what fails, unless staff say why it may be awarded."""
    found = unfit(winners, day=day)
    if found and not overrule:
        raise Refused(
            _("A rule of eligibility fails now: %(rules)s.") % {"rules": "; ".join(map(str, found))},
            _("Suspend the notice and propose the next, or let staff overrule it with a reason."),
            409,
        )
    eligibility.record(winners, BidFinding.Stage.AWARD, day=day, actor=actor)
    if found:
        require(actor, Permission.DECIDE_CHALLENGE, challenge)
        facts = {"bids": sorted({one.bid.ref for one in found}), "rules": sorted({one.code for one in found})}
        tell("challenge.eligibility_overruled", challenge, {**facts, "reason": overrule})


def check_passed(notice: Notice, day: date) -> None:
    """Refused while the notice runs or an objection waits for its answer."""
    if day <= notice.last_day:
        words = {"day": notice.last_day.isoformat()}
        raise Refused(
            _("The public notice runs until the end of %(day)s.") % words, _("Wait until it has passed."), 409
        )
    waiting = notice.objections.filter(state__in=OPEN).count()
    if waiting:
        raise Refused(
            _("%(count)s objections have not been answered.") % {"count": waiting}, _("Answer them first."), 409
        )


def propose_next(challenge: Challenge, *, actor: Any, day: date, reason: str) -> Proposal:
    """Propose the first who stands by, where the winner did not sign or is out of the contest."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(challenge)
        old = current_proposal(stored)
        if stored.contracts.exclude(state__in=OVER).exists():
            raise Refused(_("A contract of this award still stands."), _("Void it first."), 409)
        rows = [row for row in old.places.select_related("bid") if row.bid.state == BidState.ADMITTED]
        if not rows:
            raise Refused(_("Nobody stands by."), _("End the challenge without an award."), 409)
        take(stored, "propose_next", challenges.LIFE, actor=actor, reason=reason)
        overturn(stored, reason)
        made = make_proposal(stored, old.round, actor=actor, day=day, reason=reason)
        moved = [moved_up(row, made, place) for place, row in enumerate(rows, start=1)]
        keep_places(made, moved)
        ask_again(moved, actor=actor, day=day)
    challenge.refresh_from_db()
    return made


def moved_up(row: Place, proposal: Proposal, place: int) -> Place:
    """The same place in the next proposal; the first is proposed now."""
    kept = {name: getattr(row, name) for name in ("bid", "money", "raw", *COLUMNS)}
    standing = Standing.WINNER if place == 1 else Standing.RESERVE
    made = Place(proposal=proposal, place=place, standing=standing, demo=row.demo, **kept)
    made.derive()
    return made


def end_without_award(challenge: Challenge, *, actor: Any, day: date, reason: str) -> Challenge:
    """流标: nobody is awarded; every bid that is left is told so."""
    require(actor, Permission.DECIDE_CHALLENGE, challenge)
    with recording(actor=actor, reason=needed_reason(reason)):
        stored = locked(challenge)
        if stored.contracts.exclude(state__in=OVER).exists():
            raise Refused(_("A contract of this award still stands."), _("Void it first."), 409)
        take(stored, "no_award", challenges.LIFE, actor=actor, reason=reason, outcome=ChallengeState.NO_AWARD)
        overturn(stored, reason)
        lose_rest(stored)
        tell("challenge.no_award", stored, {"day": day.isoformat()})
    challenge.refresh_from_db()
    return challenge


def lose_rest(challenge: Challenge) -> None:
    for bid in challenge.bids.filter(state__in=[BidState.ADMITTED, *UNDECIDED]):
        follow(bid, "lose", bids.LIFE)
