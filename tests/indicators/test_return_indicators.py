"""What the indicators of quarterly returns count."""

from datetime import date

import pytest

from qunxing.indicators.figures.periods import Span
from qunxing.ledger.actions import change
from tests import factories as people
from tests.indicators.asking import number, parts
from tests.indicators.returning import return_of, tenant

pytestmark = pytest.mark.django_db

END = date(2025, 3, 31)


def test_returns_are_summed_in_the_quarter_that_they_speak_of() -> None:
    scope = people.scope()
    firm, other = tenant(scope), tenant(scope)
    return_of(firm, revenue=1_000_000, profit=-3_000)
    return_of(other, "accepted", revenue=2_500_000, profit=1_000)
    return_of(tenant(scope), "draft", revenue=9_000_000)
    return_of(firm, "accepted", year=2024, quarter=4, revenue=7_000_000)
    assert number("returns_filed", END, span=Span.QUARTER) == 2
    assert parts("return_revenue", END, span=Span.QUARTER) == {"": (3_500_000, 3_500_000)}
    assert parts("return_profit", END, span=Span.QUARTER) == {"": (-2_000, -2_000)}
    assert parts("return_revenue", date(2024, 12, 31), span=Span.QUARTER) == {"": (7_000_000, 7_000_000)}


def test_staff_stand_from_the_end_of_a_quarter_to_that_of_the_next() -> None:
    firm = tenant()
    return_of(firm, year=2024, quarter=4, staff=21)
    return_of(firm, staff=30)
    told = {day: number("return_staff", day) for day in (date(2025, 3, 30), END, date(2025, 6, 29))}
    assert list(told.values()) == [21, 30, 30]


def test_correction_changes_what_is_told() -> None:
    row = return_of(revenue=1_000_000)
    change(row, actor=None, values={"revenue": 1_200_000})
    assert number("return_revenue", END, span=Span.QUARTER) == 1_200_000
