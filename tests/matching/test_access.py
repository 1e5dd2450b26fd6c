"""Who sees a shortlist and acts on it; and that nothing of it tells what its reader may not see."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.directory.models import Product
from qunxing.ledger.actions import change, create
from qunxing.matching.models import Shortlist
from tests import factories
from tests.funds import factories as funds
from tests.matching.factories import able_firm, invitation, need, shortlist

pytestmark = pytest.mark.django_db
SECRET = "绝密病历通"


@pytest.fixture
def place() -> SimpleNamespace:
    """A shared and an unshared shortlist, one of a firm and one of a fund, an invitation."""
    firm, house = able_firm("候选智能有限公司"), factories.organization(roles=("fund_manager",))
    scenario, other = need(), need()
    fund = funds.fund(name="病历医疗基金", manager=house, fields=("medical",))
    return SimpleNamespace(
        firm=firm,
        owner_of_need=scenario.organization,
        other_owner=other.organization,
        house=house,
        shared=shortlist(scenario, shared=True),
        unshared=shortlist(other),
        of_firm=shortlist(firm),
        of_fund=shortlist(fund),
        invitation=invitation(scenario, firm),
        scenario=scenario,
    )


PEOPLE: dict[str, Callable[[SimpleNamespace], Any]] = {
    "public": lambda _place: None,
    "visitor": lambda _place: factories.user(Kind.VISITOR),
    "expert": lambda _place: factories.user(Kind.EXPERT),
    "officer": lambda _place: factories.user(Kind.OFFICER),
    "staff": lambda _place: factories.user(Kind.STAFF),
    "owner of the need": lambda place: factories.member_of(place.owner_of_need, "owner"),
    "viewer of the need": lambda place: factories.member_of(place.owner_of_need, "viewer"),
    "owner of another need": lambda place: factories.member_of(place.other_owner, "owner"),
    "firm": lambda place: factories.member_of(place.firm, "editor"),
    "viewer of the firm": lambda place: factories.member_of(place.firm, "viewer"),
    "fund manager": lambda place: factories.member_of(place.house, "owner", Kind.MANAGER),
    "elsewhere": lambda _place: factories.member_of(factories.organization(), "owner"),
}
ALL_SEE = {"officer", "staff"}
SEEN: dict[str, set[str]] = {
    "shared": ALL_SEE | {"owner of the need", "viewer of the need"},
    "unshared": ALL_SEE,
    "of_firm": ALL_SEE | {"firm", "viewer of the firm"},
    "of_fund": ALL_SEE | {"fund manager"},
    "invitation": ALL_SEE | {"owner of the need", "viewer of the need", "firm", "viewer of the firm"},
}


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("what", SEEN)
def test_only_those_concerned_see_it(place: SimpleNamespace, what: str, role: str) -> None:
    client = client_of(PEOPLE[role](place))
    row = getattr(place, what)
    expected = 200 if role in SEEN[what] else 404
    assert client.get(row.get_absolute_url()).status_code == expected
    if isinstance(row, Shortlist):
        assert client.get(reverse("matching:shortlist-annex", args=[row.ref])).status_code == expected


def act(name: str, place: SimpleNamespace) -> tuple[str, dict[str, str]]:
    """The address and the words of an act on the shared shortlist or the invitation."""
    firm, shared = place.firm.ref, place.shared
    acts: dict[str, tuple[list[str], dict[str, str]]] = {
        "shortlist-share": ([shared.ref], {}),
        "shortlist-unshare": ([shared.ref], {"reason": "再核"}),
        "shortlist-order": ([shared.ref], {f"place_{firm}": "1", "reason": "缘由", "revision": str(shared.revision)}),
        "candidate-judge": ([shared.ref, firm, "accepted"], {"reason": "合适"}),
        "scenario-compute": ([place.scenario.ref], {}),
        "invitation-move": ([place.invitation.ref, "accept"], {}),
    }
    args, words = acts[name]
    return reverse(f"matching:{name}", args=args), words


MAY: dict[str, set[str]] = {
    "shortlist-share": {"staff"},
    "shortlist-unshare": {"staff"},
    "shortlist-order": {"staff", "owner of the need"},
    "candidate-judge": {"staff"},
    "scenario-compute": {"staff"},
    "invitation-move": {"staff", "firm"},
}


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("name", MAY)
def test_only_those_who_may_act(place: SimpleNamespace, name: str, role: str) -> None:
    url, words = act(name, place)
    status = client_of(PEOPLE[role](place)).post(url, words).status_code
    assert status == 302 if role in MAY[name] else status in {403, 404}


def test_firms_and_managers_compute_for_themselves(place: SimpleNamespace) -> None:
    found = {}
    url = reverse("matching:organization-compute", args=[place.firm.ref])
    for role, person in PEOPLE.items():
        found[role] = client_of(person(place)).post(url).status_code
    assert {role for role, status in found.items() if status == 302} == {"staff", "firm"}
    url = reverse("matching:fund-compute", args=[place.of_fund.fund.ref])
    assert client_of(PEOPLE["fund manager"](place)).post(url).status_code == 302


def test_owner_invites_only_what_is_shared(place: SimpleNamespace) -> None:
    shared = reverse("matching:invitation-create", args=[place.shared.ref, place.firm.ref])
    unshared = reverse("matching:invitation-create", args=[place.unshared.ref, place.firm.ref])
    assert client_of(PEOPLE["owner of the need"](place)).get(shared).status_code == 200
    assert client_of(PEOPLE["viewer of the need"](place)).get(shared).status_code == 403
    assert client_of(PEOPLE["owner of another need"](place)).get(unshared).status_code == 404


# --- leaks ----------------------------------------------------------------------------------------------------------


def pages_of(kept: Shortlist, client: Client) -> bytes:
    """Everything that the reader is shown of the list."""
    subject = kept.subject
    answers = [
        client.get(kept.get_absolute_url()),
        client.get(f"{kept.get_absolute_url()}?spread=field&cap=1&order=manual"),
        client.get(reverse("matching:shortlist-annex", args=[kept.ref])),
        client.get(subject.get_absolute_url()),
        client.get(reverse("matching:invitation-list")),
    ]
    return b"".join(answer.content for answer in answers)


def test_candidate_that_is_closed_since_shows_to_staff_only() -> None:
    scenario = need()
    seen, secret = able_firm("公开智能有限公司"), able_firm(f"{SECRET}有限公司")
    kept = shortlist(scenario, shared=True)
    change(secret, actor=None, values={"visibility": "internal"})
    owner = factories.member_of(scenario.organization, "owner")
    page = client_of(owner).get(kept.get_absolute_url()).content.decode()
    assert (SECRET in page, secret.ref in page, seen.name in page) == (False, False, True)
    assert SECRET.encode() not in pages_of(kept, client_of(owner))
    assert SECRET in client_of(factories.user("staff")).get(kept.get_absolute_url()).content.decode()


def test_places_and_counts_are_those_of_what_the_reader_sees() -> None:
    scenario = need()
    secret, seen = able_firm(about="门诊病历质控 书写缺项 自动检查 医生离院前完成更正 病历"), able_firm()
    kept = shortlist(scenario, shared=True)
    change(secret, actor=None, values={"visibility": "internal"})
    owner = client_of(factories.member_of(scenario.organization, "owner"))
    shown = owner.get(kept.get_absolute_url()).context["shown"]
    assert [(one.place, one.key, one.changes) for one in shown.pools[0].proposed] == [(1, seen.ref, ())]


def test_words_of_a_row_that_is_closed_since_are_not_shown() -> None:
    scenario, firm = need(), factories.organization()
    product = create(Product(organization=firm, name="病历质控", description=f"门诊病历书写 {SECRET}"), actor=None)
    kept = shortlist(scenario, shared=True)
    owner = client_of(factories.member_of(scenario.organization, "owner"))
    assert SECRET in owner.get(kept.get_absolute_url()).content.decode().replace("<mark>", "").replace("</mark>", "")
    change(product, actor=None, values={"visibility": "internal"})
    page = owner.get(kept.get_absolute_url())
    text = page.content.decode().replace("<mark>", "").replace("</mark>", "")
    assert (SECRET in text, page.context["shown"].everyone[0].stale) == (False, True)
    assert SECRET.encode() not in pages_of(kept, owner)


def test_firm_sees_no_scenario_that_is_closed_since() -> None:
    firm, scenario = able_firm(), need(title=f"{SECRET}病历质控")
    kept = shortlist(firm)
    change(scenario, actor=None, values={"visibility": "internal"})
    member = client_of(factories.member_of(firm, "owner"))
    assert SECRET.encode() not in pages_of(kept, member)


def test_panel_is_for_those_who_see_the_list_or_may_compute() -> None:
    scenario, firm = need(), able_firm(f"{SECRET}有限公司")
    shortlist(scenario)
    found = {}
    for role, user in {
        "owner": factories.member_of(scenario.organization, "owner"),
        "firm": factories.member_of(firm, "owner"),
        "public": None,
        "staff": factories.user("staff"),
    }.items():
        page = client_of(user).get(scenario.get_absolute_url()).content.decode()
        found[role] = ('id="matching"' in page, SECRET in page)
    nothing = (False, False)
    assert found == {"owner": nothing, "firm": nothing, "public": nothing, "staff": (True, True)}


def test_firms_do_not_see_each_others_invitations() -> None:
    scenario, mine, theirs = need(), able_firm(), able_firm(f"{SECRET}有限公司")
    invitation(scenario, mine)
    invitation(scenario, theirs, answer=SECRET)
    member = client_of(factories.member_of(mine, "owner"))
    texts = b"".join(
        member.get(url).getvalue()
        for url in (reverse("matching:invitation-list"), scenario.get_absolute_url(), "/", "/invitations/?format=csv")
    )
    assert SECRET.encode() not in texts.replace(theirs.name.encode(), b"")
    assert theirs.ref.encode() not in texts


@pytest.mark.parametrize("role", PEOPLE)
def test_list_of_invitations_holds_only_ones_own(place: SimpleNamespace, role: str) -> None:
    answer = client_of(PEOPLE[role](place)).get(reverse("matching:invitation-list"))
    seen = SEEN["invitation"]
    if role in {"public", "visitor", "expert"}:
        assert answer.status_code in {302, 403}
    else:
        assert (answer.status_code, answer.context["page"].total) == (200, 1 if role in seen else 0)
