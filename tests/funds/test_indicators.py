"""What the indicators of funds and financing count."""

from datetime import date
from math import isnan

import pytest

from qunxing.core.money import MoneyRange
from qunxing.directory.models import Scope
from qunxing.indicators.figures.periods import Span
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.funds import factories
from tests.funds.factories import YI, yuan
from tests.indicators.asking import DAY, figure, number, parts

pytestmark = pytest.mark.django_db


def test_rounds_are_counted_and_summed_by_currency_when_they_closed() -> None:
    factories.round_of(amount=yuan(2), closed_on=date(2025, 5, 7))
    factories.round_of(amount=yuan(1, 3), closed_on=date(2025, 5, 31))
    factories.round_of(amount=yuan(1, currency="USD"), closed_on=date(2025, 6, 1))
    factories.round_of(amount=yuan(9), closed_on=date(2024, 12, 31))
    assert number("rounds_closed", date(2025, 5, 31), span=Span.MONTH) == 2
    assert parts("financing") == {"CNY": (3 * YI, 5 * YI), "USD": (1 * YI, 1 * YI)}
    assert parts("financing_to_date")["CNY"] == (12 * YI, 14 * YI)


def test_undisclosed_amounts_are_counted_apart_and_in_no_sum() -> None:
    factories.round_of(amount=yuan(2), closed_on=DAY)
    factories.round_of(closed_on=DAY)
    assert (number("rounds_closed"), number("rounds_undisclosed")) == (2, 1)
    assert parts("financing") == {"CNY": (2 * YI, 2 * YI)}
    assert figure("financing").undisclosed == 1


def test_amount_over_something_leaves_the_sum_without_an_end() -> None:
    factories.round_of(amount=MoneyRange(YI, None, "CNY", True, False), closed_on=DAY)
    low, high = parts("financing")["CNY"]
    assert (low, isnan(high)) == (YI, True)


def test_round_known_to_the_month_may_or_may_not_be_in_the_period() -> None:
    factories.round_of(amount=yuan(2), closed_on=date(2025, 6, 1), closed_precision="month")
    assert parts("rounds_closed", date(2025, 6, 15)) == {"": (0, 1)}


def test_children_are_not_added_to_parents_of_their_level_and_currency() -> None:
    parent = factories.fund(yuan(50), vintage=2020)
    child = factories.fund(yuan(10), parent=parent, vintage=2021)
    factories.fund(yuan(3), parent=child, vintage=2021)
    factories.fund(yuan(4, currency="USD"), parent=parent, vintage=2021)
    factories.fund(yuan(600), level="national", vintage=2020)
    factories.fund(yuan(7), parent=factories.fund(level="market", vintage=2020), vintage=2020)
    assert parts("fund_size") == {
        "market·CNY": (57 * YI, 57 * YI),
        "market·USD": (4 * YI, 4 * YI),
        "national·CNY": (600 * YI, 600 * YI),
    }
    assert parts("funds")["market"] == (6, 6)


def test_child_counts_until_its_parent_is_there() -> None:
    child = factories.fund(yuan(10), vintage=2018)
    child.parent = factories.fund(yuan(50), vintage=2022)
    child.save()
    assert parts("fund_size", date(2020, 1, 1)) == {"market·CNY": (10 * YI, 10 * YI)}
    assert parts("fund_size", date(2023, 1, 1)) == {"market·CNY": (50 * YI, 50 * YI)}


def test_fund_hidden_between_two_leaves_no_double_sum() -> None:
    top = factories.fund(yuan(50), vintage=2020)
    hidden = factories.fund(yuan(20), parent=top, vintage=2020, visibility=Visibility.INTERNAL)
    factories.fund(yuan(5), parent=hidden, vintage=2020)
    assert parts("fund_size", user=people.user("visitor")) == {"market·CNY": (50 * YI, 50 * YI)}


def test_financing_of_a_scope_is_that_of_who_is_there() -> None:
    district = people.scope(code=Scope.Code.DISTRICT)
    for division in ("310104", "110108"):
        factories.round_of(people.organization(division=division), amount=yuan(1), closed_on=DAY)
    assert number("rounds_closed", scope=district) == 1
