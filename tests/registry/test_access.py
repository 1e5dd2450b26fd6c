"""Who may do what with models and filings, over HTTP; and that nothing hidden shows anywhere."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.ledger.actions import change
from qunxing.ledger.models import Visibility
from qunxing.registry import actions
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from qunxing.registry.queries import due_items
from qunxing.registry.states import UNGRANTED
from tests import factories as people
from tests.registry import factories

pytestmark = pytest.mark.django_db

SEEN, DONE, FORBIDDEN, GONE = 200, 302, 403, 404
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
# Who may meet a filing of the firm that is not published: its members, and oversight.
INSIDE = OWN | {"viewer", "officer"}


@pytest.fixture
def ground() -> SimpleNamespace:
    """A model and two filings of one firm, each with its parts; `draft` is being prepared."""
    firm = people.organization()
    model, filing = factories.model(firm), factories.filing(organization=firm)
    draft = factories.filing("preparing", organization=firm)
    return SimpleNamespace(
        firm=firm,
        model=model,
        filing=filing,
        draft=draft,
        other=factories.model(firm),
        version=factories.version(model),
        ownership=model.ownerships.get(),
        coverage=factories.coverage(filing, model),
        step=factories.step(filing, "granted"),
        draft_coverage=factories.coverage(draft, model),
    )


Act = Callable[[Any, SimpleNamespace], Any]


def url(page: str, ground: SimpleNamespace, *refs: str) -> str:
    return reverse(f"registry:{page}", args=[getattr(ground, ref).ref for ref in refs])


def get(page: str, /, *refs: str) -> Act:
    return lambda client, ground: client.get(url(page, ground, *refs))


def post(page: str, /, *refs: str, **values: Any) -> Act:
    def act(client: Any, ground: SimpleNamespace) -> Any:
        data = {key: value(ground) if callable(value) else value for key, value in values.items()}
        return client.post(url(page, ground, *refs), data)

    return act


def take(name: str, filing: str, **values: Any) -> Act:
    def act(client: Any, ground: SimpleNamespace) -> Any:
        address = reverse("registry:filing-step", args=[getattr(ground, filing).ref, name])
        return client.post(address, {"day": "2024-03-01", **values})

    return act


MODEL = {"name": "新模型", "visibility": "public"}
FILING = {"name": "新名称", "organization": lambda ground: ground.firm.name, "visibility": "public"}
PUBLISHED = FILING | {"number": factories.number(77), "granted_precision": "day"}
ACTIONS: dict[str, tuple[Act, set[str], int]] = {
    "list models": (get("model-list"), ALL, SEEN),
    "see model": (get("model-detail", "model"), ALL, SEEN),
    "open new model": (get("model-create"), EDIT_SOME, SEEN),
    "change model": (post("model-edit", "model", **MODEL, revision=1), OWN, DONE),
    "remove model": (post("model-remove", "other"), STAFF, DONE),
    "add version": (post("version-create", "model", version="9.9", visibility="public"), OWN, DONE),
    "change version": (post("version-edit", "model", "version", version="9.8", revision=1), OWN, DONE),
    "remove version": (post("version-remove", "model", "version"), OWN, DONE),
    "add owner": (
        post("ownership-create", "model", organization=lambda g: g.firm.name, role="developer"), STAFF, DONE,
    ),
    "change owner": (
        post("ownership-edit", "model", "ownership", organization=lambda g: g.firm.name, role="co_owner", revision=1),
        STAFF, DONE,
    ),
    "remove owner": (post("ownership-remove", "model", "ownership"), STAFF, DONE),
    "list filings": (get("filing-list"), ALL, SEEN),
    "see filing": (get("filing-detail", "filing"), ALL, SEEN),
    "open new filing": (get("filing-create"), EDIT_SOME, SEEN),
    "change filing": (post("filing-edit", "filing", **PUBLISHED, revision=1), STAFF, DONE),
    "report service": (post("filing-service", "filing", went_live_on="2025-01-01", revision=1), OWN, DONE),
    "add coverage": (post("coverage-create", "filing", model=lambda g: g.other.name), STAFF, DONE),
    "change coverage": (
        post("coverage-edit", "filing", "coverage", model=lambda g: g.model.name, note="甲", revision=1), STAFF, DONE,
    ),
    "remove coverage": (post("coverage-remove", "filing", "coverage"), STAFF, DONE),
    "add step": (post("step-create", "filing", state="submitted", day="2024-01-01"), STAFF, DONE),
    "change step": (post("step-edit", "filing", "step", state="granted", day="2024-01-01", revision=1), STAFF, DONE),
    "remove step": (post("step-remove", "filing", "step"), STAFF, DONE),
    "withdraw": (take("withdraw", "filing"), STAFF, DONE),
    "revoke": (take("revoke", "filing", reason="违规"), STAFF, DONE),
    "record change": (take("change", "filing", reason="变更"), STAFF, DONE),
    "remove filing": (post("filing-remove", "filing"), STAFF, DONE),
    "due soon": (get("due-soon"), INSIDE | {"stranger", "manager"}, SEEN),
}  # fmt: skip
# On a filing that is not published: whoever is outside does not even learn that it is there.
DRAFT_ACTIONS: dict[str, tuple[Act, set[str], int]] = {
    "see draft": (get("filing-detail", "draft"), INSIDE, SEEN),
    "change draft": (post("filing-edit", "draft", **FILING, revision=1), OWN, DONE),
    "report draft": (post("filing-service", "draft", went_live_on="2025-01-01", revision=1), OWN, DONE),
    "submit": (take("submit", "draft"), OWN, DONE),
    "grant": (take("grant", "draft", number=factories.number(78)), STAFF, DONE),
    "add draft coverage": (post("coverage-create", "draft", model=lambda g: g.other.name), OWN, DONE),
    "remove draft coverage": (post("coverage-remove", "draft", "draft_coverage"), OWN, DONE),
    "add draft step": (post("step-create", "draft", state="submitted", day="2024-01-01"), STAFF, DONE),
    "remove draft": (post("filing-remove", "draft"), OWN, DONE),
}


def answers(client: Any, ground: SimpleNamespace, act: Act) -> dict[str, int]:
    """{role: status}; every role acts on the same ground, which is put back after each."""
    found = {}
    for role, person in ROLES.items():
        with transaction.atomic():
            client.logout()
            sign_in(client, person(ground.firm))
            found[role] = act(client, ground).status_code
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("action", ACTIONS)
def test_role_may_or_may_not(client: Any, ground: SimpleNamespace, action: str) -> None:
    act, allowed, status = ACTIONS[action]
    expected = {role: status if role in allowed else FORBIDDEN for role in ROLES}
    assert answers(client, ground, act) == expected


@pytest.mark.parametrize("action", DRAFT_ACTIONS)
def test_role_may_or_may_not_with_a_draft(client: Any, ground: SimpleNamespace, action: str) -> None:
    act, allowed, status = DRAFT_ACTIONS[action]
    refused = {role: FORBIDDEN if role in INSIDE else GONE for role in ROLES}
    assert answers(client, ground, act) == refused | dict.fromkeys(allowed, status)


@pytest.mark.parametrize("role", ROLES)
def test_role_adds_for_its_own_organisation_only(client: Any, ground: SimpleNamespace, role: str) -> None:
    sign_in(client, ROLES[role](ground.firm))
    owner = ground.firm.name if role == "staff" else ground.firm.ref
    new_model = client.post(reverse("registry:model-create"), MODEL | {"owner": owner})
    typed = {"kind": "filed", "name": "某备案", "organization": owner, "visibility": "public"}
    new_filing = client.post(reverse("registry:filing-create"), typed)
    expected = DONE if role in OWN else 422 if role in EDIT_SOME else FORBIDDEN
    assert (new_model.status_code, new_filing.status_code) == (expected, expected)


def test_member_covers_models_of_its_own_only(client: Any, ground: SimpleNamespace) -> None:
    other = factories.model(people.organization())
    sign_in(client, people.member_of(ground.firm, "editor"))
    answer = client.post(url("coverage-create", ground, "draft"), {"model": other.name})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["model"])


def test_member_sets_nothing_that_the_authority_publishes(client: Any, ground: SimpleNamespace) -> None:
    sign_in(client, people.member_of(ground.firm, "owner"))
    forged = {"number": factories.number(5), "granted_on": "2024-01-01", "visibility": "internal", "state": "granted"}
    typed = {"name": "新名称", "revision": 1, "kind": "algorithm", **forged}
    assert client.post(url("filing-edit", ground, "draft"), typed).status_code == DONE
    stored = Filing.objects.get(pk=ground.draft.pk)
    found = (stored.name, stored.number, stored.granted_on, stored.visibility, stored.state, stored.kind)
    assert found == ("新名称", "", None, "public", "preparing", "filed")


def test_former_owner_does_not_edit(client: Any, ground: SimpleNamespace) -> None:
    Ownership.objects.update(to_day="2020-01-01")
    sign_in(client, people.member_of(ground.firm, "owner"))
    assert client.post(url("model-edit", ground, "model"), MODEL | {"revision": 1}).status_code == FORBIDDEN


def sign_in(client: Any, user: Any) -> None:
    if user is not None:
        client.force_login(user)


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


# --- what is hidden -------------------------------------------------------------------------------------------------

SECRET = "不可外传"
OUTSIDE = ["anonymous", "visitor", "stranger", "manager", "expert"]
FILINGS, MODELS = reverse("registry:filing-list"), reverse("registry:model-list")
FILING_COLUMNS = "&".join(f"col={name}" for name in ("name", "organization", "models", "relies_on", "number"))
MODEL_COLUMNS = "&".join(f"col={name}" for name in ("name", "owners", "filings", "version", "base"))
PLACES = [
    FILINGS,
    f"{FILINGS}?{FILING_COLUMNS}",
    f"{FILINGS}?format=csv&{FILING_COLUMNS}",
    f"/api/v1/filings?{FILING_COLUMNS}",
    MODELS,
    f"{MODELS}?{MODEL_COLUMNS}",
    f"{MODELS}?format=csv&{MODEL_COLUMNS}",
    f"/api/v1/models?{MODEL_COLUMNS}",
]


def secret_firm() -> Any:
    return people.organization(name=f"{SECRET}有限公司", visibility=Visibility.INTERNAL)


HIDDEN_FILINGS: dict[str, Callable[[], Filing]] = {
    **{state: lambda state=state: factories.filing(state, name=f"{SECRET}备案") for state in UNGRANTED},
    "internal": lambda: factories.filing(name=f"{SECRET}备案", visibility=Visibility.INTERNAL),
    "organization": lambda: factories.filing(name=f"{SECRET}备案", organization=secret_firm()),
}


@pytest.mark.parametrize("case", HIDDEN_FILINGS)
@pytest.mark.parametrize("role", OUTSIDE)
def test_hidden_filing_shows_nowhere(client: Any, case: str, role: str) -> None:
    hidden = HIDDEN_FILINGS[case]()
    model, relied_on = factories.model(), factories.filing()
    factories.coverage(hidden, model)
    factories.coverage(relied_on, model)
    sign_in(client, ROLES[role](None))
    pages = [model.get_absolute_url(), relied_on.get_absolute_url(), f"/api/v1/models/{model.ref}"]
    assert [place for place in [*PLACES, *pages] if SECRET in body(client.get(place))] == []
    assert client.get(FILINGS).context["page"].total == 1
    assert client.get(f"{FILINGS}?q={SECRET}").context["page"].total == 0
    assert len(client.get(f"/api/v1/models/{model.ref}").json()["filings"]) == 1
    gone = [
        hidden.get_absolute_url(),
        f"/api/v1/filings/{hidden.ref}",
        reverse("registry:filing-edit", args=[hidden.ref]),
    ]
    assert [client.get(address).status_code for address in gone] == [GONE] * 3
    step = reverse("registry:filing-step", args=[hidden.ref, "submit"])
    assert client.post(step, {"day": "2024-01-01"}).status_code == GONE


@pytest.mark.parametrize("case", HIDDEN_FILINGS)
def test_hidden_filing_shows_to_its_own_and_to_oversight(client: Any, case: str) -> None:
    hidden = HIDDEN_FILINGS[case]()
    for user in (people.member_of(hidden.organization, "viewer"), people.user("officer"), people.user("staff")):
        client.force_login(user)
        assert SECRET in body(client.get(FILINGS))
        assert client.get(hidden.get_absolute_url()).status_code == SEEN


@pytest.mark.parametrize("role", OUTSIDE)
def test_hidden_service_that_relies_on_a_filing_is_not_counted(client: Any, role: str) -> None:
    relied_on = factories.filing()
    factories.filing("submitted", name=f"{SECRET}登记", kind="registered", relies_on=relied_on)
    factories.filing(kind="registered", relies_on=relied_on)
    sign_in(client, ROLES[role](None))
    answer = client.get(relied_on.get_absolute_url())
    assert (answer.context["parts"].relying_total, SECRET in body(answer)) == (1, False)
    assert client.get(f"/api/v1/filings/{relied_on.ref}").json()["relied_on_by"] == 1


@pytest.mark.parametrize("role", OUTSIDE)
def test_hidden_filing_that_a_service_relies_on_is_not_named(client: Any, role: str) -> None:
    hidden = factories.filing(name=f"{SECRET}备案", visibility=Visibility.INTERNAL)
    service = factories.filing(kind="registered", relies_on=hidden)
    sign_in(client, ROLES[role](None))
    places = [service.get_absolute_url(), f"/api/v1/filings/{service.ref}", f"{FILINGS}?{FILING_COLUMNS}"]
    assert [place for place in places if SECRET in body(client.get(place))] == []


@pytest.mark.parametrize("role", OUTSIDE)
def test_hidden_model_and_hidden_owner_show_nowhere(client: Any, role: str) -> None:
    hidden = factories.model(name=f"{SECRET}模型", visibility=Visibility.INTERNAL)
    firm = secret_firm()
    model = factories.model(people.organization(), firm, base_model=hidden)
    filing = factories.filing()
    factories.coverage(filing, hidden)
    sign_in(client, ROLES[role](None))
    pages = [model.get_absolute_url(), filing.get_absolute_url()]
    pages += [f"/api/v1/models/{model.ref}", f"/api/v1/filings/{filing.ref}"]
    assert [place for place in [*PLACES, *pages] if SECRET in body(client.get(place))] == []
    assert client.get(MODELS).context["page"].total == 1
    for query in (f"q={SECRET}", f"organization={firm.ref}"):
        found = client.get(f"{MODELS}?{query}").context["page"]
        assert found.total == (0 if query.startswith("q") else 1)
    assert client.get(hidden.get_absolute_url()).status_code == GONE


def test_filing_follows_its_organisation_when_that_is_hidden_or_shown(client: Any) -> None:
    filing = factories.filing()
    draft = factories.filing("preparing", organization=filing.organization)
    for level, total in ((Visibility.INTERNAL, 0), (Visibility.PUBLIC, 1), (Visibility.COMMUNITY, 0)):
        change(filing.organization, actor=None, values={"visibility": level})
        assert client.get(FILINGS).context["page"].total == total
    stored = Filing.objects.get(pk=filing.pk)
    assert (stored.shown_to, stored.history.count(), stored.revision) == ("community", 4, 4)
    assert Filing.objects.get(pk=draft.pk).history.count() == 1


def test_past_before_publication_stays_with_those_it_concerned(client: Any) -> None:
    staff = people.user("staff")
    filing = factories.filing("preparing", notes=f"{SECRET}的草稿")
    factories.step(filing, "rejected", note=f"{SECRET}的退回")
    actions.move(filing, "submit", actor=staff, day=factories.DAY, reason=f"{SECRET}的理由")
    first = filing.history.earliest("history_id").history_date
    values = {"number": factories.number(3), "notes": ""}
    actions.move(filing, "grant", actor=staff, day=factories.DAY, values=values)
    page, past = filing.get_absolute_url(), {"known_at": first.isoformat()}
    client.force_login(people.user("visitor"))
    answer = client.get(page)
    assert SECRET not in body(answer).replace(f"<del>{SECRET}的草稿</del>", "")
    assert [step.state for step in answer.context["steps"]] == ["granted"]
    assert client.get(page, past).status_code == GONE
    client.force_login(people.member_of(filing.organization, "viewer"))
    assert f"{SECRET}的理由" in body(client.get(page))
    assert client.get(page, past).status_code == SEEN


def test_due_items_of_others_are_not_counted(client: Any) -> None:
    factories.filing("preparing", name=SECRET, went_live_on=factories.DAY)
    user = people.member_of(people.organization())
    client.force_login(user)
    assert due_items(user, factories.DAY) == []
    assert SECRET not in body(client.get(reverse("registry:due-soon")))
    assert client.get("/api/v1/filings/due").json() == []


def test_parts_of_hidden_records_are_hidden() -> None:
    filing, model = factories.filing("submitted"), factories.model(visibility=Visibility.INTERNAL)
    factories.coverage(filing, model)
    factories.step(filing, "submitted")
    factories.version(model)
    visitor = people.user("visitor")
    kinds = [Coverage, FilingStep, Ownership, type(model.versions.get()), AIModel, Filing]
    assert [kind.objects.visible_to(visitor).count() for kind in kinds] == [0] * 6
    assert [kind.objects.visible_to(people.user("officer")).count() for kind in kinds] == [1] * 6
