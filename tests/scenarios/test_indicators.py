"""What the indicators of scenarios count."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from qunxing.directory.models import Scope
from qunxing.ledger.actions import change
from qunxing.ledger.models import Visibility
from qunxing.scenarios.models import Scenario
from tests import factories as people
from tests.indicators.asking import figure, number
from tests.scenarios import factories

pytestmark = pytest.mark.django_db
PUBLISHED = date(2026, 1, 5)
CODES = ("scenarios_published", "scenarios_matched", "scenarios_contracted", "scenarios_closed")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def moved(row: Scenario, *states: str) -> Scenario:
    for state in states:
        row = change(row, actor=None, values={"state": state})
    return row


def test_scenario_recorded_today_counts_from_its_publication(today: date) -> None:
    factories.scenario("published")
    before, on = PUBLISHED - timedelta(1), PUBLISHED
    assert [number("scenarios_live", day) for day in (before, on, today)] == [0, 1, 1]
    assert [number("scenarios_to_date", day) for day in (before, on)] == [0, 1]
    assert number("scenarios_published", on) == 1


def test_each_step_is_counted_when_it_was_recorded(today: date) -> None:
    moved(factories.scenario("published"), "matched", "in_delivery", "closed")
    assert [number(code, today) for code in CODES[1:]] == [1, 1, 1]
    assert [number(code, today - timedelta(1)) for code in CODES[1:]] == [0, 0, 0]
    assert (number("scenarios_live", today), number("scenarios_to_date", today)) == (0, 1)


def test_scenario_opened_again_is_not_published_or_matched_anew(today: date) -> None:
    moved(factories.scenario("published"), "matched", "published", "matched")
    assert (number("scenarios_matched", today), number("scenarios_to_date", today)) == (1, 1)


def test_draft_that_was_never_published_counts_nowhere(today: date) -> None:
    factories.scenario("draft")
    factories.scenario("withdrawn", published_on=None)
    assert {number(code, today) for code in (*CODES, "scenarios_live", "scenarios_to_date")} == {0}


def test_budgets_are_ranges_and_the_undisclosed_are_counted_apart() -> None:
    factories.scenario("published")
    factories.scenario("published", budget_low=None, budget_high=None, budget_undisclosed=True)
    found = figure("scenario_money", PUBLISHED)
    assert (found.low, found.high, found.undisclosed) == (3_000_000, 5_000_000, 1)


def test_scenario_lies_where_it_is_to_run_else_where_its_owner_is() -> None:
    district = people.scope(code=Scope.Code.DISTRICT)
    owner = people.organization(division="310104")
    for values in ({"division": "310104"}, {"organization": owner}, {"organization": owner, "division": "310115"}):
        factories.scenario("published", **values)
    assert number("scenarios_live", PUBLISHED, scope=district) == 3
    owner.division = "110108"
    owner.save()
    assert number("scenarios_live", PUBLISHED, scope=district) == 1


@pytest.mark.parametrize(
    ("reader", "counted"), [("anonymous", 1), ("visitor", 2), ("member", 3), ("officer", 3), ("staff", 3)]
)
def test_total_is_over_what_the_reader_may_see(reader: str, counted: int) -> None:
    rows = [factories.scenario("published", visibility=level) for level in Visibility.values]
    made: dict[str, Any] = {"anonymous": AnonymousUser(), "member": people.member_of(rows[-1].organization)}
    user = made[reader] if reader in made else people.user(reader)
    assert number("scenarios_live", PUBLISHED, user=user) == counted
