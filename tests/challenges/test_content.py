"""What a bid holds, and what it lacks."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from qunxing.challenges.content import Answer, BadContent, BidContent, BudgetRow, Party, Person
from qunxing.challenges.gaps import Asked, Wanted, gaps, stopping
from qunxing.challenges.terms import Terms

TARGETS = (
    Wanted("t1", "准确率", "ge", Decimal(95), unit="%"),
    Wanted("t2", "时延", "between", Decimal(2), Decimal(5), "s"),
)
WHOLE = BidContent(
    lead=Party("lead", "甲", "总体", 100),
    leader=Person(name="王小明", phone="13900001111"),
    team=(Person(name="赵一"),),
    background="现状",
    route="路线",
    basis="基础",
    joint_plan="计划",
    answers=(Answer("t1", "96.5", "%", "报告"), Answer("t2", "3", "s", "报告")),
    budget=(BudgetRow("equipment", 1, 500, 500), BudgetRow("labour", 2, 0, 100)),
    total=1_100,
    grant=500,
    facts_confirmed=True,
)


def asked(**terms: Any) -> Asked:
    bidding = {"stamped_pdf": False} | terms.pop("bidding", {})
    return Asked(Terms.read({"bidding": bidding, **terms}), TARGETS, 10_000, {"p": "confirmed", "q": "invited"})


def codes(content: BidContent, **terms: Any) -> list[tuple[str, str]]:
    return [(gap.where, gap.code) for gap in gaps(content, asked(**terms))]


def test_a_whole_bid_lacks_nothing() -> None:
    assert codes(WHOLE) == []


def test_content_is_read_as_it_was_written() -> None:
    assert BidContent.read(WHOLE.as_json()) == WHOLE


@pytest.mark.parametrize(
    ("stored", "where"),
    [
        ({"rout": "x"}, "rout"),
        ({"route": 5}, "route"),
        ({"route": "x" * 20_001}, "route"),
        ({"route": "\ud800"}, "route"),
        ({"total": -1}, "total"),
        ({"total": 1.5}, "total"),
        ({"total": True}, "total"),
        ({"team": [{"name": 1}]}, "team.1.name"),
        ({"team": [{}] * 201}, "team"),
        ({"facts_confirmed": "yes"}, "facts_confirmed"),
        ({"lead": "甲"}, "lead."),
        ([], "content"),
    ],
    ids=range(12),
)
def test_what_cannot_stand_is_named(stored: Any, where: str) -> None:
    with pytest.raises(BadContent) as error:
        BidContent.read(stored)
    assert error.value.where == where


ANSWERED = WHOLE.answers[1]
GAPS = {
    "nothing at all": (replace(WHOLE, route=" "), ("route", "missing")),
    "no leader": (replace(WHOLE, leader=Person(phone="1")), ("leader.name", "missing")),
    "no way to reach the leader": (replace(WHOLE, leader=Person(name="王")), ("leader.phone", "no_contact")),
    "no team": (replace(WHOLE, team=()), ("team", "missing")),
    "an indicator without answer": (replace(WHOLE, answers=(ANSWERED,)), ("answers.t1.value", "no_answer")),
    "an answer that is no number": (
        replace(WHOLE, answers=(Answer("t1", "很高", "%", "报告"), ANSWERED)),
        ("answers.t1.value", "no_number"),
    ),
    "an answer in another unit": (
        replace(WHOLE, answers=(Answer("t1", "965", "‰", "报告"), ANSWERED)),
        ("answers.t1.unit", "other_unit"),
    ),
    "a percentage above a hundred": (
        replace(WHOLE, answers=(Answer("t1", "101", "％", "报告"), ANSWERED)),
        ("answers.t1.value", "not_a_percentage"),
    ),
    "an answer without proof": (
        replace(WHOLE, answers=(Answer("t1", "96", "%"), ANSWERED)),
        ("answers.t1.proof", "no_proof"),
    ),
    "no budget": (replace(WHOLE, budget=(), total=0, grant=0), ("budget", "missing")),
    "a total that is not the sum": (replace(WHOLE, total=1_101), ("total", "total_differs")),
    "a grant that is not the sum": (replace(WHOLE, grant=501), ("grant", "grant_differs")),
    "a category that the rules do not know": (
        replace(WHOLE, budget=(BudgetRow("travel", 1, 500, 600),)),
        ("budget.1", "no_such_row"),
    ),
    "a year beyond the rules": (
        replace(WHOLE, budget=(BudgetRow("labour", 4, 500, 600),)),
        ("budget.1", "no_such_row"),
    ),
    "facts that nobody confirmed": (replace(WHOLE, facts_confirmed=False), ("facts", "not_confirmed")),
}


@pytest.mark.parametrize("name", GAPS)
def test_a_gap_is_named_with_its_place(name: str) -> None:
    content, gap = GAPS[name]
    assert codes(content) == [gap]


def partner(ref: str = "p", share: int = 40, tasks: str = "数据") -> Party:
    return Party(ref, f"伙伴{ref}", tasks, share)


def joined(*partners: Party, lead_share: int = 60) -> BidContent:
    return replace(WHOLE, lead=replace(WHOLE.lead, share=lead_share), partners=partners)


PARTNER_GAPS = {
    "one who has not confirmed": (joined(partner("q")), ("partners.1.confirmed", "partner_invited")),
    "one who was not asked": (joined(partner("r")), ("partners.1.confirmed", "partner_unasked")),
    "one who is not on the ledger": (joined(partner("")), ("partners.1.name", "not_on_ledger")),
    "one without tasks": (joined(partner(tasks=" ")), ("partners.1.tasks", "no_tasks")),
    "shares that do not make a hundred": (joined(partner(share=41)), ("partners", "shares")),
    "the lead as its own partner": (joined(Party("lead", "甲", "数据", 40)), ("partners.1.name", "twice")),
}


@pytest.mark.parametrize("name", PARTNER_GAPS)
def test_a_gap_of_a_partner_is_named(name: str) -> None:
    content, gap = PARTNER_GAPS[name]
    assert gap in codes(content)


def test_a_partner_who_confirmed_leaves_the_agreement_alone() -> None:
    assert codes(joined(partner())) == [("attachments", "no_agreement")]


def test_the_rules_set_the_limits() -> None:
    assert codes(WHOLE, budget={"own_share": 55}) == [("budget", "own_share")]
    assert codes(WHOLE, funding={"cap_percent": 45}) == [("grant", "over_share")]
    assert codes(WHOLE, funding={"cap_amount": 499}) == [("grant", "over_amount")]
    assert codes(WHOLE, bidding={"stamped_pdf": True}) == [("attachments", "no_stamped")]
    assert ("partners", "too_many") in codes(joined(partner("a"), partner("b")), bidding={"partners": 1})


def test_shares_are_held_against_the_rules_without_rounding() -> None:
    third = replace(WHOLE, budget=(BudgetRow("labour", 1, 2, 1),), total=3, grant=2)
    assert codes(third, funding={"cap_percent": 66}) == [("grant", "over_share")]
    assert codes(third, funding={"cap_percent": 67}) == []


def test_an_answer_below_its_target_is_remarked_and_stops_nothing() -> None:
    low = replace(WHOLE, answers=(Answer("t1", "94.9", "%", "报告"), ANSWERED))
    found = gaps(low, asked())
    assert [(gap.code, gap.stops) for gap in found] == [("below_target", False)]
    assert stopping(found) == ()


@pytest.mark.parametrize(
    ("operator", "number", "reached"),
    [
        ("ge", "95", True),
        ("ge", "94.99", False),
        ("le", "95", True),
        ("gt", "95", False),
        ("lt", "94", True),
        ("eq", "95.0", True),
        ("between", "99", True),
        ("between", "101", False),
    ],
)
def test_targets_are_reached_as_their_operator_says(operator: str, number: str, reached: bool) -> None:
    assert Wanted("t", "x", operator, Decimal(95), Decimal(100)).is_reached_by(Decimal(number)) is reached
