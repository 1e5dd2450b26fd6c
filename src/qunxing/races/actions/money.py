"""Money by result: the contracts of the lanes with a tranche for each gate, released, raised, cut and ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, tell
from qunxing.challenges.actions.contracting import LETTERS as CONTRACT_LETTERS
from qunxing.challenges.actions.contracting import SMALL, unsign, write_plan
from qunxing.challenges.actions.delivering import pay_for
from qunxing.challenges.actions.terminating import end
from qunxing.challenges.models import Contract, ContractParty, Milestone, Payment
from qunxing.challenges.plans import FINAL, Plan, Stop
from qunxing.challenges.states import contract as contracts
from qunxing.challenges.states import milestone as milestones
from qunxing.challenges.states import payment as payments
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.challenges.states.payment import PaymentState
from qunxing.ledger.actions import change, create
from qunxing.ledger.numbers import next_number
from qunxing.races.models import Lane, Race, Stage

GATE = Milestone.Kind.GATE


def plan_of(race: Race, stages: Sequence[Stage], ends_on: date, day: date) -> Plan:
    """Start money with the signature, a tranche with each gate, the last with the acceptance of the winner."""
    stops = [gate_stop(stage, day) for stage in stages[:-1]]
    last = Stop(FINAL, _("Acceptance"), ends_on, amount=stages[-1].gate.release)
    return Plan(race.start_money, (*stops, last))


def gate_stop(stage: Stage, day: date) -> Stop:
    """The milestone that is the gate, on the day on which its window closes; one without an end is due at once."""
    closes = timezone.localdate(stage.closes_at) if stage.closes_at is not None else day
    return Stop(GATE, stage.title, closes, shows=stage.task, amount=stage.gate.release)


def plan_contracts(race: Race, stages: Sequence[Stage], *, day: date) -> None:
    """The drafted contracts of a challenge's award get the gates of the race for milestones."""
    for contract in Contract.objects.filter(lane__race=race).order_by("pk"):
        replan(contract, race, stages, day=day)


def replan(drafted: Contract, race: Race, stages: Sequence[Stage], *, day: date) -> None:
    """Other milestones of a draft; signatures on the old ones count no more."""
    contract = locked(drafted)
    ends = race.ends_on or contract.ends_on
    plan = plan_of(race, stages, ends, day)
    days = {"starts_on": day, "ends_on": ends, "first_end": ends}
    contract = change(contract, actor=None, values={"grant": plan.total, **days})
    Payment.objects.filter(contract=contract).delete()
    Milestone.objects.filter(contract=contract).delete()
    write_plan(contract, plan)
    unsign(contract)
    tell("contract.raced", contract, {"race": race.ref, "total": plan.total, "gates": len(plan.stops) - 1})


def draft_for(lane: Lane, stages: Sequence[Stage], *, day: date, plan: Plan | None = None) -> Contract:
    """The contract of a team in a race of its own."""
    race: Race = lane.race
    rules, ends = race.rules, race.ends_on or day + timedelta(days=365)
    plan = plan or plan_of(race, stages, ends, day)
    made = Contract(
        issuer=race.organization,
        title=race.title,
        own_terms=rules.as_json(),
        organization=lane.organization,
        payer=race.payer or race.organization,
        number=next_number(Contract, CONTRACT_LETTERS, day),
        leader=lane.route.leader or lane.name[:60],
        cost=plan.total,
        grant=plan.total,
        pay_days=pay_days_of(lane, race),
        starts_on=day,
        ends_on=ends if ends > day else day + timedelta(days=1),
        first_end=ends,
        sign_by=day + timedelta(days=rules.funding.sign_days),
        demo=race.demo,
    )
    create(made, actor=None)
    for party in lane.parties.all():
        row = ContractParty(contract=made, organization=party.organization, tasks=party.tasks, demo=race.demo)
        create(row, actor=None)
    write_plan(made, plan)
    change(lane, actor=None, values={"contract": made})
    tell("contract.drafted", made, {"number": made.number, "grant": made.grant, "race": race.ref})
    return made


