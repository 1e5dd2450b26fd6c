"""What the indicators of firms in residence count."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.directory.models import Organization, Residency, Scope
from qunxing.indicators.figures.asking import Ledgers
from qunxing.ledger.actions import create
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.indicators.asking import DAY, figure, number

pytestmark = pytest.mark.django_db
ENTERED = date(2024, 1, 10)


@pytest.fixture
def scopes() -> dict[str, Scope]:
    community = people.community()
    return {code: people.scope(community, code) for code in Scope.Code.values}


def stay(scope: Scope, firm: Organization | None = None, **values: object) -> Residency:
    words = {"entered_on": ENTERED} | values
    return create(Residency(organization=firm or people.organization(), scope=scope, **words), actor=None)


def test_firm_with_two_stays_is_counted_once(scopes: dict[str, Scope]) -> None:
    firm = people.organization()
    stay(scopes["space"], firm, stage="moved", left_on=date(2024, 6, 1))
    stay(scopes["surroundings"], firm, entered_on=date(2024, 6, 1))
    stay(scopes["district"], firm, entered_on=date(2024, 9, 1))
    assert number("resident_firms", scope=scopes["district"]) == 1
    assert [number("resident_firms", day, scope=scopes["space"]) for day in (date(2024, 5, 31), date(2024, 6, 1))] == [
        1,
        0,
    ]


def test_ways_of_leaving_are_told_apart(scopes: dict[str, Scope]) -> None:
    for stage in ("graduated", "left", "moved"):
        stay(scopes["space"], stage=stage, left_on=DAY)
    assert (number("firms_graduated"), number("firms_left"), number("resident_firms")) == (1, 2, 0)


def test_end_without_a_day_came_at_the_latest_when_it_was_written(scopes: dict[str, Scope]) -> None:
    stay(scopes["space"], stage="left")
    found = figure("resident_firms", ENTERED + timedelta(9))
    assert (found.low, found.high) == (0, 1)


def test_stay_without_a_day_is_perhaps_older_than_its_record(scopes: dict[str, Scope]) -> None:
    stay(scopes["space"], entered_on=None)
    found = figure("firms_moved_in")
    assert ((found.low, found.high, found.undated), figure("resident_firms").high) == ((0, 0, 1), 1)


def test_work_on_models_is_told_by_the_field(scopes: dict[str, Scope]) -> None:
    for fields in (("foundation-language",), ("foundation",), ("vision",)):
        stay(scopes["space"], people.organization(fields=fields))
    assert (number("clustered_llm_firms"), number("resident_firms")) == (2, 3)


def test_growth_is_on_the_same_day_a_year_before(scopes: dict[str, Scope]) -> None:
    for entered in (ENTERED, ENTERED, DAY):
        stay(scopes["space"], entered_on=entered)
    assert number("resident_growth", scope=scopes["space"]) == 50
    (part,) = Ledgers().ask("resident_growth", ENTERED).parts
    assert part.undefined


@pytest.mark.parametrize(
    ("reader", "counted"), [("anonymous", 1), ("visitor", 2), ("member", 3), ("officer", 3), ("staff", 3)]
)
def test_total_is_over_what_the_reader_may_see(reader: str, counted: int, scopes: dict[str, Scope]) -> None:
    firms = [people.organization(visibility=level) for level in Visibility.values]
    for firm in firms:
        stay(scopes["space"], firm)
    if reader == "anonymous":
        user: object = AnonymousUser()
    else:
        user = people.member_of(firms[-1]) if reader == "member" else people.user(reader)
    assert number("resident_firms", user=user) == counted
    assert number("resident_firms", user=user, scope=scopes["city"]) == counted
