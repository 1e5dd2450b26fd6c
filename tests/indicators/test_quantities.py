"""Quantities from prose are ranges, not points."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.indicators.quantities import Quantity, disjoint, notation, parse_quantity


@pytest.mark.parametrize(
    ("text", "shown", "unit"),
    [
        ("近400家", "<400", "家"),
        ("近400", "<400", ""),
        ("100余家", ">100", "家"),
        ("100餘家", ">100", "家"),
        ("100 余家", ">100", "家"),
        ("超5万张卡", ">50,000", "张卡"),
        ("超5萬張卡", ">50,000", "張卡"),
        ("200多个", ">200", "个"),
        ("61%", "61", "%"),
        ("30EFLOPS", "30", "EFLOPS"),
        ("30.5 EFLOPS", "30.5", "EFLOPS"),
        ("600億元", "60,000,000,000", "元"),
        ("一兩周", "1–2", "周"),
        ("1至2周", "1–2", "周"),
        ("约5万张", "≈50,000", "张"),
        ("≈400", "≈400", ""),
        ("400家以上", "≥400", "家"),
        ("100家左右", "≈100", "家"),
        ("不到两年", "<2", "年"),
        ("<400", "<400", ""),
        ("1,000", "1,000", ""),
        ("４３个", "43", "个"),
    ],
)
def test_text_is_read_as_a_range(text, shown, unit):
    quantity = parse_quantity(text)
    assert (notation(quantity), quantity.unit) == (shown, unit)


@pytest.mark.parametrize("text", ["", "   ", "很多家", "家", "数不清", "1" * 500, "=1+1"])
def test_text_that_is_no_quantity_is_refused(text):
    assert parse_quantity(text) is None


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    found = parse_quantity(text)
    assert found is None or found.low is not None or found.high is not None


@st.composite
def quantities(draw):
    numbers = st.decimals(min_value=0, max_value=10**12, places=2)
    low, high = sorted([draw(numbers), draw(numbers)])
    shape = draw(st.sampled_from(["exact", "about", "over", "least", "under", "most", "range"]))
    return {
        "exact": Quantity(low, low),
        "about": Quantity(low, low, True, True),
        "over": Quantity(low, None, low_open=True),
        "least": Quantity(low, None),
        "under": Quantity(None, high, high_open=True),
        "most": Quantity(None, high),
        "range": Quantity(low, high),
    }[shape]


@given(quantities())
def test_notation_is_read_back(quantity):
    assert parse_quantity(notation(quantity)) == quantity


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("近400", "100余", False),
        ("近400", "400", True),
        ("43", "43", False),
        ("43", "45", True),
        ("约43", "45", False),
        ("约43", "60", True),
        ("不超过40", "40", False),
        ("100余", "100", True),
        ("1-2", "2-3", False),
    ],
)
def test_ranges_with_no_number_in_common_are_told_apart(one, other, apart):
    first, second = parse_quantity(one), parse_quantity(other)
    assert (disjoint(first, second), disjoint(second, first)) == (apart, apart)


def test_number_is_written_without_trailing_zeros():
    assert notation(Quantity(Decimal("61.500000"), Decimal("61.500000"))) == "61.5"
