"""What is added up, what is not, and that it is said."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.core.money import MoneyRange
from qunxing.funds.models import Fund, Round
from qunxing.funds.queries import financing_totals, fund_totals
from qunxing.funds.queries.sums import added
from qunxing.funds.queries.totals import BELOW_ANOTHER, NOT_KNOWN
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.funds import factories
from tests.funds.factories import YI, yuan

pytestmark = pytest.mark.django_db


def sums(**words: Any) -> list[tuple[str, str, int | None, int | None, int]]:
    found = fund_totals(people.user("staff"), **words)
    return [(one.level, one.money.currency, one.money.low, one.money.high, one.funds) for one in found.totals]


def gaps(user: Any = None) -> list[tuple[str, list[str]]]:
    found = fund_totals(user or people.user("staff"))
    return [(str(gap.reason), [fund.name for fund in gap.funds]) for gap in found.left_out]


def test_levels_are_not_added_up() -> None:
    for level, size in (("national", 600), ("city", 225), ("district", 200)):
        factories.fund(yuan(size), level=level)
    assert sums() == [
        ("national", "CNY", 600 * YI, 600 * YI, 1),
        ("city", "CNY", 225 * YI, 225 * YI, 1),
        ("district", "CNY", 200 * YI, 200 * YI, 1),
    ]


def test_child_is_not_added_to_its_parent() -> None:
    top = factories.fund(yuan(225), level="city", name="母基金")
    middle = factories.fund(yuan(30), level="market", name="市场化子基金", parent=top)
    factories.fund(yuan(10), level="city", name="孙基金", parent=middle)
    assert sums() == [("city", "CNY", 225 * YI, 225 * YI, 1), ("market", "CNY", 30 * YI, 30 * YI, 1)]
    assert gaps() == [(str(BELOW_ANOTHER), ["孙基金"])]


def test_child_counts_where_its_parent_does_not() -> None:
    top = factories.fund(level="city", name="规模未知的母基金")
    factories.fund(yuan(10), level="city", parent=top)
    assert sums() == [("city", "CNY", 10 * YI, 10 * YI, 1)]
    assert gaps() == [(str(NOT_KNOWN), ["规模未知的母基金"])]


def test_child_in_another_currency_or_level_is_counted_apart() -> None:
    top = factories.fund(yuan(9), level="city")
    factories.fund(yuan(1, currency="USD"), level="city", parent=top)
    factories.fund(yuan(2), level="market", parent=top)
    assert sums() == [
        ("city", "CNY", 9 * YI, 9 * YI, 1),
        ("city", "USD", YI, YI, 1),
        ("market", "CNY", 2 * YI, 2 * YI, 1),
    ]


def test_hidden_parent_is_not_named() -> None:
    top = factories.fund(yuan(225), level="city", name="内部母基金", visibility=Visibility.INTERNAL)
    factories.fund(yuan(10), level="city", parent=top)
    assert gaps(AnonymousUser()) == []
    assert [one.money.low for one in fund_totals(AnonymousUser()).totals] == [10 * YI]


def test_currencies_are_not_added_up() -> None:
    factories.fund(yuan(2))
    factories.fund(yuan(1, currency="USD"))
    factories.fund(yuan(3))
    assert sums() == [("market", "CNY", 5 * YI, 5 * YI, 2), ("market", "USD", YI, YI, 1)]


def test_totals_of_some_funds_only() -> None:
    factories.fund(yuan(2))
    factories.fund(yuan(3), vintage=2024)
    assert sums(rows=Fund.objects.filter(vintage=2024)) == [("market", "CNY", 3 * YI, 3 * YI, 1)]


def test_totals_say_what_they_do_not_add() -> None:
    assert len(fund_totals(people.user("staff")).remarks) == 2


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        ([(1, 1, False, False), (2, 5, False, True)], (3, 6, False, True)),
        ([(1, 1, False, False), (2, None, True, False)], (3, None, True, False)),
        ([(None, 4, False, True), (None, 2, False, False)], (None, 6, False, True)),
        ([(None, 4, False, True), (2, 2, False, False)], (2, 6, False, True)),
    ],
)
def test_sum_of_ranges_is_a_range(amounts: list[tuple[Any, ...]], total: tuple[Any, ...]) -> None:
    ranges = [MoneyRange(low, high, "CNY", *ends) for low, high, *ends in amounts]
    low, high, *ends = total
    assert added(ranges, "CNY") == MoneyRange(low, high, "CNY", *ends)


def test_rounds_are_counted_apart_by_how_they_were_told() -> None:
    for money in (yuan(1), yuan(2), yuan(1, 3), yuan(3, currency="USD"), None):
        factories.round_of(amount=money)
    found = financing_totals(people.user("staff"))
    shown = [
        (one.currency, one.exact, one.exact_money.low, one.ranges, one.range_money.low, one.range_money.high)
        for one in found.currencies
    ]
    assert shown == [("CNY", 2, 3 * YI, 1, YI, 3 * YI), ("USD", 1, 3 * YI, 0, None, None)]
    assert found.undisclosed == 1


def test_range_without_an_end_leaves_the_sum_without_one() -> None:
    factories.round_of(amount=MoneyRange(5, None, "CNY", low_open=True))
    factories.round_of(amount=MoneyRange(5, 9, "CNY"))
    (found,) = financing_totals(people.user("staff")).currencies
    assert found.range_money == MoneyRange(10, None, "CNY", low_open=True)


def test_rounds_of_hidden_organisations_are_in_no_total() -> None:
    firm = people.organization(visibility=Visibility.INTERNAL)
    factories.round_of(firm, yuan(1))
    factories.round_of(amount=yuan(2))
    (found,) = financing_totals(AnonymousUser()).currencies
    assert (found.exact, found.exact_money.low) == (1, 2 * YI)
    assert financing_totals(people.user("officer"), Round.objects.filter(organization=firm)).currencies[0].exact == 1