def pay_days_of(lane: Lane, race: Race) -> int:
    funding = race.rules.funding
    shorter = min(funding.pay_days, funding.contract_pay_days)
    return int(shorter if lane.organization.size_class in SMALL else funding.contract_pay_days)


# --- by result ------------------------------------------------------------------------------------------------------


def release(lane: Lane, stage: Stage, amount: int, *, day: date) -> int:
    """The gate is passed, and so much falls due; what was planned for it gives way. Returns what falls due."""
    if lane.contract is None:
        return 0
    contract = locked(lane.contract)
    found = contract.milestones.filter(kind=GATE).order_by("position")[stage.order - 1 : stage.order]
    milestone = next(iter(found), None)
    if milestone is None or milestone.state == MilestoneState.PASSED:
        return 0
    set_amount(contract, milestone, amount)
    follow(milestone, "report", milestones.LIFE, reported_on=day)
    follow(milestone, "pass", milestones.LIFE, checked_on=day)
    pay_for(milestone, day)  # nothing, where less came to nothing
    tell("money.released", lane, {"stage": stage.ref, "amount": amount, "contract": contract.number})
    return amount


def set_amount(contract: Contract, milestone: Milestone, amount: int) -> None:
    """Another tranche than was planned: more, less or none; the grant follows."""
    row = contract.payments.filter(milestone=milestone, state=PaymentState.PLANNED).first()
    before = row.amount if row is not None else 0
    if amount == before:
        return
    if row is None:
        add_payment(contract, milestone, amount)
    elif amount:
        change(row, actor=None, values={"amount": amount})
    else:
        follow(row, "cancel", payments.LIFE)
    raise_grant(contract, amount - before)


def add_payment(contract: Contract, milestone: Milestone, amount: int) -> None:
    last = contract.payments.order_by("-position").values_list("position", flat=True).first()
    made = Payment(contract=contract, position=(last or 0) + 1, milestone=milestone, amount=amount, demo=contract.demo)
    create(made, actor=None)


def raise_grant(contract: Contract, by: int) -> None:
    grant = contract.grant + by
    change(contract, actor=None, values={"grant": grant, "cost": max(contract.cost, grant)})


def set_award(lane: Lane, stages: Sequence[Stage], amount: int, *, day: date) -> None:
    """What the winner gets with the acceptance; where nothing was paid on the way the contract is drafted now."""
    if lane.contract is None:
        ends = lane.race.ends_on or day + timedelta(days=365)
        stop = Stop(FINAL, _("Acceptance"), max(ends, day + timedelta(days=1)), amount=amount)
        draft_for(lane, stages, day=day, plan=Plan(0, (stop,)))
        return
    contract = locked(lane.contract)
    final = contract.milestones.filter(kind=Milestone.Kind.FINAL).first()
    if final is not None and contract.state == ContractState.IN_FORCE:
        set_amount(contract, final, amount)


def end_contract(lane: Lane, *, day: date, finding: str) -> None:
    """The lane is out: nothing more falls due, what is owed stays owed, and nobody is at fault."""
    contract = lane.contract
    if contract is None:
        return
    stored = locked(contract)
    if stored.state == ContractState.IN_FORCE:
        end(stored, day, finding, at_fault=False, actor=None)
    elif stored.state == ContractState.DRAFT:
        follow(stored, "void", contracts.LIFE, closed_on=day)
        for payment in stored.payments.filter(state=PaymentState.PLANNED):
            follow(payment, "cancel", payments.LIFE)
        tell("contract.void", stored, {"bad_record": False})


def taken_in(lane: Lane, into: Lane) -> None:
    """The organisations of a lane that merges take part in the other's contract."""
    contract = into.contract
    if contract is None:
        return
    for firm in [lane.organization, *(row.organization for row in lane.parties.select_related("organization"))]:
        row: Any = contract.parties.filter(organization=firm).first()
        if row is None and firm.pk != contract.organization_id:
            made = ContractParty(contract=contract, organization=firm, tasks=lane.name, demo=contract.demo)
            create(made, actor=None)
