"""The work: contracts signed, milestones, changes, acceptance, payments, an end before the time."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from qunxing.accounts.models import User
from qunxing.challenges.actions import accepting, contracting, delivering, paying, terminating
from qunxing.challenges.models import Acceptance, Contract, Milestone, Payment
from qunxing.challenges.plans import Plan, Stop
from qunxing.challenges.rehearsal.acts import changing
from qunxing.challenges.rehearsal.acts.papers import empty_pdf
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh

WHY = "按合同约定"
FATES = (
    "smooth", "smooth", "rectified", "failed_twice", "unrectified", "false_data", "exempt", "at_fault", "goes_on",
    "stopped_asked", "stopped_rectify", "stopped_reported", "stopped_returned",
)  # fmt: skip


BAD = frozenset({"rectified", "failed_twice", "unrectified", "stopped_rectify"})


def deliver(stage: Stage, contract: Contract, fate: str) -> None:
    """From the draft to the end, whichever it is."""
    sign(stage, contract)
    if fate in ("exempt", "at_fault", "goes_on", "stopped_reported", "stopped_returned"):
        work(stage, contract, most=stage.dice.choice([0, 1]))
        halfway(stage, contract, fate)
    if fresh(contract).state == "in_force":
        work(stage, contract)
        changing.extend(stage, contract)
        accept(stage, contract, fate)


# --- signing --------------------------------------------------------------------------------------------------------


def sign(stage: Stage, contract: Contract) -> None:
    """A plan that does not add up is refused, a stranger does not sign; then both sides do."""
    plan = stored_plan(contract)
    if plan.stops:
        odd = replace(plan, on_signing=plan.on_signing + 1)
        stage.refused("contract.plan_that_does_not_add_up", contracting.set_plan, contract, odd, actor=stage.staff)
        if stage.dice.happens(0.4):
            stage.do("contract.plan", contracting.set_plan, contract, shifted(stage, plan), actor=stage.staff)
    words: Words = {"day": stage.clock.day, "pledge": "保证完成军令状所列指标"}
    stranger = stage.manager
    stage.refused("contract.signed_by_a_stranger", contracting.sign, contract, actor=stranger, **words)
    sides = [fresh(contract).organization_id, contract.issuer_id or 0]
    for side in stage.dice.sample(sides, 2):
        stage.do("contract.sign", contracting.sign, contract, actor=writer_of(side), once=True, **words)
    settle(stage, contract)


def stored_plan(contract: Contract) -> Plan:
    payments = {row.milestone_id: row.amount for row in contract.payments.all()}
    stops = [
        Stop(row.kind, row.name, row.due_on, row.shows, payments.get(row.pk, 0)) for row in contract.milestones.all()
    ]
    return Plan(payments.get(None, 0), tuple(stops))


def shifted(stage: Stage, plan: Plan) -> Plan:
    """Some yuan moved from the last stop to the signature."""
    last = plan.stops[-1]
    moved = stage.dice.randint(0, max(last.amount - 1, 0))
    stops = (*plan.stops[:-1], replace(last, amount=last.amount - moved))
    return Plan(plan.on_signing + moved, stops)


# --- milestones and money -------------------------------------------------------------------------------------------


def work(stage: Stage, contract: Contract, *, most: int = 99) -> None:
    """So many milestones before the last; told late or early, returned now and then."""
    rows = contract.milestones.exclude(kind=Milestone.Kind.FINAL).exclude(state="passed").order_by("position")
    for row in list(rows)[:most]:
        if stage.dice.happens(0.3):
            tell(stage, contract)
        if stage.dice.happens(0.3):
            changing.change(stage, contract)
        stage.clock.to_day(row.due_on + timedelta(days=stage.dice.choice([-20, 0, 15])))
        reach(stage, row)
        settle(stage, contract)


def reach(stage: Stage, row: Milestone) -> None:
    if fresh(row).state != "reported":
        report(stage, row)
    if stage.dice.happens(0.25):
        check(stage, row, passed=False)
        report(stage, row)
    check(stage, row, passed=True)


def report(stage: Stage, row: Milestone) -> None:
    words: Words = {"actor": contractor(row), "day": stage.clock.day, "report": "已完成，见附件"}
    stage.do("milestone.report", delivering.report_milestone, row, once=True, **words)


def contractor(row: Any) -> User:
    """Who writes for the contractor of what hangs on the contract."""
    return writer_of(row.contract.organization_id)


def check(stage: Stage, row: Milestone, *, passed: bool) -> None:
    words: Words = {**by_staff(stage), "passed": passed, "finding": "查看现场"}
    name = "milestone.pass" if passed else "milestone.return"
    stage.do(name, delivering.check_milestone, row, once=True, **words)


def by_staff(stage: Stage) -> dict[str, Any]:
    return {"actor": stage.staff, "day": stage.clock.day}


def tell(stage: Stage, contract: Contract) -> None:
    """A difficulty told early, a proof kept."""
    words: Words = {"actor": writer_of(contract.organization_id), "day": stage.clock.day}
    text = "数据到位晚了两周"
    stage.do("difficulty.tell", delivering.tell_difficulty, contract, text=text, done="已协调", **words)
    if stage.dice.happens(0.3):
        stage.do("proof.keep", prove, stage, contract)


def prove(stage: Stage, contract: Contract) -> Any:
    actor = writer_of(contract.organization_id)
    file = ContentFile(empty_pdf(), name="report.pdf")
    return delivering.add_proof(contract, actor=actor, day=stage.clock.day, title="测试报告", file=file)


def settle(stage: Stage, contract: Contract) -> None:
    """What is due is paid, a good part of it late; what is not due is not."""
    for row in contract.payments.filter(state="planned").order_by("pk")[:1]:
        stage.refused("payment.before_it_is_due", paying.pay, row, voucher="ZZ0", **by_staff(stage))
    for row in contract.payments.filter(state="due").order_by("pk"):
        if stage.dice.happens(0.85):
            stage.clock.wait(days=stage.dice.choice([0, 3, 20, 90]))
            pay(stage, row)


def pay(stage: Stage, row: Payment) -> None:
    stage.do("payment.pay", paying.pay, row, voucher=f"ZZ{row.pk}", once=True, **by_staff(stage))


def settle_all(stage: Stage, contract: Contract) -> None:
    """Nothing stays due: it is paid, or cancelled with the reason."""
    for row in contract.payments.filter(state="due").order_by("pk"):
        if stage.dice.happens(0.2):
            stage.do("payment.cancel", paying.cancel, row, actor=stage.staff, reason="以房租抵扣", once=True)
        else:
            pay(stage, row)


# --- an end before the time -----------------------------------------------------------------------------------------


def halfway(stage: Stage, contract: Contract, fate: str) -> None:
    """Its end is asked for, with a milestone reported or returned at that moment where the fate says so."""
    rows = contract.milestones.exclude(kind=Milestone.Kind.FINAL).filter(state="planned")
    first = rows.order_by("position").first()
    if fate in ("stopped_reported", "stopped_returned") and first is not None:
        report(stage, first)
        if fate == "stopped_returned":
            check(stage, first, passed=False)
    outcome = {"exempt": "exempt", "at_fault": "at_fault", "goes_on": "refuse"}.get(fate)
    terminate(stage, contract, outcome or stage.dice.choice(["exempt", "at_fault"]))


def terminate(stage: Stage, contract: Contract, outcome: str) -> None:
    """Asked for by anybody concerned, decided by an officer; no more is returned than was paid."""
    if stage.dice.happens(0.3):
        changing.open_change(stage, contract)
    actors = [stage.staff, writer_of(contract.organization_id), writer_of(contract.issuer_id or 0)]
    words: Words = {"actor": stage.dice.choice(actors), "day": stage.clock.day, "diligent": outcome == "exempt"}
    ask_end = terminating.ask_termination
    made = stage.do("termination.ask", ask_end, contract, grounds="路线不可行", once=True, **words)
    said: Words = {"actor": stage.officer, "day": stage.clock.day, "finding": WHY}
    decide_end = terminating.decide_termination
    stage.refused("termination.returns_too_much", decide_end, made, outcome="exempt", returned=10**12, **said)
    stage.do(f"termination.{outcome}", decide_end, made, outcome=outcome, once=True, **said)


# --- acceptance -----------------------------------------------------------------------------------------------------


def accept(stage: Stage, contract: Contract, fate: str) -> None:
    """Asked for, measured, decided; rectified once where the fate says so."""
    stage.clock.to_day(fresh(contract).ends_on)
    made = ask(stage, contract)
    words: Words = {**by_staff(stage), "finding": WHY}
    if fate == "stopped_asked":
        terminate(stage, contract, stage.dice.choice(["exempt", "at_fault"]))
        return
    stage.refused("acceptance.unmeasured", accepting.decide, made, **words)
    if fate == "false_data":
        stage.do("acceptance.false_data", accepting.decide, made, false_data=True, once=True, **words)
        return
    found = attempt(stage, made, good=fate not in BAD)
    if found.state == "rectify":
        rectify(stage, contract, found, fate)


def rectify(stage: Stage, contract: Contract, made: Acceptance, fate: str) -> None:
    """In time, too late, not at all, or the contract ends meanwhile."""
    if fate == "stopped_rectify":
        terminate(stage, contract, stage.dice.choice(["exempt", "at_fault"]))
        return
    fail = accepting.fail_unrectified
    stage.refused("acceptance.failed_before_its_time", fail, made, finding=WHY, **by_staff(stage))
    if fate == "unrectified":
        stage.clock.to_day((made.rectify_by or stage.clock.day) + timedelta(days=1))
        late: Words = {"actor": writer_of(contract.organization_id), "day": stage.clock.day, "report": "整改完成"}
        stage.refused("acceptance.rectified_too_late", accepting.ask_acceptance, contract, **late)
        stage.do("acceptance.fail_unrectified", fail, made, finding="逾期未整改", once=True, **by_staff(stage))
        return
    stage.clock.wait(days=30)
    attempt(stage, ask(stage, contract), good=fate != "failed_twice")


def ask(stage: Stage, contract: Contract) -> Acceptance:
    words: Words = {"actor": writer_of(contract.organization_id), "day": stage.clock.day, "report": "全部指标已达到"}
    return stage.do("acceptance.ask", accepting.ask_acceptance, contract, once=True, **words)


def attempt(stage: Stage, made: Acceptance, *, good: bool) -> Acceptance:
    """Everything measured and said, good or bad, then decided by the rules."""
    by: Words = {"measured_by": "第三方检测中心", "how": "盲测集", **by_staff(stage)}
    for row in made.contract.commitments.all():
        value = row.target if good else row.target * 2 + 1000 if row.operator == "le" else Decimal(0)
        stage.do("acceptance.measure", accepting.measure, made, row, value=value, **by)
    word: Words = {"word": "accepts" if good else "rejects", "text": WHY, "day": stage.clock.day}
    issuer = writer_of(made.contract.issuer_id or 0)
    stage.do("acceptance.word", accepting.give_word, made, actor=issuer, **word)
    return stage.do("acceptance.decide", accepting.decide, made, finding=WHY, once=True, **by_staff(stage))
