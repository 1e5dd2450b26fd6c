"""Contracts: drafted from the awarded bid, planned, signed by both sides, or not concluded."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges import eligibility
from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.bidfacts import content_of, partners_of, promises_of
from qunxing.challenges.models import (
    BadRecord,
    Bid,
    BidFinding,
    Challenge,
    Commitment,
    Contract,
    ContractParty,
    Milestone,
    Payment,
    Place,
)
from qunxing.challenges.plans import Fault, Plan, Stop, faults, usual_plan
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.rules.subjects import writes_for
from qunxing.challenges.states import bid as bids
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states import contract as contracts
from qunxing.challenges.states import payment as payments
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import OVER, ContractState
from qunxing.core.errors import Refused
from qunxing.directory.models import SizeClass
from qunxing.ledger.actions import add_many, change, create
from qunxing.ledger.canonical import digest
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_reason, needed_text
from qunxing.ledger.recording import recording

LETTERS = "HT"
SMALL = frozenset({SizeClass.SMALL, SizeClass.MICRO, SizeClass.MEDIUM})
DEFAULT_MONTHS = 365
CONTRACTOR, ISSUER = "contractor", "issuer"
# How a challenge ends by how its contracts did, the best first.
ENDS = (
    (ContractState.COMPLETED, "accept", ChallengeState.ACCEPTED),
    (ContractState.FAILED, "fail", ChallengeState.FAILED),
    (ContractState.TERMINATED, "terminate", ChallengeState.TERMINATED),
)


def draft(place: Place, *, actor: Any, day: date) -> Contract:
    """The contract of an awarded bid: money as published, targets as promised, days as the challenge has them."""
    bid: Bid = place.bid
    challenge: Challenge = place.proposal.challenge
    content = content_of(bid)
    starts, ends = days_of(challenge, day)
    funding = challenge.board.rules.funding
    made = Contract(
        challenge=challenge,
        bid=bid,
        organization=bid.organization,
        payer=challenge.payer or challenge.issuer,
        number=next_number(Contract, LETTERS, day),
        leader=content.leader.name.strip(),
        cost=content.total,
        grant=place.money,
        pay_days=pay_days_of(bid, funding),
        starts_on=starts,
        ends_on=ends,
        first_end=ends,
        sign_by=day + timedelta(days=funding.sign_days),
        demo=challenge.demo,
    )
    with recording(actor=actor):
        create(made, actor=actor)
        keep_parts(made, bid)
        write_plan(made, usual_plan(made.grant, funding, starts, ends, stop_names()))
        eligibility.record([bid], BidFinding.Stage.CONTRACT, day=day, actor=actor)
        tell("contract.drafted", made, {"number": made.number, "grant": made.grant, "bid": bid.ref})
    return made


def days_of(challenge: Challenge, day: date) -> tuple[date, date]:
    """First and last day of the work; a beginning that has passed is today, an end that has passed as far off."""
    starts = max(challenge.starts_on or day, day)
    length = timedelta(days=DEFAULT_MONTHS)
    if challenge.starts_on and challenge.ends_on:
        length = max(challenge.ends_on - challenge.starts_on, timedelta(days=1))
    planned = challenge.ends_on or starts + length
    return starts, planned if planned > starts else starts + length


def pay_days_of(bid: Bid, funding: Any) -> int:
    """Small firms are paid within the shorter time."""
    small = bid.organization is not None and bid.organization.size_class in SMALL
    shorter = min(funding.pay_days, funding.contract_pay_days)
    return int(shorter if small else funding.contract_pay_days)


def stop_names() -> tuple[str, str, str]:
    return _("Milestone"), _("Mid-term check"), _("Acceptance")


def keep_parts(contract: Contract, bid: Bid) -> None:
    """Partners, and the commitment: every target as the bid answers it."""
    parties = [
        ContractParty(contract=contract, organization=firm, tasks=tasks, demo=contract.demo)
        for firm, tasks in partners_of(bid)
    ]
    targets = [
        Commitment(contract=contract, position=number, demo=contract.demo, **promise.as_commitment())
        for number, promise in enumerate(promises_of(bid), start=1)
    ]
    for row in (*parties, *targets):
        row.derive()
    add_many(parties)
    add_many(targets)


# --- the plan -------------------------------------------------------------------------------------------------------


def set_plan(contract: Contract, plan: Plan, *, actor: Any) -> Contract:
    """Other milestones and tranches, while nobody has signed; Refused naming everything that is wrong."""
    require(actor, Permission.RUN_CONTRACT, contract)
    with recording(actor=actor):
        stored = locked(contract)
        refuse_unless_draft(stored)
        refuse_if_raced(stored)
        found = faults(plan, stored.grant, stored.terms.funding, stored.starts_on, stored.ends_on)
        if found:
            raise Refused(" ".join(fault_text(one) for one in found), _("Nothing was changed."), 422)
        Payment.objects.filter(contract=stored).delete()
        Milestone.objects.filter(contract=stored).delete()
        write_plan(stored, plan)
        unsign(stored)
        tell("contract.planned", stored, {"stops": len(plan.stops), "total": plan.total})
    return stored


def write_plan(contract: Contract, plan: Plan) -> None:
    stops = [milestone_of(contract, place, stop) for place, stop in enumerate(plan.stops, start=1)]
    add_many(stops)
    rows = [(None, plan.on_signing), *zip(stops, (stop.amount for stop in plan.stops), strict=True)]
    owed = [(stop, amount) for stop, amount in rows if amount]
    made = [
        Payment(contract=contract, position=place, milestone=stop, amount=amount, demo=contract.demo)
        for place, (stop, amount) in enumerate(owed, start=1)
    ]
    for row in made:
        row.derive()
    add_many(made)


def milestone_of(contract: Contract, place: int, stop: Stop) -> Milestone:
    made = Milestone(
        contract=contract,
        position=place,
        kind=stop.kind,
        name=stop.name[:120],
        due_on=stop.due_on,
        shows=stop.shows,
        demo=contract.demo,
    )
    made.derive()
    return made


def fault_text(fault: Fault) -> str:
    """What is wrong with a plan, in words."""
    sentences = {
        "sum": _("The tranches come to %(found)s yuan, the grant is %(expected)s."),
        "negative": _("A tranche is below nothing."),
        "final": _("The last milestone, and no other, is the acceptance."),
        "mid": _("There are %(found)s mid-term checks; the rules allow %(expected)s."),
        "day": _("Milestone %(stop)s lies outside the contract, or before the one above it."),
    }
    words = {"found": f"{fault.found:,}", "expected": f"{fault.expected:,}", "stop": fault.stop}
    return sentences[fault.code] % words


def change_contract(contract: Contract, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Contract:
    """Other words of a draft; signatures on the old ones count no more."""
    require(actor, Permission.RUN_CONTRACT, contract)
    with recording(actor=actor, reason=words.get("reason", "")):
        stored = locked(contract)
        refuse_unless_draft(stored)
        check_pay_days(stored, values.get("pay_days", stored.pay_days))
        saved = change(
            stored, actor=actor, values={**values, "first_end": values.get("ends_on", stored.ends_on)}, **words
        )
        if saved.revision != contract.revision:
            unsign(saved)
    return saved


def check_pay_days(contract: Contract, days: int) -> None:
    funding = contract.terms.funding
    small = contract.organization.size_class in SMALL
    most = min(funding.pay_days, funding.contract_pay_days) if small else funding.contract_pay_days
    if days > most:
        raise Refused(_("This contractor is to be paid within %(days)s days at most.") % {"days": most}, "", 422)


def unsign(contract: Contract) -> None:
    if contract.bidder_signed_on or contract.issuer_signed_on:
        change(contract, actor=None, values={"bidder_signed_on": None, "issuer_signed_on": None})


def refuse_unless_draft(contract: Contract) -> None:
    if contract.state != ContractState.DRAFT:
        raise Refused(_("The contract is signed; it changes by agreement only."), _("Ask for a change."), 409)


def refuse_if_raced(contract: Contract) -> None:
    """The gates of a race are fixed for all its teams alike."""
    if contract.milestones.filter(kind=Milestone.Kind.GATE).exists():
        raise Refused(
            _("The milestones of this contract are the gates of a race, fixed when it was published."), "", 409
        )


# --- signing --------------------------------------------------------------------------------------------------------


def side_of(actor: Any, contract: Contract) -> str:
    """The side the actor writes for; Refused for nobody's."""
    for side, key in ((CONTRACTOR, contract.organization_id), (ISSUER, contract.issuer_id)):
        if writes_for(actor, key):
            return side
    raise Refused(_("You sign for neither side of this contract."), "", 403)


