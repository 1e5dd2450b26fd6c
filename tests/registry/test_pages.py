"""Lists, pages and forms of models and filings."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from qunxing.ledger.actions import change, change_many
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Visibility
from qunxing.ledger.recording import recording
from qunxing.registry.models import AIModel, Coverage, Filing, ModelVersion, Ownership
from tests import factories as people
from tests.registry import factories

pytestmark = pytest.mark.django_db
FILINGS, MODELS = reverse("registry:filing-list"), reverse("registry:model-list")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(people.user("staff"))
    return client


def url(page: str, *rows: Any) -> str:
    return reverse(f"registry:{page}", args=[row.ref for row in rows])


def names(client: Any, address: str) -> list[str]:
    return [str(row.cells[0].text) for row in client.get(address).context["page"].rows]


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["d丁", "c丙", "b乙", "a甲"]),
        ("kind=algorithm", ["c丙"]),
        ("kind=filed&kind=algorithm", ["c丙", "b乙", "a甲"]),
        ("state=withdrawn", ["b乙"]),
        ("region=31&region=11", ["b乙", "a甲"]),
        ("granted=2024-01-02&granted=2024-02-15", ["b乙"]),
        ("granted=&granted=2024-01-15", ["a甲"]),
        ("class=push&role=provider", ["c丙"]),
        ("authority=provincial", ["d丁"]),
        ("modality=audio", ["a甲"]),
        ("covers=yes", ["a甲"]),
        ("relies=yes", ["d丁"]),
        ("relies=no&covers=no", ["c丙", "b乙"]),
        ("sort=-name", ["d丁", "c丙", "b乙", "a甲"]),
        ("q=北方", ["b乙"]),
        ("q=beifang", ["b乙"]),
        ("q=yi", ["b乙"]),
        ("q=shanghai-ceshi", ["b乙", "a甲"]),
        ("state=nonsense&region=99", ["d丁", "c丙", "b乙", "a甲"]),
    ],
)
def test_filings_are_filtered_sorted_and_found(client: Client, query: str, found: list[str]) -> None:
    first = factories.filing(name="a甲", region="31", granted_on=date(2024, 1, 1))
    north = people.organization(name="北方智能有限公司")
    factories.filing("withdrawn", name="b乙", region="11", granted_on=date(2024, 2, 1), organization=north)
    of_algorithm = {"kind": "algorithm", "algorithm_class": "push", "algorithm_role": "provider"}
    factories.filing(name="c丙", granted_on=date(2024, 3, 1), **of_algorithm)
    more = {"kind": "registered", "relies_on": first, "authority": "provincial"}
    factories.filing(name="d丁", granted_on=date(2024, 4, 1), number="X-Y-20240101S0001", **more)
    factories.coverage(first, factories.model(modalities=("audio",)))
    assert names(client, f"{FILINGS}?{query}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a甲", "b乙"]),
        ("modality=text", ["a甲"]),
        ("task=coding", ["b乙"]),
        ("openness=open", ["b乙"]),
        ("filing=filed", ["a甲"]),
        ("filing=registered", []),
        ("filing=none", ["b乙"]),
        ("filing=filed&filing=none", ["a甲", "b乙"]),
        ("sort=-parameters", ["b乙", "a甲"]),
        ("q=北方", ["a甲"]),
        ("q=yi", ["b乙"]),
    ],
)
def test_models_are_filtered_sorted_and_found(client: Client, query: str, found: list[str]) -> None:
    north = people.organization(name="北方智能有限公司")
    first = factories.model(north, name="a甲", modalities=("text", "image"), parameters=Decimal(7))
    second = factories.model(name="b乙", tasks=("coding",), openness="open", parameters=Decimal("70.5"))
    factories.coverage(factories.filing(), first)
    factories.coverage(factories.filing("withdrawn"), second)
    factories.coverage(factories.filing("submitted"), second)
    assert names(client, f"{MODELS}?{query}") == found


def test_lists_of_one_organisation(client: Client) -> None:
    firm = people.organization()
    model, filing = factories.model(firm), factories.filing(organization=firm)
    factories.model()
    factories.filing()
    assert names(client, f"{MODELS}?organization={firm.ref}") == [model.name]
    assert names(client, f"{FILINGS}?organization={firm.ref}") == [filing.name]
    client.force_login(people.member_of(firm, "viewer"))
    [offered] = [item for item in client.get(FILINGS).context["page"].filters if item.name == "organization"]
    assert [(option.value, option.label) for option in offered.options] == [(firm.ref, firm.name)]


def test_states_that_are_not_published_are_not_offered_to_outsiders(client: Client) -> None:
    [offered] = [item for item in client.get(FILINGS).context["page"].filters if item.name == "state"]
    assert [option.value for option in offered.options] == ["granted", "changed", "withdrawn", "revoked"]


@pytest.mark.parametrize(("precision", "text"), [("year", "2025"), ("month", "2025-05"), ("day", "2025-05-07")])
def test_as_much_of_the_day_is_shown_as_is_known(client: Client, precision: str, text: str) -> None:
    filing = factories.filing(granted_precision=precision)
    [row] = client.get(f"{FILINGS}?col=granted").context["page"].rows
    assert row.cells[0].text == text
    assert client.get(filing.get_absolute_url()).context["steps"][0].shown_day.startswith(text[:4])


def test_export_holds_every_column_and_runs_nothing(staff: Client) -> None:
    model = factories.model(name="=1+1")
    factories.coverage(factories.filing(name="=cmd|' /C calc'!A0", product="<b>甲</b>"), model)
    columns = "&".join(f"col={name}" for name in ("name", "kind", "number", "granted", "models", "product", "live"))
    sheet = load_workbook(io.BytesIO(b"".join(staff.get(f"{FILINGS}?format=xlsx&{columns}").streaming_content))).active
    [_heading, values] = list(sheet.iter_rows(values_only=True))
    assert values[3] in (date(2025, 5, 7), "2025-05-07") or values[3].date() == date(2025, 5, 7)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "&lt;b&gt;" in staff.get(f"{FILINGS}?{columns}").content.decode()


def grow_filings(rows: int) -> list[Any]:
    made = [factories.filing(kind="registered", relies_on=factories.filing()) for _row in range(rows)]
    for row in made:
        factories.coverage(row, factories.model())
    return made


def grow_models(rows: int) -> list[Any]:
    made = [factories.model(base_model=factories.model()) for _row in range(rows)]
    for row in made:
        factories.version(row)
        factories.coverage(factories.filing(), row)
    return made


def queries_of(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("kind", ["visitor", "staff", "member"])
@pytest.mark.parametrize(("address", "grow"), [(FILINGS, grow_filings), (MODELS, grow_models)])
def test_list_asks_a_constant_number_of_queries(client: Client, kind: str, address: str, grow: Any) -> None:
    client.force_login(people.member_of(people.organization()) if kind == "member" else people.user(kind))
    every = "&".join(f"col={name}" for name in ("name", "owners", "filings", "version", "base", "models", "relies_on"))
    grow(1)
    few = queries_of(client, f"{address}?{every}")
    grow(2)
    assert queries_of(client, f"{address}?{every}") == few


@pytest.mark.parametrize("kind", ["visitor", "staff", "member"])
def test_page_asks_a_constant_number_of_queries(client: Client, kind: str) -> None:
    firm = people.organization()
    client.force_login(people.member_of(firm) if kind == "member" else people.user(kind))
    model, filing = factories.model(firm), factories.filing(organization=firm)

    def grow() -> None:
        factories.version(model)
        factories.ownership(model, people.organization())
        factories.coverage(factories.filing(), model)
        factories.coverage(filing, factories.model())
        factories.filing(kind="registered", relies_on=filing)
        factories.step(filing, "changed")

    pages = [model.get_absolute_url(), filing.get_absolute_url()]
    grow()
    few = [queries_of(client, page) for page in pages]
    grow()
    grow()
    assert [queries_of(client, page) for page in pages] == few
    assert max(few) <= 40


# --- pages ----------------------------------------------------------------------------------------------------------


def test_page_of_a_filing_shows_steps_models_and_the_chain(staff: Client) -> None:
    relied_on = factories.filing(name="底座备案")
    base = factories.model(name="底座模型")
    factories.coverage(relied_on, base)
    service = factories.filing(kind="registered", name="某应用", relies_on=relied_on)
    factories.step(service, "submitted", date(2025, 1, 2))
    answer = staff.get(service.get_absolute_url())
    page = answer.content.decode()
    assert all(text in page for text in ["底座备案", "底座模型", 'id="reliance"', 'id="timeline"'])
    assert [(step.state, step.day) for step in answer.context["steps"]] == [
        ("submitted", date(2025, 1, 2)),
        ("granted", date(2025, 5, 7)),
    ]
    assert "某应用" in staff.get(relied_on.get_absolute_url()).content.decode()
    assert relied_on.name in staff.get(base.get_absolute_url()).content.decode()


def test_registration_that_names_no_model_is_pointed_out(staff: Client) -> None:
    assert staff.get(factories.filing(kind="registered").get_absolute_url()).context["nameless"] is True
    assert staff.get(factories.filing().get_absolute_url()).context["nameless"] is False


def test_page_shows_the_record_as_it_was_known(staff: Client) -> None:
    filing = factories.filing(name="旧名")
    moment = filing.history.latest("history_id").history_date
    change(filing, actor=None, values={"name": "新名"})
    answer = staff.get(filing.get_absolute_url(), {"known_at": moment.isoformat()})
    assert (answer.context["record"].name, answer.context["transitions"]) == ("旧名", [])


@pytest.mark.parametrize("make", [factories.filing, factories.model])
def test_record_removed_meanwhile_is_not_found(staff: Client, make: Any) -> None:
    record = make()
    kind = "filing" if isinstance(record, Filing) else "model"
    addresses = [record.get_absolute_url(), url(f"{kind}-edit", record), url(f"{kind}-remove", record)]
    Ownership.objects.all().delete()
    record.delete()
    assert [staff.post(address).status_code for address in addresses[1:]] == [404, 404]
    assert staff.get(addresses[0]).status_code == 404


def test_record_that_others_speak_of_is_not_removed(staff: Client) -> None:
    relied_on, model = factories.filing(), factories.model()
    factories.coverage(factories.filing(kind="registered", relies_on=relied_on), model)
    assert staff.post(url("filing-remove", relied_on)).status_code == 409
    assert staff.post(url("model-remove", model)).status_code == 409
    assert (Filing.objects.count(), AIModel.objects.count()) == (2, 1)


# --- forms ----------------------------------------------------------------------------------------------------------

MODEL = {"name": "新模型", "visibility": "public"}
FILING = {"kind": "filed", "name": "新备案", "visibility": "public"}


def test_model_is_added_with_its_first_owner(staff: Client) -> None:
    firm, base = people.organization(name="某模型有限公司"), factories.model(name="底座")
    typed = MODEL | {
        "owner": "某模型 有限公司",
        "base_model": "底座",
        "modalities": ["text", "code"],
        "parameters": "7.5",
    }
    assert staff.post(url("model-create"), typed).status_code == 302
    model = AIModel.objects.get(name="新模型")
    assert (model.modalities, model.parameters, model.base_model) == (("code", "text"), Decimal("7.5"), base)
    assert [(row.organization, row.role) for row in model.ownerships.all()] == [(firm, "owner")]


def test_member_adds_a_filing_that_is_being_prepared(client: Client) -> None:
    firm = people.organization()
    client.force_login(people.member_of(firm, "editor"))
    assert client.get(url("filing-create")).context["form"]["organization"].value() == firm.ref
    typed = FILING | {"organization": firm.ref, "since": "2025-01-02"}
    assert client.post(url("filing-create"), typed).status_code == 302
    filing = Filing.objects.get()
    assert (filing.organization, filing.state, filing.shown_to) == (firm, "preparing", "internal")
    assert list(filing.steps.values_list("state", "day")) == [("preparing", date(2025, 1, 2))]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"name": "星" * 5000}, ["name"]),
        ({"name": "   "}, ["name"]),
        ({"name": "\x00"}, ["name"]),
        ({"owner": "不在台账上"}, ["owner"]),
        ({"owner": ""}, ["owner"]),
        ({"modalities": ["smell"]}, ["modalities"]),
        ({"parameters": "-1"}, ["parameters"]),
        ({"parameters": "很多"}, ["parameters"]),
        ({"base_model": "没有这个"}, ["base_model"]),
        ({"website": "javascript:alert(1)"}, ["website"]),
    ],
)
def test_wrong_value_of_a_model_is_named_and_nothing_typed_is_lost(
    staff: Client, values: dict[str, Any], fields: list[str]
) -> None:
    typed = MODEL | {"owner": people.organization().name, "description": "写了很久的说明"} | values
    answer = staff.post(url("model-create"), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert "写了很久的说明" in answer.content.decode()
    assert AIModel.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"name": "星" * 5000}, ["name"]),
        ({"kind": "magic"}, ["kind"]),
        ({"organization": "不在台账上"}, ["organization"]),
        ({"region": "99"}, ["region"]),
        ({"since": "2023-02-30"}, ["since"]),
        ({"algorithm_class": "push", "algorithm_role": "provider"}, ["algorithm_class", "algorithm_role"]),
        ({"relies_on": "没有这个"}, ["relies_on"]),
    ],
)
def test_wrong_value_of_a_filing_is_named_and_nothing_typed_is_lost(
    staff: Client, values: dict[str, Any], fields: list[str]
) -> None:
    typed = FILING | {"organization": people.organization().name, "notes": "写了很久的说明"} | values
    answer = staff.post(url("filing-create"), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, fields)
    assert "写了很久的说明" in answer.content.decode()
    assert Filing.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "relied_on", "accepted"),
    [
        ("registered", ("granted", "filed"), True),
        ("registered", ("changed", "filed"), True),
        ("registered", ("revoked", "filed"), False),
        ("registered", ("submitted", "filed"), False),
        ("registered", ("granted", "algorithm"), False),
        ("filed", ("granted", "filed"), False),
    ],
)
def test_only_a_registration_relies_on_a_filed_model_in_force(
    staff: Client, kind: str, relied_on: tuple[str, str], accepted: bool
) -> None:
    other = factories.filing(relied_on[0], kind=relied_on[1], name="底座备案")
    typed = FILING | {"kind": kind, "organization": people.organization().name, "relies_on": other.name}
    assert (staff.post(url("filing-create"), typed).status_code == 302) is accepted
    assert Filing.objects.filter(relies_on=other).exists() is accepted


def test_reliance_that_ended_since_does_not_stand_in_the_way_of_an_edit(staff: Client) -> None:
    relied_on = factories.filing("revoked")
    service = factories.filing(kind="registered", relies_on=relied_on)
    typed = opened(staff, url("filing-edit", service)) | {"product": "新产品"}
    assert staff.post(url("filing-edit", service), typed).status_code == 302
    assert Filing.objects.get(pk=service.pk).product == "新产品"


def opened(client: Any, address: str) -> dict[str, Any]:
    """What a browser posts of the form as it was opened."""
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], ())}


@pytest.mark.parametrize("kind", ["filed", "registered", "algorithm"])
@pytest.mark.parametrize("state", ["preparing", "granted"])
def test_form_opened_and_saved_changes_nothing(staff: Client, kind: str, state: str) -> None:
    more = {"algorithm_class": "push"} if kind == "algorithm" else {}
    filing = factories.filing(state, kind=kind, region="31", **more)
    for page in ("filing-edit", "filing-service"):
        assert staff.post(url(page, filing), opened(staff, url(page, filing))).status_code == 302
    assert filing.history.count() == 1


def test_form_of_a_model_opened_and_saved_changes_nothing(staff: Client) -> None:
    base = factories.model(name="同名")
    factories.model(name="同名")
    model = factories.model(base_model=base, parameters=Decimal("1.500"), modalities=("text",), tasks=("coding", "law"))
    address = url("model-edit", model)
    assert staff.post(address, opened(staff, address)).status_code == 302
    assert model.history.count() == 1


def test_conflict_shows_both_and_keeps_what_was_typed(staff: Client) -> None:
    filing = factories.filing(product="旧")
    typed = opened(staff, url("filing-edit", filing)) | {"product": "甲", "purpose": "打的字"}
    change(filing, actor=None, values={"product": "乙", "batch": "第三批"})
    answer = staff.post(url("filing-edit", filing), typed)
    assert answer.status_code == 409
    assert {clash.name: clash.keep for clash in answer.context["clashes"]} == {
        "product": "mine",
        "purpose": "mine",
        "batch": "theirs",
    }
    page = answer.content.decode()
    assert all(text in page for text in ["甲", "乙", "打的字", "第三批"])


def test_expired_form_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user("staff"))
    assert client.post(url("filing-create"), FILING).status_code == 403


def test_number_is_checked_when_it_is_changed(staff: Client) -> None:
    other, filing = factories.filing(), factories.filing()
    typed = opened(staff, url("filing-edit", filing))
    for number in ("", "乱写", other.number, other.number.lower().replace("-", "－")):
        answer = staff.post(url("filing-edit", filing), typed | {"number": number})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["number"])
    assert staff.post(url("filing-edit", filing), typed | {"number": "Shanghai-Xin-20240101"}).status_code == 302


def test_odd_number_that_was_imported_does_not_stand_in_the_way_of_an_edit(staff: Client) -> None:
    filing = factories.filing(number="旧时的编号 12")
    typed = opened(staff, url("filing-edit", filing)) | {"product": "新产品"}
    assert staff.post(url("filing-edit", filing), typed).status_code == 302


def test_same_number_may_stand_once_for_each_kind() -> None:
    factories.filing(number="A-B-20240101")
    factories.filing(kind="registered", number="A-B-20240101")
    assert Filing.objects.filter(number_key="A-B-20240101").count() == 2


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("version-create", {"version": "1.0"}),
        ("ownership-create", {"role": "owner"}),
        ("coverage-create", {}),
    ],
)
def test_part_that_is_there_already_is_refused_in_words(staff: Client, page: str, values: dict[str, str]) -> None:
    firm = people.organization()
    model, filing = factories.model(firm), factories.filing()
    factories.version(model, version="1.0")
    factories.coverage(filing, model)
    parent = filing if page == "coverage-create" else model
    answer = staff.post(url(page, parent), values | {"organization": firm.name, "model": model.name})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])
    assert [kind.objects.count() for kind in (ModelVersion, Ownership, Coverage)] == [1, 1, 1]


def test_circle_of_base_models_is_refused(staff: Client) -> None:
    first = factories.model()
    second = factories.model(base_model=factories.model(base_model=first))
    typed = opened(staff, url("model-edit", first)) | {"base_model": second.name}
    answer = staff.post(url("model-edit", first), typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["base_model"])


# --- what follows from other records ----------------------------------------------------------------------------------


def test_bulk_change_of_organisations_takes_their_filings_along() -> None:
    filing = factories.filing()
    firm = filing.organization
    firm.visibility = Visibility.INTERNAL
    with recording(actor=None):
        change_many([firm], ["visibility"])
    assert Filing.objects.get().shown_to == "internal"
    assert filing.history.count() == 2
    assert audit_database().ok


def test_saving_an_organisation_otherwise_leaves_its_filings_alone() -> None:
    filing = factories.filing()
    change(filing.organization, actor=None, values={"short_name": "甲"})
    assert filing.history.count() == 1


# --- API ------------------------------------------------------------------------------------------------------------


def test_api_gives_models_and_filings_with_their_parts(client: Client) -> None:
    firm = people.organization(name="某模型有限公司")
    model = factories.model(firm, modalities=("text",))
    filing = factories.filing(organization=firm)
    factories.coverage(filing, model)
    factories.version(model, version="2.0", released_on=date(2025, 1, 1))
    service = factories.filing(kind="registered", relies_on=filing)
    assert client.get("/api/v1/models").json()["total"] == 1
    assert client.get("/api/v1/filings?kind=registered").json()["total"] == 1
    told = client.get(f"/api/v1/models/{model.ref}").json()
    assert told["versions"] == [{"version": "2.0", "released_on": "2025-01-01", "note": ""}]
    assert (told["owners"][0]["organization"]["name"], told["filings"][0]["number"]) == (firm.name, filing.number)
    assert client.get(f"/api/v1/filings/{service.ref}").json()["relies_on"]["ref"] == filing.ref
    told = client.get(f"/api/v1/filings/{filing.ref}").json()
    assert (told["granted_on"], told["relied_on_by"], told["steps"]) == (
        "2025-05-07",
        1,
        [{"state": "granted", "day": "2025-05-07", "note": ""}],
    )


def test_api_tells_what_is_due_to_whom_it_concerns(client: Client) -> None:
    filing = factories.filing(altered_on=date(2025, 6, 3))
    assert client.get("/api/v1/filings/due").status_code in {401, 403}
    client.force_login(people.member_of(filing.organization, "viewer"))
    [told] = client.get("/api/v1/filings/due").json()
    assert (told["duty"], told["last_day"], told["certain"]) == ("change", "2025-06-17", True)
