"""Who sees which scenarios, and who may do what with them, over HTTP."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qunxing.accounts.models import Kind
from qunxing.ledger.models import Visibility
from qunxing.scenarios.actions import appraise
from qunxing.scenarios.models import Appraisal, CoreIndicator, Scenario
from qunxing.scenarios.states import LIFE, NOT_YET_PUBLISHED, State
from tests import factories
from tests.scenarios.factories import DAY, scenario

pytestmark = pytest.mark.django_db
LIST = "/scenarios/"
INSIDERS = {"viewer", "editor", "owner", "officer", "staff"}
ROLES = ("anonymous", "visitor", "stranger", "manager", "expert", "viewer", "editor", "owner", "officer", "staff")
WRITERS = {"editor", "owner", "staff"}


def person(role, row):
    """Somebody in that role towards the scenario; None for nobody."""
    if role == "anonymous":
        return None
    if role in {"viewer", "editor", "owner"}:
        return factories.member_of(row.organization, role)
    if role == "stranger":
        return factories.member_of(factories.organization(), "owner")
    if role == "manager":
        return factories.member_of(factories.organization(), "owner", kind=Kind.MANAGER)
    return factories.user(role)


def sign_in(client, role, row):
    user = person(role, row)
    if user is not None:
        client.force_login(user)
    return user


def of_each_state():
    """A scenario of one organisation in each state."""
    owner = factories.organization(name="示例医院")
    return {state: scenario(state, organization=owner) for state in State}


def url(name, row, *more):
    return reverse(f"scenarios:{name}", args=[row.ref, *more])


@pytest.mark.parametrize("role", ROLES)
def test_page_is_shown_to(client, role):
    rows = of_each_state()
    sign_in(client, role, rows[State.DRAFT])
    shown = {state for state, row in rows.items() if client.get(row.get_absolute_url()).status_code == 200}
    wanted = set(State) if role in INSIDERS else set(State) - NOT_YET_PUBLISHED
    assert shown == wanted
    assert client.get(LIST).context["page"].total == len(wanted)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("level", "seeing"),
    [
        (Visibility.PUBLIC, set(ROLES)),
        (Visibility.COMMUNITY, set(ROLES) - {"anonymous"}),
        (Visibility.INTERNAL, INSIDERS),
    ],
)
def test_published_scenario_follows_its_visibility(client, role, level, seeing):
    row = scenario(State.PUBLISHED, visibility=level)
    sign_in(client, role, row)
    assert client.get(row.get_absolute_url()).status_code == (200 if role in seeing else 404)


@pytest.mark.parametrize("role", ROLES)
def test_scenario_of_an_internal_organisation_stays_internal(client, role):
    owner = factories.organization(visibility=Visibility.INTERNAL)
    row = scenario(State.PUBLISHED, organization=owner)
    sign_in(client, role, row)
    assert client.get(row.get_absolute_url()).status_code == (200 if role in INSIDERS else 404)


@pytest.mark.parametrize("role", ROLES)
def test_scenario_withdrawn_before_publication_is_never_public(client, role):
    row = scenario(State.WITHDRAWN, published_on=None)
    sign_in(client, role, row)
    assert client.get(row.get_absolute_url()).status_code == (200 if role in INSIDERS else 404)


EDITING = {
    State.DRAFT: WRITERS,
    State.RETURNED: WRITERS,
    State.SUBMITTED: {"staff"},
    State.IN_APPRAISAL: {"staff"},
    State.PUBLISHED: WRITERS,
    State.MATCHED: WRITERS,
    State.IN_DELIVERY: WRITERS,
    State.CLOSED: set(),
    State.WITHDRAWN: set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_edit_is_for(client, role):
    rows = of_each_state()
    sign_in(client, role, rows[State.DRAFT])
    for state, row in rows.items():
        hidden = state in NOT_YET_PUBLISHED and role not in INSIDERS
        allowed = 200 if role in EDITING[state] else 403
        assert client.get(url("scenario-edit", row)).status_code == (404 if hidden else allowed), state


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", list(LIFE), ids=lambda step: step.name)
def test_step_is_for(client, role, step):
    row = scenario(min(step.sources), apply_by=None)
    row.apply_by = DAY.replace(year=2099)
    row.ends_on = DAY.replace(year=2100)
    row.save()
    source = row.state
    sign_in(client, role, row)
    allowed = WRITERS if step.name in {"submit", "withdraw"} else {"staff"}
    hidden = source in NOT_YET_PUBLISHED and role not in INSIDERS
    answer = client.post(url("scenario-move", row, step.name), {"reason": "因故"})
    row.refresh_from_db()
    assert answer.status_code == (302 if role in allowed else 404 if hidden else 403)
    assert row.state == (step.target if role in allowed else source)


def test_step_by_get_is_refused(client):
    row = scenario()
    sign_in(client, "staff", row)
    assert client.get(url("scenario-move", row, "submit")).status_code == 405


def test_step_that_is_not_possible_any_more_is_a_conflict(client):
    row = scenario(State.CLOSED)
    sign_in(client, "staff", row)
    assert client.post(url("scenario-move", row, "publish")).status_code == 409
    assert client.post(url("scenario-move", row, "fly")).status_code == 409


@pytest.mark.parametrize("role", ROLES)
def test_buttons_are_the_steps_one_may_take(client, role):
    row = scenario(State.PUBLISHED)
    sign_in(client, role, row)
    shown = {step.name for step in client.get(row.get_absolute_url()).context["transitions"]}
    wanted = {"staff": {"match", "withdraw"}, "owner": {"withdraw"}, "editor": {"withdraw"}}
    assert shown == wanted.get(role, set())


@pytest.mark.parametrize("role", ROLES)
def test_new_scenario_is_for(client, role):
    row = scenario(State.PUBLISHED)
    sign_in(client, role, row)
    writers = WRITERS | {"stranger", "manager"}  # each of them owns an organisation
    assert client.get("/scenarios/new/").status_code == (200 if role in writers else 403)


@pytest.mark.parametrize("role", ROLES)
def test_appraisals_are_read_by_staff_and_officers_and_written_by_staff(client, role):
    row = scenario(State.IN_APPRAISAL)
    appraise(row, actor=factories.user("staff"), day=DAY, verdict="revise", notes="数据条款不全")
    user = sign_in(client, role, row)
    answer = client.get(row.get_absolute_url())
    assert ("数据条款不全" in answer.content.decode()) is (role in {"staff", "officer"})
    posted = client.post(url("appraisal-create", row), {"verdict": "fit", "notes": "可发布"})
    hidden = role not in INSIDERS
    assert posted.status_code == (302 if role == "staff" else 404 if hidden else 403)
    visible = Appraisal.objects.visible_to(user).count() if user else 0
    assert visible == {"staff": 2, "officer": 1}.get(role, 0)


def test_appraisal_outside_its_state_is_refused(client):
    row = scenario(State.PUBLISHED)
    sign_in(client, "staff", row)
    assert client.post(url("appraisal-create", row), {"verdict": "fit", "notes": "可"}).status_code == 409
    assert client.post(url("appraisal-create", row), {"verdict": "", "notes": ""}).status_code == 422


@pytest.mark.parametrize("role", ROLES)
def test_contact_is_masked_for(client, role):
    row = scenario(State.PUBLISHED)
    sign_in(client, role, row)
    page = client.get(row.get_absolute_url()).content.decode()
    assert ("13812345678" in page) is (role in INSIDERS)
    assert ("138****5678" in page) is (role not in INSIDERS)


# --- leaks ------------------------------------------------------------------------------------------------------------


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def hidden():
    scenario(State.PUBLISHED, title="公开的场景")
    return scenario(State.SUBMITTED, title="未公开的场景", problem="不宜公开")


@pytest.mark.parametrize("kind", ["visitor", "expert", "stranger", "anonymous"])
def test_hidden_scenario_leaks_nowhere(client, hidden, kind):
    user = sign_in(client, kind, hidden)
    for query in ["", "?format=csv", "?q=未公开", "?state=submitted", "?sort=-number", f"?q={hidden.number}"]:
        assert hidden.title not in body(client.get(LIST + query)).decode()
    sheet = load_workbook(BytesIO(body(client.get(f"{LIST}?format=xlsx")))).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["公开的场景"]
    assert client.get(LIST).context["page"].total == 1
    assert client.get("/api/v1/scenarios").json()["total"] == 1
    assert client.get(f"/api/v1/scenarios/{hidden.ref}").status_code == 404
    assert client.get("/search/", {"q": "场景"}).content.decode().count("未公开的场景") == 0
    reader = user or _nobody()
    assert CoreIndicator.objects.visible_to(reader).count() == 1
    assert Scenario.objects.visible_to(reader).count() == 1


def _nobody():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def test_api_never_carries_contact_or_appraisal(client):
    row = scenario(State.IN_APPRAISAL)
    appraise(row, actor=factories.user("staff"), day=DAY, verdict="fit", notes="内部意见")
    sign_in(client, "staff", row)
    answer = client.get(f"/api/v1/scenarios/{row.ref}")
    found = answer.json()
    assert (found["title"], found["core_indicators"][0]["operator"], found["conditions"]) == (row.title, "ge", [])
    assert all(text not in answer.content.decode() for text in ["13812345678", "李明华", "内部意见"])


def test_export_writes_nothing_that_a_spreadsheet_would_run(client):
    scenario(State.PUBLISHED, title="=1+1")
    text = body(client.get(f"{LIST}?format=csv")).decode("utf-8-sig")
    assert "\n'=1+1," in text


def test_markup_in_a_title_is_shown_as_text(client):
    row = scenario(State.PUBLISHED, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get(row.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=医院 质控", 2),
        ("q=zlzk", 0),
        ("state=published", 1),
        ("mechanism=race", 1),
        ("field=medical", 2),
        ("task=medicine", 2),
        ("on_site=yes", 1),
        ("on_site=no", 1),
        ("security=3", 1),
        ("apply_by=2026-07-01", 0),
        ("filing=yes", 0),
    ],
)
def test_list_is_narrowed_by(client, query, count):
    scenario(State.PUBLISHED, mechanism="race", on_site=True)
    scenario(State.MATCHED, security_level="3")
    assert client.get(f"{LIST}?{query}").context["page"].total == count