def sign(contract: Contract, *, actor: Any, day: date, side: str = "", pledge: str = "") -> Contract:
    """Sign for one's side; the contractor's leader pledges (军令状). With the second signature it is in force."""
    require(actor, Permission.SIGN_CONTRACT, contract)
    side = side or side_of(actor, contract)
    if actor is not None and side != side_of(actor, contract):
        raise Refused(_("You sign for the other side of this contract."), "", 403)
    with recording(actor=actor):
        stored = locked(contract)
        refuse_unless_draft(stored)
        check_signable(stored, side)
        values = signature(side, day, pledge)
        stored = change(stored, actor=actor, values=values)
        tell("contract.signed", stored, {"side": side, "digest": words_digest(stored)})
        if stored.signed:
            conclude(stored, day)
    contract.refresh_from_db()
    return contract


def signature(side: str, day: date, pledge: str) -> dict[str, Any]:
    if side == ISSUER:
        return {"issuer_signed_on": day}
    return {"bidder_signed_on": day, "pledge": needed_text(pledge)}


def check_signable(contract: Contract, side: str) -> None:
    challenge = contract.challenge
    if challenge is not None and challenge.state not in {ChallengeState.AWARDED, ChallengeState.DELIVERING}:
        raise Refused(_("The award is not confirmed, so nothing is signed."), "", 409)
    signed = contract.issuer_signed_on if side == ISSUER else contract.bidder_signed_on
    if signed is not None:
        raise Refused(_("Your side has signed already."), "", 409)


