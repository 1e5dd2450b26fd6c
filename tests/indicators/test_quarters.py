"""Quarters, and who may graduate: plain facts in, findings out."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.indicators.engine.graduation import Evidence, FirmFacts, Outcome, Terms, judge
from qunxing.indicators.engine.quarters import Quarter, last_ended, months_between

DAY = date(2025, 5, 7)
QUARTERS = st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4))


@given(QUARTERS)
def test_quarter_is_read_as_it_is_written(quarter: Quarter) -> None:
    assert Quarter.read(str(quarter)) == quarter
    assert Quarter.of(quarter.first) == Quarter.of(quarter.last) == quarter
    assert quarter.before(-1).before() == quarter


@given(QUARTERS, st.integers(0, 20))
def test_quarters_before_are_counted_through_the_years(quarter: Quarter, back: int) -> None:
    assert quarter.place - quarter.before(back).place == back


@pytest.mark.parametrize("text", ["", "2025Q5", "2025", "25Q1", "2025-Q1", "1999Q1", "9999Q1", "２０２５Q9"])
def test_what_is_no_quarter_is_not_read(text: str) -> None:
    assert Quarter.read(text) is None


@pytest.mark.parametrize(
    ("quarter", "day", "due"),
    [
        (Quarter(2025, 1), 20, date(2025, 4, 20)),
        (Quarter(2024, 4), 20, date(2025, 1, 20)),
        (Quarter(2025, 1), 31, date(2025, 4, 30)),
    ],
)
def test_return_is_due_in_the_month_after_the_quarter(quarter: Quarter, day: int, due: date) -> None:
    assert quarter.due(day) == due


def test_last_quarter_is_one_that_is_over() -> None:
    assert last_ended(date(2025, 3, 31)) == Quarter(2024, 4)
    assert last_ended(date(2025, 4, 1)) == Quarter(2025, 1)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2021, 5, 7), date(2025, 5, 7), 48),
        (date(2021, 5, 8), date(2025, 5, 7), 47),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2025, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_months_are_whole_ones(first: date, last: date, months: int) -> None:
    assert months_between(first, last) == months


# --- graduation -----------------------------------------------------------------------------------------------------


def outcomes(facts: FirmFacts, terms: Terms | None = None) -> dict[str, str]:
    return {str(row.rule): str(row.outcome) for row in judge(facts, terms or Terms(), DAY).conditions}


PROOF = Evidence("return", "r", date(2025, 12, 4))


@pytest.mark.parametrize(
    ("facts", "rule", "outcome"),
    [
        ({"filed": True, "certificates": (PROOF,)}, "certificate", "met"),
        ({"filed": True, "certificates": (Evidence("return", "r", date(2025, 5, 6)),)}, "certificate", "not"),
        ({"filed": True, "certificates": (Evidence("return", "r", DAY),)}, "certificate", "met"),
        ({"filed": True, "certificates": (Evidence("return", "r"),)}, "certificate", "unknown"),
        ({"filed": True}, "certificate", "not"),
        ({}, "certificate", "unknown"),
        ({"invested": 5_000_001}, "investment", "met"),
        ({"invested": 5_000_000}, "investment", "not"),
        ({"invested": 1, "invested_open": True}, "investment", "unknown"),
        ({"invested": 9_000_000, "invested_open": True}, "investment", "met"),
        ({"two_year_revenue": 10_000_001}, "revenue", "met"),
        ({"two_year_revenue": 10_000_000}, "revenue", "not"),
        ({}, "revenue", "unknown"),
        ({"exits": (Evidence("round", "r", DAY),)}, "exit", "met"),
        ({"exits": (Evidence("round", "r", date(2025, 5, 8)),)}, "exit", "not"),
        ({"exits": (Evidence("round", "r"),)}, "exit", "unknown"),
        ({}, "exit", "not"),
    ],
)
def test_condition_is_met_or_not_or_not_known(facts: dict[str, Any], rule: str, outcome: str) -> None:
    assert outcomes(FirmFacts(**facts))[rule] == outcome


def test_any_condition_is_enough() -> None:
    facts = FirmFacts(filed=True, two_year_revenue=1, invested=6_000_000)
    assert judge(facts, Terms(), DAY).may_graduate == Outcome.MET


def test_what_is_not_known_leaves_the_question_open() -> None:
    assert judge(FirmFacts(filed=True), Terms(), DAY).may_graduate == Outcome.UNKNOWN
    assert judge(FirmFacts(filed=True, two_year_revenue=1), Terms(), DAY).may_graduate == Outcome.NOT


def test_rule_out_of_force_is_not_asked() -> None:
    terms = Terms(certificate=False, investment=None, revenue=None, exit=False, entry_months=None, stay_months=None)
    found = judge(FirmFacts(entered=date(2000, 1, 1)), terms, DAY)
    assert (found.conditions, found.entry, found.stay) == ((), None, None)
    assert found.may_graduate == Outcome.NOT
    assert not found.overstays


@pytest.mark.parametrize(
    ("entered", "overstays"),
    [(date(2021, 5, 7), False), (date(2021, 5, 6), True), (date(2024, 1, 1), False), (None, False)],
)
def test_stay_is_too_long_after_its_last_month(entered: date | None, overstays: bool) -> None:
    assert judge(FirmFacts(entered=entered), Terms(), DAY).overstays == overstays


def test_age_on_entry_is_told() -> None:
    found = judge(FirmFacts(founded=date(2020, 1, 1), entered=date(2023, 1, 1)), Terms(), DAY).entry
    assert found is not None
    assert (found.outcome, found.number, found.bound) == (Outcome.NOT, 36, 24)
