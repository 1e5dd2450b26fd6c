"""Money in parts, and targets that are met."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.challenges.tranches import enough, meets, most, split


@st.composite
def percents(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=7)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]


@given(st.integers(0, 10**13), percents())
def test_tranches_always_add_up(total, parts):
    amounts = split(total, parts)
    assert sum(amounts) == total
    assert all(abs(amount * 100 - total * part) < 100 for amount, part in zip(amounts, parts, strict=True))


def test_odd_yuan_goes_to_the_largest_remainder():
    assert split(101, (40, 30, 30)) == (41, 30, 30)
    assert split(5_000_000, (40, 30, 30)) == (2_000_000, 1_500_000, 1_500_000)


@pytest.mark.parametrize("parts", [(40, 30), (120, -20), ()])
def test_parts_that_do_not_make_a_hundred_are_refused(parts):
    with pytest.raises(ValueError, match="make 100"):
        split(100, parts)


def test_grant_is_capped_by_percent_and_by_amount():
    assert most(10_000_001, 50, 0) == 5_000_000
    assert most(10_000_000, 50, 3_000_000) == 3_000_000


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("ge", "95", True), ("ge", "94.99", False), ("gt", "95", False), ("le", "95", True), ("lt", "95", False),
        ("eq", "95.0", True), ("between", "98", True), ("between", "98.01", False),
    ],
)  # fmt: skip
def test_target_is_met(operator, value, met):
    assert meets(operator, Decimal(95), Decimal(98) if operator == "between" else None, Decimal(value)) is met


def test_unknown_operator_is_refused():
    with pytest.raises(ValueError, match="no operator"):
        meets("near", Decimal(1), None, Decimal(1))


def test_eighty_percent_is_counted_exactly():
    assert enough([True] * 4 + [False], 80)
    assert not enough([True] * 7 + [False] * 2, 80)
    assert not enough([], 1)
