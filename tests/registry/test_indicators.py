"""What the registry's indicators count."""

from datetime import date, timedelta

import pytest

from qunxing.directory.models import Residency, Scope
from qunxing.indicators.figures.asking import Ledgers, circle_of
from qunxing.indicators.figures.periods import Span
from qunxing.ledger.actions import change, create
from qunxing.registry.models import FilingStep
from tests import factories as people
from tests.indicators.asking import DAY, figure, number
from tests.registry import factories

pytestmark = pytest.mark.django_db
GRANT = date(2025, 5, 7)


def test_filings_in_force_are_counted_by_kind_from_their_grant() -> None:
    for kind in ("filed", "registered", "algorithm"):
        factories.filing(kind=kind)
    factories.filing("preparing")
    codes = ("filed_models", "registered_services", "algorithm_filings")
    assert [number(code) for code in codes] == [1, 1, 1]
    assert [number(code, GRANT - timedelta(1)) for code in codes] == [0, 0, 0]
    assert [number(code, GRANT, span=Span.MONTH) for code in
            ("models_newly_filed", "services_newly_registered", "algorithms_newly_filed")] == [1, 1, 1]  # fmt: skip


def test_grant_known_to_the_month_is_a_range_within_it() -> None:
    factories.filing(granted_precision="month", granted_on=date(2025, 5, 1))
    assert [(found.low, found.high) for found in (figure("filed_models", date(2025, 5, day)) for day in (30, 31))] == [
        (0, 1),
        (1, 1),
    ]


def test_steps_tell_when_a_filing_was_in_process_granted_and_ended() -> None:
    row = factories.filing("withdrawn", granted_on=GRANT)
    for state, day in (("submitted", 1), ("supplementing", 20), ("granted", 126), ("changed", 140), ("withdrawn", 160)):
        factories.step(row, state, date(2025, 1, 1) + timedelta(day))
    days = [date(2025, 1, 1) + timedelta(day) for day in (0, 2, 30, 130, 150, 161)]
    assert [number("filings_in_process", day) for day in days] == [0, 1, 1, 0, 0, 0]
    assert [number("filed_models", day) for day in days] == [0, 0, 0, 1, 1, 0]
    assert (number("filings_ended"), number("models_newly_filed")) == (1, 1)


def test_filing_reinstated_is_not_newly_granted_again() -> None:
    row = factories.filing(granted_on=GRANT)
    for state, day in (("granted", date(2024, 5, 7)), ("withdrawn", date(2025, 1, 2)), ("granted", GRANT)):
        factories.step(row, state, day)
    assert (number("models_newly_filed"), number("filed_models")) == (0, 1)
    assert number("models_newly_filed", date(2024, 12, 31)) == 1


def test_model_covered_by_two_filings_is_counted_once() -> None:
    model = factories.model()
    for kind in ("filed", "registered"):
        factories.coverage(factories.filing(kind=kind), model)
    ended = factories.filing("revoked")
    factories.step(ended, "granted", GRANT)
    factories.step(ended, "revoked", GRANT + timedelta(1))
    factories.coverage(ended, factories.model())
    assert number("models_with_filing") == 1
    assert number("models_with_filing", GRANT) == 2


def test_obligation_falls_due_ahead_of_its_day_and_is_overdue_after_it() -> None:
    row = factories.filing("preparing", went_live_on=date(2025, 3, 3))
    last = date(2025, 3, 17)  # ten working days
    days = [row.went_live_on - timedelta(1), row.went_live_on, last, last + timedelta(1)]
    assert [number("obligations_due", day) for day in days] == [0, 1, 1, 0]
    assert [number("obligations_overdue", day) for day in days] == [0, 0, 0, 1]


def test_share_is_of_the_city_whoever_filed_there() -> None:
    community = people.community()
    scopes = {code: people.scope(community, code) for code in Scope.Code.values}
    resident, outsider, other = (people.organization(division=code) for code in ("310104", "310115", "110108"))
    create(Residency(organization=resident, scope=scopes["space"], entered_on=date(2024, 1, 1)), actor=None)
    factories.filing(organization=resident, region="31")
    for _filing in range(3):
        factories.filing(organization=outsider, region="31")
    factories.filing(organization=other, region="11")
    assert [number("filed_models", scope=scopes[code]) for code in ("space", "district", "city")] == [1, 1, 4]
    assert number("share_of_city_total", scope=scopes["space"]) == 25
    assert number("share_of_city_total", scope=scopes["city"]) == 100


def test_share_of_everything_and_of_an_empty_city_cannot_be_told() -> None:
    city = people.scope(code=Scope.Code.CITY)
    factories.filing(region="11", organization=people.organization(division="110108"))
    for circle in (None, circle_of(city)):
        (part,) = Ledgers().ask("share_of_city_total", DAY, circle).parts
        assert part.undefined


def test_steps_before_publication_count_for_those_who_may_see_them() -> None:
    row = factories.filing("submitted")
    create(FilingStep(filing=row, state="submitted", day=GRANT), actor=None)
    readers = [people.user("staff"), people.member_of(row.organization), people.user("visitor")]
    assert [number("filings_in_process", user=reader) for reader in readers] == [1, 1, 0]


def test_state_that_no_step_explains_holds_since_it_was_written() -> None:
    row = factories.filing(granted_on=GRANT)
    change(row, actor=None, values={"state": "revoked"})
    found = figure("filed_models", GRANT + timedelta(5))
    assert (found.low, found.high) == (0, 1)
