"""The time a figure speaks of is kept no more exactly than it is known."""

from datetime import date

import pytest
from django.utils.translation import override

from qunxing.core.dates import DateError
from qunxing.indicators.days import parse_as_of, show_as_of, typed_as_of
from qunxing.indicators.models import Claim


@pytest.mark.parametrize(
    ("text", "low", "high", "precision"),
    [
        ("2025-04-29", (2025, 4, 29), (2025, 4, 29), "day"),
        ("2025年5月", (2025, 5, 1), (2025, 5, 31), "month"),
        ("2025-02", (2025, 2, 1), (2025, 2, 28), "month"),
        ("2025Q1", (2025, 1, 1), (2025, 3, 31), "quarter"),
        ("2025年第四季度", (2025, 10, 1), (2025, 12, 31), "quarter"),
        ("2025", (2025, 1, 1), (2025, 12, 31), "year"),
        ("2025-01 至 2025-03-15", (2025, 1, 1), (2025, 3, 15), "period"),
        ("2025-01-01 – 2025-02-01", (2025, 1, 1), (2025, 2, 1), "period"),
    ],
)
def test_time_is_read_and_can_be_typed_again(text, low, high, precision):
    found = parse_as_of(text)
    assert found == (date(*low), date(*high), precision)
    claim = Claim(as_of_low=found[0], as_of_high=found[1], as_of_precision=precision)
    assert parse_as_of(typed_as_of(claim)) == found


@pytest.mark.parametrize("text", ["2023-02-30", "去年", "2025Q5", "2025-13", "", "2025-01 至 某日", "45000"])
def test_time_that_cannot_be_is_refused(text):
    with pytest.raises(DateError):
        parse_as_of(text)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2025-04-29", "2025年4月29日", "2025-04-29"),
        ("2025-05", "2025年5月", "2025-05"),
        ("2025Q2", "2025年第2季度", "Q2 2025"),
        ("2025", "2025年", "2025"),
        ("2025-01-01 至 2025-02-01", "2025年1月1日 – 2025年2月1日", "2025-01-01 – 2025-02-01"),
    ],
)
def test_time_is_shown_in_the_readers_language(text, zh, en):
    low, high, precision = parse_as_of(text)
    claim = Claim(as_of_low=low, as_of_high=high, as_of_precision=precision)
    with override("zh-hans"):
        assert show_as_of(claim) == zh
    with override("en"):
        assert show_as_of(claim) == en
