"""The work: milestones reported and checked, proof kept, difficulties told, changes agreed on."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.actions.contracting import CONTRACTOR, ISSUER, fall_due, side_of
from qunxing.challenges.models import Contract, ContractChange, ContractParty, Difficulty, Milestone, Proof
from qunxing.challenges.models.records import Side
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.states import change as changes
from qunxing.challenges.states import milestone as milestones
from qunxing.challenges.states.change import OPEN, ChangeState
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.errors import Refused
from qunxing.core.uploads import check_upload
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import bare, needed_reason, needed_text, told_reason
from qunxing.ledger.recording import recording


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    for last in range(day.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError("there is no such day")


def in_force(contract: Contract) -> Contract:
    """The stored contract, kept from others; Refused unless it is in force."""
    stored = locked(contract)
    if stored.state != ContractState.IN_FORCE:
        raise Refused(_("The contract is not in force."), "", 409)
    return stored


# --- milestones -----------------------------------------------------------------------------------------------------


def report_milestone(milestone: Milestone, *, actor: Any, day: date, report: str) -> Milestone:
    """Say that a milestone is reached; the acceptance is asked for otherwise."""
    if milestone.kind == Milestone.Kind.FINAL:
        raise Refused(_("The last milestone is the acceptance."), _("Ask for the acceptance."), 409)
    refuse_gate(milestone)
    told = needed_text(report)
    with recording(actor=actor):
        in_force(milestone.contract)
        stored = locked(milestone)
        take(stored, "report", milestones.LIFE, actor=actor, report=told, reported_on=day)
        tell("milestone.reported", stored, {"day": day.isoformat(), "in_time": day <= stored.due_on})
    milestone.refresh_from_db()
    return milestone


def check_milestone(milestone: Milestone, *, actor: Any, day: date, passed: bool, finding: str = "") -> Milestone:
    """Pass a reported milestone, and its tranche falls due; or return it with the reason."""
    refuse_gate(milestone)
    with recording(actor=actor, reason=told_reason(finding)):
        in_force(milestone.contract)
        stored = locked(milestone)
        words = {"finding": told_reason(finding), "checked_on": day}
        take(stored, "pass" if passed else "return", milestones.LIFE, actor=actor, reason=finding, **words)
        tell("milestone.checked", stored, {"day": day.isoformat(), "passed": passed})
        if passed:
            pay_for(stored, day)
    milestone.refresh_from_db()
    return milestone


def refuse_gate(milestone: Milestone) -> None:
    """A gate of a race is passed by what it measures, not by word."""
    if milestone.kind == Milestone.Kind.GATE:
        raise Refused(_("This milestone is a gate of a race; what the gate decides, decides it."), "", 409)


def pay_for(milestone: Milestone, day: date) -> None:
    """The tranche that hangs on it falls due, unless it was cancelled."""
    payment = milestone.contract.payments.filter(milestone=milestone, state=PaymentState.PLANNED).first()
    if payment is not None:
        fall_due(payment, day)


def add_proof(
    contract: Contract, *, actor: Any, day: date, title: str, file: Any, milestone: Milestone | None = None
) -> Proof:
    """Keep a file that shows what was done; checked by its content."""
    require(actor, Permission.REPORT_MILESTONE, contract)
    try:
        digest = check_upload(file)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "", 422) from error
    with recording(actor=actor):
        stored = in_force(contract)
        made = Proof(
            contract=stored,
            milestone=milestone,
            title=needed_reason(title)[:200],
            file=file,
            digest=digest,
            size=file.size,
            kept_on=day,
            demo=stored.demo,
        )
        create(made, actor=actor)
        tell("proof.kept", made, {"digest": digest, "milestone": milestone.ref if milestone else ""})
    return made


def tell_difficulty(contract: Contract, *, actor: Any, day: date, text: str, done: str = "") -> Difficulty:
    """What is in the way, told while something can still be done; it speaks for whoever told it."""
    require(actor, Permission.REPORT_MILESTONE, contract)
    with recording(actor=actor):
        stored = in_force(contract)
        made = Difficulty(
            contract=stored,
            text=needed_text(text),
            done=bare(done),
            told_on=day,
            demo=stored.demo,
        )
        create(made, actor=actor)
        ahead = stored.milestones.filter(state=MilestoneState.PLANNED).order_by("due_on").first()
        early = (ahead.due_on - day).days if ahead is not None else 0
        tell("difficulty.told", made, {"day": day.isoformat(), "days_before_next": early})
    return made


# --- changes --------------------------------------------------------------------------------------------------------


def ask_change(contract: Contract, asked: ContractChange, *, actor: Any, day: date, side: str = "") -> ContractChange:
    """Ask for a change; `asked` is unsaved. The side that asks agrees by asking."""
    require(actor, Permission.AGREE_TO_CHANGE, contract)
    side = side or side_of(actor, contract)
    with recording(actor=actor):
        stored = in_force(contract)
        asked.contract, asked.asked_on, asked.demo = stored, day, stored.demo
        check_change(asked, day)
        agreed = "bidder_agreed_on" if side == CONTRACTOR else "issuer_agreed_on"
        setattr(asked, agreed, day)
        create(asked, actor=actor)
        tell("change.asked", asked, {"kind": str(asked.kind), "side": side})
    return asked


def check_change(asked: ContractChange, day: date) -> None:
    """Refused for what the rules do not allow."""
    needed_text(asked.grounds)
    if asked.contract.changes.filter(kind=asked.kind, state__in=OPEN).exists():
        raise Refused(_("A change of this kind is asked for already."), "", 409)
    checks = {
        ContractChange.Kind.EXTENSION: check_extension,
        ContractChange.Kind.LEADER: check_leader,
        ContractChange.Kind.JOIN: check_partner,
        ContractChange.Kind.LEAVE: check_partner,
    }
    checks[ContractChange.Kind(asked.kind)](asked, day)


def check_extension(asked: ContractChange, day: date) -> None:
    contract, funding = asked.contract, asked.contract.terms.funding
    if contract.extensions >= funding.extensions:
        count = {"count": funding.extensions}
        raise Refused(_("The rules allow %(count)s extensions, and no more.") % count, "", 409)
    if day > contract.ends_on:
        raise Refused(_("An extension is asked for before the contract ends."), "", 409)
    latest = months_after(contract.first_end, funding.extension_months)
    if asked.new_end is None or not contract.ends_on < asked.new_end <= latest:
        words = {"first": contract.ends_on + timedelta(days=1), "last": latest}
        raise Refused(_("The new end lies between %(first)s and %(last)s.") % words, "", 422)


def check_leader(asked: ContractChange, _day: date) -> None:
    if not asked.new_leader.strip() or asked.new_leader.strip() == asked.contract.leader:
        raise Refused(_("Name the one who shall lead instead."), "", 422)


def check_partner(asked: ContractChange, _day: date) -> None:
    """A partner that joins is new, one that leaves is there; their number stays within the rules."""
    contract, partner = asked.contract, asked.partner
    if partner is None:
        raise Refused(_("Name the partner."), "", 422)
    present = contract.parties.filter(left_on__isnull=True)
    is_there = present.filter(organization=partner).exists()
    joins = asked.kind == ContractChange.Kind.JOIN
    if joins == is_there or partner.pk in {contract.organization_id, contract.issuer_id}:
        raise Refused(_("%(partner)s cannot do that in this contract.") % {"partner": partner}, "", 409)
    if joins and present.count() >= contract.terms.bidding.partners:
        raise Refused(_("The rules allow no further partner."), "", 409)


def agree(asked: ContractChange, *, actor: Any, day: date, side: str = "") -> ContractChange:
    """The other side agrees; both have then."""
    side = side or side_of(actor, asked.contract)
    column = "bidder_agreed_on" if side == CONTRACTOR else "issuer_agreed_on"
    with recording(actor=actor):
        in_force(asked.contract)
        stored = locked(asked)
        if getattr(stored, column) is not None:
            raise Refused(_("Your side has agreed already; the other one has not."), "", 409)
        agreed: dict[str, Any] = {column: day}
        take(stored, "agree", changes.LIFE, actor=actor, **agreed)
        tell("change.agreed", stored, {"side": side})
    asked.refresh_from_db()
    return asked


def withdraw_change(asked: ContractChange, *, actor: Any) -> ContractChange:
    take(asked, "withdraw", changes.LIFE, actor=actor)
    return asked


def decide_change(asked: ContractChange, *, actor: Any, day: date, approved: bool, finding: str = "") -> ContractChange:
    """Approve what both sides agreed on, and it holds; or refuse it with the reason."""
    with recording(actor=actor, reason=told_reason(finding)):
        contract = in_force(asked.contract)
        stored = locked(asked)
        stored.contract = contract
        if approved and stored.state == ChangeState.AGREED and stored.kind == ContractChange.Kind.EXTENSION:
            check_extension(stored, stored.asked_on)
        words = {"finding": told_reason(finding), "decided_on": day}
        take(stored, "approve" if approved else "refuse", changes.LIFE, actor=actor, reason=finding, **words)
        if approved:
            apply_change(stored, contract, day)
        tell("change.decided", stored, {"kind": str(stored.kind), "approved": approved})
    asked.refresh_from_db()
    return asked


def apply_change(asked: ContractChange, contract: Contract, day: date) -> None:
    """Let the contract be as agreed."""
    kind = ContractChange.Kind(asked.kind)
    if kind == ContractChange.Kind.EXTENSION and asked.new_end is not None:
        extend(contract, asked.new_end)
    elif kind == ContractChange.Kind.LEADER:
        change(contract, actor=None, values={"leader": asked.new_leader.strip()})
    elif kind == ContractChange.Kind.JOIN and asked.partner is not None:
        join(contract, asked)
    else:
        for row in contract.parties.filter(organization=asked.partner):
            change(row, actor=None, values={"left_on": day})


def extend(contract: Contract, end: date) -> None:
    """A later end, for the acceptance as well."""
    change(contract, actor=None, values={"ends_on": end, "extensions": contract.extensions + 1})
    for row in contract.milestones.filter(kind=Milestone.Kind.FINAL):
        change(row, actor=None, values={"due_on": end})


def join(contract: Contract, asked: ContractChange) -> None:
    """The partner takes part, perhaps again."""
    row = contract.parties.filter(organization=asked.partner).first()
    if row is not None:
        change(row, actor=None, values={"left_on": None, "tasks": asked.tasks})
    else:
        create(
            ContractParty(contract=contract, organization=asked.partner, tasks=asked.tasks, demo=contract.demo),
            actor=None,
        )


def drop_open(contract: Contract) -> None:
    """What the contract still had before it falls away with it."""
    for row in contract.milestones.filter(state__in=milestones.OPEN):
        follow(row, "drop", milestones.LIFE)
    for asked in contract.changes.filter(state__in=OPEN):
        follow(asked, "refuse", changes.LIFE)


SIDES = {CONTRACTOR: Side.CONTRACTOR, ISSUER: Side.ISSUER}
