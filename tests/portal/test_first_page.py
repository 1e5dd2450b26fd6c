"""The first page counts and names what its reader may see, in a constant number of queries."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.directory.models import Residency
from qunxing.intake.models import StaffRow
from qunxing.ledger.actions import create
from qunxing.portal.home import PANELS, home_for
from tests import factories, grounds
from tests.funds import factories as funds
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
SECRET = "不可外传"
HIDDEN = {"visibility": "internal"}


@pytest.fixture
def place() -> SimpleNamespace:
    """A firm and a house, with one open row of each kind and hidden ones of others."""
    made = SimpleNamespace(firm=factories.organization(), house=factories.organization(roles=("fund_manager",)))
    made.scope = factories.scope()
    open_rows(made)
    for values in (HIDDEN, {"organization": factories.organization(name=f"{SECRET}有限公司", **HIDDEN)}):
        hidden_rows(made, values)
    return made


def open_rows(place: SimpleNamespace) -> None:
    create(Residency(organization=place.firm, scope=place.scope, tier="core"), actor=None)
    registry.model(place.firm)
    registry.filing(organization=place.firm)
    registry.filing(organization=place.firm, kind="registered")
    funds.fund(manager=place.house)
    scenarios.scenario("published", organization=place.firm)
    resources.offer(provider=place.firm, state="open")


def hidden_rows(place: SimpleNamespace, values: dict[str, Any]) -> None:
    """Rows that are closed themselves, or stand with an organisation that is."""
    other = values.get("organization") or factories.organization()
    closed = {name: value for name, value in values.items() if name == "visibility"}
    create(Residency(organization=other, scope=place.scope, tier="core", **closed), actor=None)
    registry.filing(name=f"{SECRET}备案", organization=other, **closed)
    scenarios.scenario("published", title=f"{SECRET}场景", organization=other, **closed)
    resources.offer(title=f"{SECRET}资源", provider=other, state="open", **closed)
    registry.model(other, name=f"{SECRET}模型", **HIDDEN)
    funds.fund(name=f"{SECRET}基金", **HIDDEN)


def tiles(user: Any) -> list[int]:
    return [tile.value for tile in home_for(user, timezone.localdate()).tiles]


OPEN, ALL = [1, 1, 1, 1, 1, 1], [3, 3, 3, 1, 3, 3]


@pytest.mark.parametrize("role", grounds.ROLES)
def test_figures_count_what_the_reader_may_see(place: SimpleNamespace, role: str) -> None:
    user = grounds.ROLES[role](place.firm, place.house)
    assert tiles(user) == (ALL if role in {"staff", "officer"} else OPEN)


@pytest.mark.parametrize("role", [role for role in grounds.ROLES if role not in {"staff", "officer"}])
def test_page_names_nothing_hidden(client: Client, place: SimpleNamespace, role: str) -> None:
    user = grounds.ROLES[role](place.firm, place.house)
    if user.is_authenticated:
        client.force_login(user)
    answer = client.get("/")
    charts = dict(answer.context["home"].charts)
    assert SECRET not in answer.content.decode()
    assert sum(sum(series["data"]) for series in charts["scenarios"]["series"]) == 1


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_oversight_sees_all(client: Client, place: SimpleNamespace, role: str) -> None:
    client.force_login(grounds.ROLES[role](place.firm, place.house))
    assert SECRET in client.get("/").content.decode()


def test_figures_lead_to_lists_that_hold_as_many(client: Client, place: SimpleNamespace) -> None:
    for user in (None, factories.user(Kind.STAFF)):
        if user is not None:
            client.force_login(user)
        home = client.get("/").context["home"]
        listed = [client.get(tile.url).context["page"].total for tile in home.tiles]
        assert listed == [tile.value for tile in home.tiles]


# --- what waits for whom --------------------------------------------------------------------------------------------


def titles(user: Any) -> list[str]:
    return [str(panel.title) for panel in home_for(user, timezone.localdate()).panels]


def rows_of(user: Any, title: str) -> list[str]:
    panels = home_for(user, timezone.localdate()).panels
    return [str(row.text) for panel in panels if str(panel.title) == title for row in panel.rows]


def test_every_kind_of_user_has_panels() -> None:
    assert set(PANELS) == set(Kind.values)


def test_staff_are_shown_what_waits_for_them(place: SimpleNamespace) -> None:
    waiting = scenarios.scenario("submitted", title="待论证的场景")
    staff = factories.user(Kind.STAFF)
    assert titles(staff)[:3] == ["即将到期", "待论证场景", "导入待办"]
    assert rows_of(staff, "待论证场景") == [waiting.title]


def test_member_is_shown_their_own_even_before_publication(place: SimpleNamespace) -> None:
    draft = scenarios.scenario("draft", title="我们的草稿", organization=place.firm)
    filing = registry.filing("preparing", name="准备中的备案", organization=place.firm)
    member = factories.member_of(place.firm, "viewer")
    assert rows_of(member, "我的单位") == [place.firm.name]
    assert draft.title in rows_of(member, "我的场景")
    assert filing.name in rows_of(member, "我的备案登记")


def test_member_of_nothing_is_told_what_to_do() -> None:
    panels = home_for(factories.user(Kind.MEMBER), timezone.localdate()).panels
    assert str(panels[0].empty) == "您还未加入任何单位，请联系单位负责人添加。"


def test_manager_is_shown_their_funds(place: SimpleNamespace) -> None:
    mine = funds.fund(manager=place.house, name="自管基金", **HIDDEN)
    manager = factories.member_of(place.house, "owner", Kind.MANAGER)
    assert mine.name in rows_of(manager, "我的基金")


@pytest.mark.parametrize("kind", [Kind.MEMBER, Kind.MANAGER, Kind.EXPERT, Kind.VISITOR])
def test_left_overs_of_imports_are_for_oversight(kind: str) -> None:
    assert "导入待办" not in titles(factories.user(kind))


def test_left_overs_of_imports_are_counted(place: SimpleNamespace) -> None:
    assert StaffRow.objects.count() == 0
    assert rows_of(factories.user(Kind.STAFF), "导入待办") == []


Count = Callable[..., Any]


@pytest.mark.parametrize("role", grounds.ROLES)
def test_page_takes_as_many_queries_for_three_rows_as_for_one(
    client: Client, django_assert_max_num_queries: Count, role: str
) -> None:
    place = SimpleNamespace(
        firm=factories.organization(), house=factories.organization(roles=("fund_manager",)), scope=factories.scope()
    )
    open_rows(place)
    user = grounds.ROLES[role](place.firm, place.house)
    if user.is_authenticated:
        client.force_login(user)
    client.get("/")
    with django_assert_max_num_queries(60) as before:
        client.get("/")
    for _time in range(2):
        open_rows(SimpleNamespace(**vars(place) | {"firm": factories.organization()}))
        open_rows(place)
    with django_assert_max_num_queries(len(before)):
        client.get("/")
