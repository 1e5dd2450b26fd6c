"""The work under a contract: money that adds up, acceptance by the rules, changes, ends, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.challenges.actions import accepting, contracting, delivering, paying, terminating
from qunxing.challenges.eligibility import read_bad_records
from qunxing.challenges.models import BadRecord, ContractChange
from qunxing.challenges.plans import FINAL, MID, WORK, Plan, Stop, faults, usual_plan
from qunxing.challenges.terms import Funding
from qunxing.core.errors import Refused
from tests import factories as people
from tests.challenges import deciders, rows

FIRST, LAST = date(2026, 5, 1), date(2027, 5, 1)
NAMES = ("里程碑", "中期检查", "验收")
TRANCHES = st.lists(st.integers(1, 60), min_size=1, max_size=6).map(
    lambda parts: (*parts[:-1], 100 - sum(parts[:-1])) if sum(parts[:-1]) < 100 else (100,)
)


@given(st.integers(0, 10**12), TRANCHES, st.sampled_from(["pre", "post"]), st.integers(0, 2))
def test_usual_plan_always_makes_the_grant_and_has_no_fault(grant, tranches, when, mid):
    funding = Funding(tranches=tuple(tranches), grant=when, mid_checks=mid)
    plan = usual_plan(grant, funding, FIRST, LAST, NAMES)
    assert plan.total == grant
    assert faults(plan, grant, funding, FIRST, LAST) == []


@given(st.integers(0, 100), st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(-3, 3))
def test_plan_that_is_a_yuan_off_is_faulty(on_signing, amounts, off):
    stops = tuple(
        Stop(FINAL if at == len(amounts) - 1 else WORK, "节点", LAST, amount=one) for at, one in enumerate(amounts)
    )
    found = faults(Plan(on_signing, stops), on_signing + sum(amounts) + off, Funding(), FIRST, LAST)
    assert ("sum" in {one.code for one in found}) is (off != 0)


@pytest.mark.parametrize(
    ("stops", "code"),
    [
        ((Stop(WORK, "一", LAST),), "final"),
        ((Stop(FINAL, "一", LAST), Stop(WORK, "二", LAST)), "final"),
        ((Stop(MID, "一", LAST), Stop(MID, "二", LAST), Stop(FINAL, "三", LAST)), "mid"),
        ((Stop(WORK, "一", LAST + timedelta(days=1)), Stop(FINAL, "二", LAST)), "day"),
        ((Stop(WORK, "一", LAST), Stop(FINAL, "二", FIRST)), "day"),
        ((Stop(WORK, "一", LAST, amount=-1), Stop(FINAL, "二", LAST, amount=1)), "negative"),
    ],
)
def test_fault_of_a_plan_is_named(stops, code):
    assert code in {one.code for one in faults(Plan(0, stops), 0, Funding(), FIRST, LAST)}


pytestmark = pytest.mark.django_db
STAFF = "staff"


def finished(acceptance, **words):
    return accepting.decide(acceptance, actor=None, day=rows.END, finding="按规则", **words)


def measured(of, value, word="accepts"):
    for row in of.contract.milestones.exclude(kind="final"):
        row.state = "passed"
        row.save()
    made = accepting.ask_acceptance(of.contract, actor=None, day=rows.END, report="完成")
    for row in of.contract.commitments.all():
        how = {"measured_by": "第三方", "how": "盲测", "day": rows.END}
        accepting.measure(made, row, actor=None, value=Decimal(value), **how)
    if word:
        accepting.give_word(made, actor=None, day=rows.END, word=word, text="试用三个月")
    return made


class Of:
    def __init__(self, contract):
        self.contract = contract


@pytest.mark.parametrize(
    ("value", "word", "state"),
    [("96.5", "accepts", "passed"), ("96.49", "accepts", "rectify"), ("99", "rejects", "rectify")],
)
def test_acceptance_follows_from_targets_and_word(value, word, state):
    assert finished(measured(Of(rows.contract()), value, word)).state == state


def test_acceptance_waits_for_measures_and_for_the_word():
    with pytest.raises(Refused):
        finished(measured(Of(rows.contract()), "99", ""))
    with pytest.raises(Refused):
        finished(rows.acceptance(word="accepts"))


def test_one_rectification_in_its_time_and_then_failure():
    contract = rows.contract()
    first = finished(measured(Of(contract), "90"))
    assert first.rectify_by == date(2027, 8, 31)
    with pytest.raises(Refused):
        accepting.ask_acceptance(contract, actor=None, day=first.rectify_by + timedelta(days=1), report="迟了")
    second = finished(measured(Of(contract), "90"))
    contract.refresh_from_db()
    assert (second.state, contract.state, contract.challenge.bad_records.count()) == ("failed", "failed", 0)
    assert set(contract.payments.values_list("state", flat=True)) == {"cancelled"}


def test_time_to_rectify_must_have_passed_before_it_fails():
    first = finished(measured(Of(rows.contract()), "90"))
    with pytest.raises(Refused):
        accepting.fail_unrectified(first, actor=None, day=first.rectify_by, finding="未整改")
    assert accepting.fail_unrectified(
        first, actor=None, day=first.rectify_by + timedelta(days=1), finding="未整改"
    ).state == "failed"  # fmt: skip


def test_false_data_fails_at_once_and_is_remembered():
    contract = rows.contract()
    finished(measured(Of(contract), "99"), false_data=True)
    contract.refresh_from_db()
    record = BadRecord.objects.get(organization=contract.organization)
    assert (contract.state, record.kind, record.since) == ("failed", "false", rows.END)
    assert read_bad_records is not None


def test_acceptance_is_asked_for_when_all_else_has_passed():
    with pytest.raises(Refused):
        accepting.ask_acceptance(rows.contract(), actor=None, day=rows.END, report="完成")


def test_milestone_passed_makes_its_tranche_due_within_the_days():
    contract = rows.contract()
    row = contract.milestones.first()
    delivering.report_milestone(row, actor=None, day=rows.DAY, report="完成")
    delivering.check_milestone(row, actor=None, day=rows.DAY, passed=True)
    payment = contract.payments.first()
    assert (payment.state, payment.due_on, payment.pay_by) == ("due", rows.DAY, rows.DAY + timedelta(days=30))
    assert payment.overdue_on(rows.DAY + timedelta(days=31))


def test_payment_is_not_kept_before_it_is_due_nor_twice():
    payment = rows.payment()
    with pytest.raises(Refused):
        paying.pay(payment, actor=None, day=rows.DAY - timedelta(days=1), voucher="1")
    paying.pay(payment, actor=None, day=rows.DAY, voucher="1")
    with pytest.raises(Exception, match=r".+"):
        paying.pay(payment, actor=None, day=rows.DAY, voucher="1")


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "extension", "new_end": rows.END},
        {"kind": "extension", "new_end": date(2028, 6, 1)},
        {"kind": "extension", "new_end": None},
        {"kind": "leader", "new_leader": "王小明"},
        {"kind": "leader", "new_leader": " "},
        {"kind": "leave", "partner": "stranger"},
        {"kind": "join", "partner": "contractor"},
    ],
    ids=lambda values: "-".join(str(value) for value in values.values()),
)
def test_change_that_the_rules_do_not_allow_is_refused(values):
    contract = rows.contract()
    partners = {"stranger": people.organization(), "contractor": contract.organization}
    words = {**values, "partner": partners.get(values.get("partner"))}
    with pytest.raises(Refused):
        delivering.ask_change(
            contract, ContractChange(grounds="因故", **words), actor=None, day=rows.DAY, side="contractor"
        )


def test_one_extension_and_no_more():
    contract = rows.contract()
    for number, end in enumerate((date(2027, 8, 31), date(2027, 10, 31))):
        asked = ContractChange(kind="extension", new_end=end, grounds="数据晚到")
        if number:
            with pytest.raises(Refused):
                delivering.ask_change(contract, asked, actor=None, day=rows.DAY, side="contractor")
            continue
        delivering.ask_change(contract, asked, actor=None, day=rows.DAY, side="contractor")
        with pytest.raises(Refused):
            delivering.agree(asked, actor=None, day=rows.DAY, side="contractor")
        delivering.agree(asked, actor=None, day=rows.DAY, side="issuer")
        delivering.decide_change(asked, actor=None, day=rows.DAY, approved=True)
    contract.refresh_from_db()
    assert (contract.ends_on, contract.extensions) == (date(2027, 8, 31), 1)
    assert contract.milestones.last().due_on == date(2027, 8, 31)


def test_nobody_signs_for_the_other_side():
    contract = rows.contract(rows.challenge("awarded"), "draft")
    contractor, _issuer = deciders.signers(contract)
    with pytest.raises(Refused):
        contracting.sign(contract, actor=contractor, day=rows.DAY, side="issuer")


def test_end_at_fault_is_remembered_and_cancels_what_is_owed():
    payment = rows.payment()
    contract = payment.contract
    delivering.tell_difficulty(contract, actor=None, day=rows.DAY, text="数据未到")
    made = terminating.ask_termination(contract, actor=None, day=rows.DAY, grounds="无法完成", diligent=True)
    assert [one["what"] for one in made.evidence] == ["difficulty.told"]
    with pytest.raises(Refused):
        terminating.decide_termination(made, actor=None, day=rows.DAY, outcome="at_fault", finding="过错", returned=1)
    terminating.decide_termination(made, actor=None, day=rows.DAY, outcome="at_fault", finding="过错")
    contract.refresh_from_db()
    payment.refresh_from_db()
    assert (contract.state, payment.state, contract.challenge.state) == ("terminated", "cancelled", "terminated")
    assert contract.organization.bad_records.get().kind == "fault"


def test_diligent_end_leaves_what_is_due_and_no_record():
    payment = rows.payment()
    made = terminating.ask_termination(payment.contract, actor=None, day=rows.DAY, grounds="无法完成", diligent=True)
    terminating.decide_termination(made, actor=None, day=rows.DAY, outcome="exempt", finding="已尽职")
    payment.refresh_from_db()
    assert (payment.state, payment.contract.organization.bad_records.count()) == ("due", 0)
