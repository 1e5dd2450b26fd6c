"""Who may do what, over HTTP; and that nothing hidden shows anywhere."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.funds import factories
from tests.funds.factories import yuan

pytestmark = pytest.mark.django_db

SEEN, DONE, FORBIDDEN, SIGN_IN = 200, 302, 403, "sign in"
ROLES = {
    "anonymous": lambda _firm: None,
    "visitor": lambda _firm: people.user(Kind.VISITOR),
    "viewer": lambda firm: people.member_of(firm, "viewer"),
    "editor": lambda firm: people.member_of(firm, "editor"),
    "owner": lambda firm: people.member_of(firm, "owner"),
    "manager": lambda firm: people.member_of(firm, "editor", Kind.MANAGER),
    "stranger": lambda _firm: people.member_of(people.organization(), "owner"),
    "expert": lambda _firm: people.user(Kind.EXPERT),
    "officer": lambda _firm: people.user(Kind.OFFICER),
    "staff": lambda _firm: people.user(Kind.STAFF),
}
ALL, STAFF = set(ROLES), {"staff"}
OWN = {"editor", "owner", "manager", "staff"}
# Who edits some organisation sees the form of a round; only their own organisation is taken in it.
EDIT_SOME = OWN | {"stranger"}


@pytest.fixture
def ground() -> SimpleNamespace:
    """A fund and a round, both of one firm, each with a part."""
    firm = people.organization()
    fund = factories.fund(yuan(2), manager=firm)
    financing = factories.round_of(firm, yuan(1))
    return SimpleNamespace(
        firm=firm,
        fund=fund,
        round=financing,
        commitment=factories.commitment(fund),
        investment=factories.investment(financing),
        stage=factories.stage("b"),
    )


Act = Callable[[Any, SimpleNamespace], Any]


def get(page: str, /, *refs: str) -> Act:
    return lambda client, ground: client.get(reverse(f"funds:{page}", args=[getattr(ground, ref).ref for ref in refs]))


def post(page: str, /, *refs: str, **values: Any) -> Act:
    def act(client: Any, ground: SimpleNamespace) -> Any:
        data = {key: value(ground) if callable(value) else value for key, value in values.items()}
        return client.post(reverse(f"funds:{page}", args=[getattr(ground, ref).ref for ref in refs]), data)

    return act


FUND = {"name": "新基金", "status": "raising", "level": "market", "visibility": "public"}
PART = {"investor_name": "某出资人", "amount": "5000万", "visibility": "public"}
ROUND = {"stage": "a", "closed_precision": "day", "visibility": "public", "amount": "1亿元"}
ACTIONS: dict[str, tuple[Act, set[str], int]] = {
    "list funds": (get("fund-list"), ALL, SEEN),
    "see fund": (get("fund-detail", "fund"), ALL, SEEN),
    "open new fund": (get("fund-create"), STAFF, SEEN),
    "add fund": (post("fund-create", **FUND), STAFF, DONE),
    "open fund": (get("fund-edit", "fund"), OWN, SEEN),
    "change fund": (post("fund-edit", "fund", **FUND, revision=1), OWN, DONE),
    "remove fund": (post("fund-remove", "fund"), STAFF, DONE),
    "open new commitment": (get("commitment-create", "fund"), OWN, SEEN),
    "add commitment": (post("commitment-create", "fund", **PART), OWN, DONE),
    "change commitment": (post("commitment-edit", "fund", "commitment", **PART, revision=1), OWN, DONE),
    "remove commitment": (post("commitment-remove", "fund", "commitment"), OWN, DONE),
    "list rounds": (get("round-list"), ALL, SEEN),
    "see round": (get("round-detail", "round"), ALL, SEEN),
    "open new round": (get("round-create"), EDIT_SOME, SEEN),
    "add round": (post("round-create", **ROUND, organization=lambda ground: ground.firm.name), OWN, DONE),
    "change round": (post("round-edit", "round", **ROUND, revision=1), OWN, DONE),
    "remove round": (post("round-remove", "round"), STAFF, DONE),
    "add investment": (post("investment-create", "round", **PART), OWN, DONE),
    "change investment": (post("investment-edit", "round", "investment", **PART, revision=1), OWN, DONE),
    "remove investment": (post("investment-remove", "round", "investment"), OWN, DONE),
    "list stages": (get("stage-list"), ALL, SEEN),
    "see stage": (get("stage-detail", "stage"), ALL, SEEN),
    "add stage": (post("stage-create", code="z", name_zh="甲", name_en="Z", position=1), STAFF, DONE),
    "change stage": (post("stage-edit", "stage", name_zh="乙", name_en="B", position=1, revision=1), STAFF, DONE),
}


def expected(action: str, role: str) -> Any:
    _act, allowed, status = ACTIONS[action]
    if role in allowed:
        return status
    if action == "add round" and role in EDIT_SOME:
        return 422
    return FORBIDDEN


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_role_may_or_may_not(client: Any, ground: SimpleNamespace, action: str, role: str) -> None:
    user = ROLES[role](ground.firm)
    if user is not None:
        client.force_login(user)
    answer = ACTIONS[action][0](client, ground)
    assert answer.status_code == expected(action, role)


def test_editor_of_the_manager_does_not_move_the_fund(client: Any, ground: SimpleNamespace) -> None:
    client.force_login(people.member_of(ground.firm, "editor", Kind.MANAGER))
    url = reverse("funds:fund-edit", args=[ground.fund.ref])
    assert client.post(url, FUND | {"level": "national", "visibility": "internal", "revision": 1}).status_code == 302
    ground.fund.refresh_from_db()
    assert (ground.fund.name, ground.fund.level, ground.fund.visibility) == ("新基金", "market", Visibility.PUBLIC)
    assert ground.fund.manager == ground.firm


# --- what is hidden -------------------------------------------------------------------------------------------------

SECRET = "不可外传"
PLACES = [
    reverse("funds:fund-list"),
    reverse("funds:fund-list") + "?format=csv",
    reverse("funds:fund-list") + f"?q={SECRET}",
    reverse("funds:round-list"),
    reverse("funds:round-list") + "?format=csv",
    reverse("funds:round-list") + f"?q={SECRET}",
    "/api/v1/funds",
    "/api/v1/funds/totals",
    "/api/v1/rounds",
    "/api/v1/rounds/totals",
]
COLUMNS = "&".join(
    f"col={name}" for name in ("name", "organization", "manager", "parent", "size", "investors", "amount")
)


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


# The hidden amount as a number of its own: references and tokens are drawn at random and may hold its digits.
AMOUNT = re.compile(r"(?<![a-z0-9_-])777(?![a-z1-9_-])", re.IGNORECASE)


def pages_of(fund: Any, deal: Any) -> list[str]:
    return [fund.get_absolute_url(), deal.get_absolute_url(), f"/api/v1/funds/{fund.ref}", f"/api/v1/rounds/{deal.ref}"]


def hide_fund() -> list[str]:
    hidden = factories.fund(yuan(777), name=f"{SECRET}基金", visibility=Visibility.INTERNAL)
    child = factories.fund(yuan(2), parent=hidden)
    factories.commitment(child, investor_fund=hidden)
    deal = factories.round_of()
    factories.investment(deal, investor_fund=hidden)
    return [
        child.get_absolute_url(),
        deal.get_absolute_url(),
        f"/api/v1/funds/{child.ref}",
        f"/api/v1/rounds/{deal.ref}",
    ]


def hide_organization() -> list[str]:
    hidden = people.organization(name=f"{SECRET}有限公司", visibility=Visibility.INTERNAL)
    run = factories.fund(yuan(2), manager=hidden)
    deal = factories.round_of(hidden, yuan(777))
    factories.investment(factories.round_of(), investor=hidden)
    backed = factories.fund()
    factories.commitment(backed, investor=hidden)
    assert deal.organization == hidden
    return [run.get_absolute_url(), f"/api/v1/funds/{run.ref}", backed.get_absolute_url()]


def hide_parts() -> list[str]:
    fund, deal = factories.fund(), factories.round_of()
    factories.commitment(fund, investor_name=SECRET, visibility=Visibility.INTERNAL)
    factories.investment(deal, investor_name=SECRET, visibility=Visibility.INTERNAL)
    return pages_of(fund, deal)


@pytest.mark.parametrize("hide", [hide_fund, hide_organization, hide_parts])
@pytest.mark.parametrize("role", ["anonymous", "visitor", "stranger", "expert"])
def test_hidden_shows_nowhere(client: Any, hide: Callable[[], list[str]], role: str) -> None:
    pages = hide()
    user = ROLES[role](None)
    if user is not None:
        client.force_login(user)
    for place in [*PLACES, *pages, *(f"{place}{'&' if '?' in place else '?'}{COLUMNS}" for place in PLACES)]:
        answer = client.get(place)
        assert answer.status_code == 200
        shown = body(answer).replace(f'value="{SECRET}"', "").replace(f"：{SECRET}", "").replace(f": {SECRET}", "")
        assert SECRET not in shown, place
        assert not AMOUNT.search(shown), place


@pytest.mark.parametrize("role", ["officer", "staff"])
def test_hidden_shows_to_oversight(client: Any, role: str) -> None:
    hide_fund()
    client.force_login(ROLES[role](None))
    assert SECRET in client.get(reverse("funds:fund-list")).content.decode()


def test_hidden_rows_answer_as_if_they_were_not_there(client: Any) -> None:
    fund = factories.fund(visibility=Visibility.INTERNAL)
    deal = factories.round_of(people.organization(visibility=Visibility.INTERNAL))
    rounds = reverse("funds:round-list")
    narrowed = [f"{rounds}?fund={fund.ref}", f"{rounds}?organization={deal.organization.ref}"]
    addresses = [*pages_of(fund, deal), *narrowed]
    client.force_login(people.member_of(people.organization()))
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_members_see_the_hidden_fund_and_round_of_their_own(client: Any) -> None:
    firm = people.organization(visibility=Visibility.INTERNAL)
    fund = factories.fund(manager=firm, visibility=Visibility.INTERNAL)
    deal = factories.round_of(firm, visibility=Visibility.INTERNAL)
    client.force_login(people.member_of(firm, "viewer"))
    assert [client.get(row.get_absolute_url()).status_code for row in (fund, deal)] == [200, 200]


def test_search_by_a_hidden_name_finds_nothing(client: Any) -> None:
    for hide in (hide_fund, hide_organization, hide_parts):
        hide()
    for name in ("fund-list", "round-list"):
        assert client.get(reverse(f"funds:{name}"), {"q": SECRET}).context["page"].total == 0