def words_digest(contract: Contract) -> str:
    """What was signed: money, days, targets, milestones."""
    return digest(
        {
            "number": contract.number,
            "grant": contract.grant,
            "cost": contract.cost,
            "days": [contract.starts_on, contract.ends_on, contract.pay_days],
            "targets": [str(row) for row in contract.commitments.all()],
            "stops": [[row.name, row.due_on, row.kind] for row in contract.milestones.all()],
            "payments": [row.amount for row in contract.payments.all()],
        }
    )


def conclude(contract: Contract, day: date) -> None:
    """In force: what is paid with the signature falls due, and the challenge goes on when every contract stands."""
    follow(contract, "conclude", contracts.LIFE)
    for payment in contract.payments.filter(milestone__isnull=True):
        fall_due(payment, day)
    tell("contract.concluded", contract, {"number": contract.number, "digest": words_digest(contract)})
    if contract.challenge is None:
        return
    challenge = locked(contract.challenge)
    waiting = challenge.contracts.filter(state=ContractState.DRAFT).exists()
    if challenge.state == ChallengeState.AWARDED and not waiting:
        begin_delivery(challenge)


def begin_delivery(challenge: Challenge) -> None:
    """Every contract is in force: those who stood by stand by no more."""
    follow(challenge, "deliver", challenges.LIFE)
    for bid in challenge.bids.filter(state=BidState.ADMITTED):
        follow(bid, "lose", bids.LIFE)


def settle(challenge: Challenge | None) -> None:
    """End the challenge, where there is one, once all its contracts are over, as the best of them ended."""
    if challenge is None:
        return
    stored = locked(challenge)
    states = list(stored.contracts.values_list("state", flat=True))
    if not all(state in OVER for state in states):
        return
    for state, step, outcome in ENDS:
        if state in states:
            if stored.state == ChallengeState.AWARDED:
                begin_delivery(stored)
            follow(stored, step, challenges.LIFE, outcome=outcome)
            tell("challenge.settled", stored, {"outcome": str(outcome)})
            return


def go_on(challenge: Challenge) -> None:
    """What a contract that is not concluded held up goes on: the work of the others, or the end of the challenge."""
    stored = locked(challenge)
    states = set(stored.contracts.values_list("state", flat=True))
    if stored.state == ChallengeState.AWARDED and ContractState.DRAFT not in states:
        if ContractState.IN_FORCE in states:
            begin_delivery(stored)
        settle(stored)


def fall_due(payment: Payment, day: date) -> None:
    """From this day on the payer owes it."""
    by = day + timedelta(days=payment.contract.pay_days)
    follow(payment, "fall_due", payments.LIFE, due_on=day, pay_by=by)


def void(contract: Contract, *, actor: Any, day: date, reason: str, bad_record: bool = False) -> Contract:
    """Not concluded: the bid is out of the contest, and whoever would not sign may get a bad record."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(contract)
        take(stored, "void", contracts.LIFE, actor=actor, reason=reason, closed_on=day)
        for payment in stored.payments.all():
            follow(payment, "cancel", payments.LIFE)
        if stored.bid is not None and stored.bid.state == BidState.AWARDED:
            follow(stored.bid, "disqualify", bids.LIFE)
        if bad_record:
            keep_bad_record(stored, BadRecord.Kind.NOT_SIGNED, day, reason, actor=actor)
        tell("contract.void", stored, {"bad_record": bad_record})
        if stored.challenge is not None:
            go_on(stored.challenge)
    contract.refresh_from_db()
    return contract


def keep_bad_record(contract: Contract, kind: str, day: date, reason: str, *, actor: Any) -> BadRecord:
    """What the contractor is remembered for."""
    made = BadRecord(
        organization=contract.organization,
        challenge=contract.challenge,
        kind=kind,
        since=day,
        reason=reason,
        demo=contract.demo,
    )
    return create(made, actor=actor)
