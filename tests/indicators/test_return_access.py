"""Who may do what with quarterly returns, over HTTP; and that no figure of a firm shows to others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.indicators.actions import returns as actions
from qunxing.indicators.forms.returns import thousands
from qunxing.indicators.models import Return
from tests import factories as people
from tests.indicators.returning import FIGURES, return_of, tenant
from tests.indicators.test_return_totals import FIRST, NOW, accepted, fetched

pytestmark = pytest.mark.django_db

SEEN, DONE, FORBIDDEN, HIDDEN, SIGN_IN = 200, 302, 403, 404, 302
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
STAFF, OVERSIGHT, OWN = {"staff"}, {"staff", "officer"}, {"editor", "owner", "staff"}
SEES, EDIT_SOME = OWN | {"officer"}, OWN | {"stranger", "manager"}
SIGNED_IN = set(ROLES) - {"anonymous"}
AMOUNTS = ("revenue", "profit", "rnd_expense", "tax", "financing")
TYPED = {name: thousands(value) if name in AMOUNTS else value for name, value in FIGURES.items()}
Act = Callable[[Any, Any], Any]


def url(page: str, *args: Any) -> str:
    return reverse(f"indicators:return-{page}", args=[getattr(arg, "ref", arg) for arg in args])


def add(client: Any, row: Return) -> Any:
    name = row.organization.name
    return client.post(url("create"), TYPED | {"organization": name, "period": "2026Q1", "checked": "on"})


def change(client: Any, row: Return) -> Any:
    return client.post(url("edit", row), TYPED | {"revision": 1})


# {action: (what is done to a draft, who may, what they get, what the others get who do not see the row)}
ACTIONS: dict[str, tuple[Act, set[str], int, int]] = {
    "list": (lambda client, _row: client.get(url("list")), EDIT_SOME | {"officer"}, SEEN, FORBIDDEN),
    "see": (lambda client, row: client.get(url("detail", row)), SEES, SEEN, HIDDEN),
    "open new": (lambda client, _row: client.get(url("create")), EDIT_SOME, SEEN, FORBIDDEN),
    "open": (lambda client, row: client.get(url("edit", row)), OWN, SEEN, HIDDEN),
    "change": (change, OWN, DONE, HIDDEN),
    "submit": (lambda client, row: client.post(url("move", row), {"step": "submit"}), OWN, DONE, HIDDEN),
    "remove": (lambda client, row: client.post(url("remove", row)), STAFF, DONE, HIDDEN),
    "paper": (lambda client, row: client.get(url("paper", row, "docx")), SEES, SEEN, HIDDEN),
    "missing": (lambda client, _row: client.get(url("missing")), OVERSIGHT, SEEN, FORBIDDEN),
    "remind": (lambda client, _row: client.post(url("remind"), {"quarter": "2025Q1"}), STAFF, DONE, FORBIDDEN),
    "graduation": (lambda client, _row: client.get(url("graduation")), OVERSIGHT, SEEN, FORBIDDEN),
    "terms": (lambda client, _row: client.get(url("terms")), STAFF, SEEN, FORBIDDEN),
    "quarter": (lambda client, _row: client.get(url("quarter", "2025Q1")), SIGNED_IN, SEEN, FORBIDDEN),
    "publish": (lambda client, _row: client.post(url("publish", "2025Q1")), STAFF, 422, FORBIDDEN),
}


def expected(action: str, role: str) -> int:
    _act, allowed, given, refused = ACTIONS[action]
    if role in allowed:
        return given
    return FORBIDDEN if role in SEES else refused


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_role_may_or_may_not(client: Any, action: str, role: str) -> None:
    row = return_of(state="draft")
    user = ROLES[role](row.organization)
    if user is not None:
        client.force_login(user)
    assert ACTIONS[action][0](client, row).status_code == expected(action, role)


@pytest.mark.parametrize(("step", "state"), [("accept", "submitted"), ("send_back", "submitted")])
@pytest.mark.parametrize("role", ["editor", "officer", "staff"])
def test_staff_alone_decide(client: Any, role: str, step: str, state: str) -> None:
    row = return_of(state=state)
    client.force_login(ROLES[role](row.organization))
    answer = client.post(url("move", row), {"step": step, "reason": "核对"})
    assert answer.status_code == (DONE if role == "staff" else FORBIDDEN)


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_firm_changes_nothing_that_it_has_submitted(client: Any, state: str) -> None:
    row = return_of(state=state)
    client.force_login(people.member_of(row.organization))
    assert change(client, row).status_code == FORBIDDEN
    client.force_login(people.user("staff"))
    assert change(client, row).status_code == DONE


# --- what is hidden -------------------------------------------------------------------------------------------------

SECRET, AMOUNT = "不可外传", 7_654_321_000
COLUMNS = "&".join(f"col={name}" for name in ("organization", "revenue", "profit", "staff", "certificate"))
PLACES = ["/returns/", f"/returns/?{COLUMNS}", f"/returns/?format=csv&{COLUMNS}", "/returns/?q=不可外传"]
PLACES += ["/returns/quarter/2025Q1/", "/returns/quarter/2025Q2/"]


@pytest.mark.parametrize("role", ["stranger", "manager", "viewer", "visitor", "expert"])
def test_figures_of_another_firm_show_nowhere(client: Any, role: str) -> None:
    firm = tenant(name=f"{SECRET}有限公司", visibility="internal")
    row = return_of(firm, "accepted", revenue=AMOUNT, certificate_number=SECRET)
    client.force_login(ROLES[role](people.organization() if role == "viewer" else firm))
    said = [fetched(client, place).decode() for place in PLACES if client.get(place).status_code == SEEN]
    # The search box repeats what was asked for.
    assert [text for text in said if f"{SECRET}有限" in text or "7,654,321" in text or "7654321" in text] == []
    for page in ("detail", "edit"):
        assert client.get(url(page, row)).status_code == HIDDEN
    assert client.get(f"/search/?q={AMOUNT}").status_code in {SEEN, HIDDEN}


def test_viewer_of_the_firm_sees_no_figures(client: Any) -> None:
    row = return_of()
    client.force_login(people.member_of(row.organization, "viewer"))
    assert client.get(url("detail", row)).status_code == HIDDEN
    assert list(Return.objects.visible_to(people.member_of(row.organization, "viewer"))) == []


def test_published_totals_tell_no_dominated_sum(client: Any) -> None:
    rows = accepted(4, revenue=1_000)
    Return.objects.filter(pk=rows[0].pk).update(revenue=AMOUNT)
    actions.publish(FIRST, actor=people.user("staff"), now=NOW)
    client.force_login(people.user("visitor"))
    said = client.get("/returns/quarter/2025Q1/").content.decode()
    assert "7,654" not in said
    assert "480" in said


@pytest.mark.parametrize("page", ["list", "missing", "quarter"])
def test_page_asks_as_much_for_one_row_as_for_three(client: Any, page: str) -> None:
    scope = people.scope()
    client.force_login(people.user("officer"))
    address = url(page, "2025Q1") if page == "quarter" else f"{url(page)}?quarter=2025Q1"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == SEEN
        return len(queries)

    asked()
    return_of(tenant(scope), "draft" if page == "missing" else "accepted")
    once = asked()
    for _more in range(2):
        return_of(tenant(scope), "draft" if page == "missing" else "accepted")
    assert asked() == once
