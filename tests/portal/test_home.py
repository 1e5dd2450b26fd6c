"""The first page of each kind of user."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qunxing.accounts.models import Kind
from qunxing.directory.models import Residency
from qunxing.ledger.actions import create
from qunxing.ledger.models import Visibility
from qunxing.portal.hero import figures_of, hero_of, month_of
from qunxing.portal.home import last_quarters
from tests import factories
from tests.indicators.factories import claim

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)


@pytest.fixture
def visitor() -> Any:
    return factories.user()


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_home_answers_each_kind_of_user(client: Any, kind: str, language: str) -> None:
    factories.community()
    client.cookies["language"] = language
    client.force_login(factories.user(kind))
    assert client.get("/").status_code == 200


def test_home_of_an_empty_installation_answers(client: Any) -> None:
    assert client.get("/").status_code == 200


def test_hero_is_for_those_without_work_here(client: Any) -> None:
    factories.community()
    assert "hero-figures" not in client.get("/").content.decode()
    client.force_login(factories.user(Kind.STAFF))
    assert client.get("/").context["hero"] is None


def test_hero_tells_the_newest_claim_of_a_kind_with_scope_day_and_source(visitor: Any) -> None:
    scope = factories.scope()
    source = factories.source(title="旧闻", publisher="徐汇报")
    claim(scope=scope, as_of_low=date(2024, 4, 29), value_low=Decimal(50))
    claim(scope=scope, origin=source)
    (figure,) = figures_of(scope.community, visitor)
    assert (figure.number, figure.unit, figure.day, figure.source) == ("超100", "家", "2025年4月29日", "徐汇报")
    assert figure.scope == str(scope)


def test_hero_leaves_out_plans_others_scopes_and_what_is_hidden(visitor: Any) -> None:
    scope = factories.scope()
    claim(scope=scope, status="planned")
    claim(scope_text="全国")
    claim(scope=scope, visibility=Visibility.INTERNAL)
    assert figures_of(scope.community, visitor) == []


def test_hero_names_the_core_firms_that_live_here(visitor: Any) -> None:
    scope, firm, gone, star = factories.scope(), *(factories.organization() for _number in range(3))
    create(Residency(organization=firm, scope=scope, tier="core"), actor=None)
    create(Residency(organization=gone, scope=scope, tier="core", stage="left", left_on=date(2026, 1, 1)), actor=None)
    create(Residency(organization=star, scope=scope, tier="star"), actor=None)
    assert hero_of(scope.community, user=visitor, today=DAY).firms == [firm]


@pytest.mark.parametrize(("kept", "shown"), [("2023-09", "2023年9月"), ("2023", "2023年"), ("", "")])
def test_month_is_told_in_the_readers_way(kept: str, shown: str) -> None:
    assert month_of(kept) == shown


def test_last_quarters_cross_years() -> None:
    assert last_quarters(date(2026, 2, 28), 3) == [date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]


def test_rail_marks_where_one_is(client: Any) -> None:
    client.force_login(factories.user(Kind.STAFF))
    nav = client.get("/fields/").context["nav"]
    assert [item.url for item in nav if item.active] == ["/fields/"]
