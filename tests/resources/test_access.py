"""Who may do what with offers, over HTTP; and that nothing hidden shows anywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.resources import factories

pytestmark = pytest.mark.django_db

SEEN, DONE, FORBIDDEN = 200, 302, 403
ROLES: dict[str, Callable[[Any], Any]] = {
    "anonymous": lambda _firm: None,
    "visitor": lambda _firm: people.user(Kind.VISITOR),
    "viewer": lambda firm: people.member_of(firm, "viewer"),
    "editor": lambda firm: people.member_of(firm, "editor"),
    "owner": lambda firm: people.member_of(firm, "owner"),
    "stranger": lambda _firm: people.member_of(people.organization(), "owner"),
    "manager": lambda _firm: people.member_of(people.organization(), "owner", Kind.MANAGER),
    "expert": lambda _firm: people.user(Kind.EXPERT),
    "officer": lambda _firm: people.user(Kind.OFFICER),
    "staff": lambda _firm: people.user(Kind.STAFF),
}
ALL, STAFF, OWN = set(ROLES), {"staff"}, {"editor", "owner", "staff"}
EDIT_SOME = OWN | {"stranger", "manager"}
OFFER = {"title": "千卡集群", "kind": "compute", "quantity_bound": "exact", "visibility": "public"}

Act = Callable[[Any, Any], Any]


def url(page: str, *rows: Any) -> str:
    return reverse(f"resources:{page}", args=[row.ref for row in rows])


def add(client: Any, provider: Any) -> Any:
    return client.post(url("offer-create"), OFFER | {"provider": provider.name})


ACTIONS: dict[str, tuple[Act, set[str], int]] = {
    "list": (lambda client, _offer: client.get(url("offer-list")), ALL, SEEN),
    "see": (lambda client, offer: client.get(url("offer-detail", offer)), ALL, SEEN),
    "open new": (lambda client, _offer: client.get(url("offer-create")), EDIT_SOME, SEEN),
    "add": (lambda client, offer: add(client, offer.provider), OWN, DONE),
    "open": (lambda client, offer: client.get(url("offer-edit", offer)), OWN, SEEN),
    "change": (lambda client, offer: client.post(url("offer-edit", offer), OFFER | {"revision": 1}), OWN, DONE),
    "move": (lambda client, offer: client.post(url("offer-move", offer), {"step": "pause"}), OWN, DONE),
    "remove": (lambda client, offer: client.post(url("offer-remove", offer)), STAFF, DONE),
}  # fmt: skip


def expected(action: str, role: str) -> int:
    _act, allowed, status = ACTIONS[action]
    if role in allowed:
        return status
    return 422 if action == "add" and role in EDIT_SOME else FORBIDDEN


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_role_may_or_may_not(client: Any, action: str, role: str) -> None:
    offer = factories.offer()
    user = ROLES[role](offer.provider)
    if user is not None:
        client.force_login(user)
    assert ACTIONS[action][0](client, offer).status_code == expected(action, role)


# --- what is hidden -------------------------------------------------------------------------------------------------

SECRET = "不可外传"
LIST = reverse("resources:offer-list")
COLUMNS = "col=title&col=provider&col=quantity&col=terms"
PLACES = [LIST, f"{LIST}?format=csv&{COLUMNS}", f"{LIST}?now=yes", "/api/v1/offers", f"/api/v1/offers?{COLUMNS}"]


def hide_offer() -> Any:
    return factories.offer(title=f"{SECRET}算力", visibility=Visibility.INTERNAL)


def hide_provider() -> Any:
    firm = people.organization(name=f"{SECRET}有限公司", visibility=Visibility.INTERNAL)
    return factories.offer(title=f"{SECRET}算力", provider=firm)


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("hide", [hide_offer, hide_provider])
@pytest.mark.parametrize("role", ["anonymous", "visitor", "stranger", "manager", "expert"])
def test_hidden_offer_shows_nowhere(client: Any, hide: Callable[[], Any], role: str) -> None:
    hidden = hide()
    factories.offer()
    user = ROLES[role](None)
    if user is not None:
        client.force_login(user)
    assert [place for place in PLACES if SECRET in body(client.get(place))] == []
    answer = client.get(LIST)
    assert answer.context["page"].total == 1
    assert [count.offers for count in answer.context["summary"]()["counts"]] == [1]
    gone = [hidden.get_absolute_url(), f"/api/v1/offers/{hidden.ref}", url("offer-edit", hidden)]
    assert [client.get(address).status_code for address in gone] == [404, 404, 404]
    assert client.post(url("offer-move", hidden), {"step": "pause"}).status_code == 404


@pytest.mark.parametrize("hide", [hide_offer, hide_provider])
def test_hidden_offer_shows_to_its_own_and_to_oversight(client: Any, hide: Callable[[], Any]) -> None:
    hidden = hide()
    for user in (people.member_of(hidden.provider, "viewer"), people.user("officer"), people.user("staff")):
        client.force_login(user)
        assert SECRET in body(client.get(LIST))
