"""The pages of claims, over HTTP."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from qunxing.indicators.models import Claim
from qunxing.ledger.actions import change
from qunxing.ledger.models import Evidence, Visibility
from tests import factories
from tests.indicators.factories import claim

pytestmark = pytest.mark.django_db
LIST = "/claims/"
NEW = "/claims/new/"
ROLES = ("anonymous", "visitor", "expert", "manager", "member", "officer", "staff")


def sign_in(client, role):
    if role == "member":
        client.force_login(factories.member_of(factories.organization(), "owner"))
    elif role != "anonymous":
        client.force_login(factories.user(role))


def edit_url(row):
    return reverse("indicators:claim-edit", args=[row.ref])


def typed(source, **values):
    return {
        "indicator": "clustered_llm_firms",
        "subject": "模速空间及周边",
        "figure": "近400家",
        "as_of": "2025-05",
        "scope_text": "空间及周边",
        "wording": "模速空间及周边便汇聚了近400家大模型企业",
        "origin": source.ref,
        "place": "第2段",
        "visibility": "public",
    } | values


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# --- writing ----------------------------------------------------------------------------------------------------------


def test_staff_keep_a_figure_as_it_was_published(client):
    source = factories.source(title="徐汇区报道")
    sign_in(client, "staff")
    answer = client.post(NEW, typed(source))
    row = Claim.objects.get()
    assert answer.status_code == 302
    assert (row.value_low, row.value_high, row.high_open, row.unit) == (None, 400, True, "家")
    assert (row.as_of_low, row.as_of_high, row.as_of_precision) == (date(2025, 5, 1), date(2025, 5, 31), "month")
    assert (row.origin, row.history.get().source, Evidence.objects.get().source) == (source, source, source)
    page = client.get(row.get_absolute_url()).content.decode()
    assert all(text in page for text in ["&lt;400家", "徐汇区报道", "第2段", row.wording, "2025年5月"])


def test_amount_takes_its_currency(client):
    sign_in(client, "staff")
    client.post(NEW, typed(factories.source(), figure="600億元"))
    row = Claim.objects.get()
    assert (row.value_low, row.unit, row.currency) == (60_000_000_000, "元", "CNY")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"origin": ""}, "origin"),
        ({"origin": "nosuchsource"}, "origin"),
        ({"as_of": ""}, "as_of"),
        ({"as_of": "2023-02-30"}, "as_of"),
        ({"as_of": "2025-05 至 2025-04"}, "as_of"),
        ({"figure": ""}, "figure"),
        ({"figure": "很多家"}, "figure"),
        ({"figure": "20-10"}, "figure"),
        ({"figure": "1" * 25}, "figure"),
        ({"figure": "0.12345678"}, "figure"),
        ({"figure": "5" + "单" * 40}, "figure"),
        ({"currency": "XXX"}, "currency"),
        ({"wording": ""}, "wording"),
        ({"subject": ""}, "subject"),
        ({"subject": "主" * 5_000}, "subject"),
        ({"indicator": "有 空格"}, "indicator"),
        ({"scope_text": ""}, "__all__"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_is_kept(client, values, field):
    sign_in(client, "staff")
    answer = client.post(NEW, typed(factories.source(), note="待核对") | values)
    assert (answer.status_code, Claim.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == [field]
    assert "待核对" in answer.content.decode()


def test_saving_an_untouched_form_changes_nothing(client):
    from qunxing.ledger.forms import raw_values

    row = claim(scope=factories.scope(), value_low=None, value_high=400, low_open=False, high_open=True)
    sign_in(client, "staff")
    form = client.get(edit_url(row)).context["form"]
    data = {name: raw_values(form, name) for name in form.fields} | {"revision": 1}
    assert client.post(edit_url(row), data).status_code == 302
    row.refresh_from_db()
    assert row.revision == 1


def test_conflict_shows_both_values(client):
    row = claim()
    sign_in(client, "staff")
    change(row, actor=None, values={"value_low": 120})
    answer = client.post(edit_url(row), typed(row.origin, figure="近150家") | {"revision": 1})
    kept = {clash.name: (clash.opened, clash.theirs, clash.mine) for clash in answer.context["clashes"]}
    assert answer.status_code == 409
    assert kept["figure"] == (">100", ">120", "近150家")


def test_removed_claim_is_not_found(client):
    row = claim()
    url = edit_url(row)
    row.delete()
    sign_in(client, "staff")
    assert client.post(url, {}).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_claims_are_read_by_all_and_written_by_staff(client, role):
    row = claim()
    sign_in(client, role)
    allowed = 200 if role == "staff" else 403
    assert client.get(LIST).context["page"].total == 1
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(NEW).status_code == allowed
    assert client.get(edit_url(row)).status_code == allowed
    assert client.post(NEW, typed(row.origin)).status_code == (302 if role == "staff" else 403)


# --- reading ----------------------------------------------------------------------------------------------------------


def test_claims_of_different_scopes_stand_beside_each_other(client):
    community = factories.community()
    narrow = claim(scope=factories.scope(community, "space"))
    wide = claim(
        scope=factories.scope(community, "surroundings"), value_low=None, value_high=400, low_open=False, high_open=True
    )
    page = client.get(narrow.get_absolute_url())
    assert {row["claim"] for row in page.context["beside"]} == {narrow, wide}
    assert (page.context["comparison"].scopes_differ, page.context["comparison"].disputed) == (True, False)
    text = page.content.decode()
    assert all(part in text for part in ["&gt;100家", "&lt;400家", "不相加"])
    listed = client.get(LIST)
    assert [len(group.rows) for group in listed.context["groups"]] == [2]
    assert "范围不同" in listed.content.decode()


def test_claims_that_cannot_both_be_true_are_marked(client):
    claim(value_low=43, value_high=43, low_open=False)
    other = claim(value_low=45, value_high=45, low_open=False)
    assert client.get(other.get_absolute_url()).context["comparison"].disputed is True
    assert client.get(LIST).context["groups"][0].comparison.disputed is True


@pytest.mark.parametrize(
    "values",
    [
        {"as_of_low": date(2026, 1, 1)},
        {"subject": "另一空间"},
        {"scope_text": "全国"},
        {"status": "planned"},
        {"unit": "个"},
    ],
)
def test_claims_of_other_time_subject_or_scope_are_no_dispute(client, values):
    claim(value_low=43, value_high=43, low_open=False)
    other = claim(**{"value_low": 45, "value_high": 45, "low_open": False} | values)
    assert client.get(other.get_absolute_url()).context["comparison"].disputed is False


def test_list_is_grouped_by_indicator(client):
    for code in ["filed_models", "resident_firms", "filed_models", "zz_own"]:
        claim(indicator=code)
    groups = client.get(LIST).context["groups"]
    assert [(group.code, len(group.rows)) for group in groups] == [
        ("filed_models", 2),
        ("resident_firms", 1),
        ("zz_own", 1),
    ]


def test_list_fragment_is_the_rows_alone(client):
    claim()
    answer = client.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert "模速空间" in answer


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=模速", 2),
        ("q=msks", 0),
        ("q=mskj", 2),
        ("indicator=resident_firms", 1),
        ("scope=city", 1),
        ("as_of=2025-05-01", 1),
        ("status=planned", 1),
        ("indicator=nothing", 2),
    ],
)
def test_list_is_narrowed_by(client, query, count):
    claim()
    claim(indicator="planned_compute", scope=factories.scope(code="city"), status="planned", as_of_low=date(2025, 6, 1))
    assert client.get(f"{LIST}?{query}").context["page"].total == count


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_page_take_a_constant_number_of_queries(client, django_assert_max_num_queries, count):
    scope = factories.scope()
    rows = [claim(scope=scope) for _ in range(count)]
    sign_in(client, "staff")
    with django_assert_max_num_queries(10):
        client.get(LIST)
    with django_assert_max_num_queries(16):
        client.get(rows[0].get_absolute_url())


# --- leaks ------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["claim", "source", "scope"])
def hidden(request):
    """A claim that is internal itself, or rests on something internal."""
    if request.param == "claim":
        return claim(subject="内部口径", visibility=Visibility.INTERNAL)
    if request.param == "source":
        return claim(subject="内部口径", origin=factories.source(visibility=Visibility.INTERNAL))
    return claim(subject="内部口径", scope=factories.scope(visibility=Visibility.INTERNAL))


@pytest.mark.parametrize("role", ["anonymous", "visitor", "expert", "manager", "member"])
def test_hidden_claim_leaks_nowhere(client, hidden, role):
    seen = claim(subject="公开口径")
    sign_in(client, role)
    for query in ["", "?format=csv", "?q=内部", f"?indicator={hidden.indicator}"]:
        assert "内部口径" not in body(client.get(LIST + query)).decode()
    sheet = load_workbook(BytesIO(body(client.get(f"{LIST}?format=xlsx")))).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["公开口径"]
    assert client.get(LIST).context["page"].total == 1
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(seen.get_absolute_url()).context["beside"] == []
    assert client.get("/api/v1/claims").json()["total"] == 1
    assert client.get(f"/api/v1/claims/{hidden.ref}").status_code == 404
    assert "内部口径" not in client.get("/search/", {"q": "口径"}).content.decode()


@pytest.mark.parametrize("role", ["officer", "staff"])
def test_hidden_claim_is_shown_to_staff_and_officers(client, hidden, role):
    sign_in(client, role)
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_indicator_of_a_hidden_claim_is_no_option(client):
    claim(indicator="secret_count", visibility=Visibility.INTERNAL)
    assert "secret_count" not in client.get(LIST).content.decode()


def test_api_gives_value_source_and_wording(client):
    row = claim(scope=factories.scope())
    found = client.get(f"/api/v1/claims/{row.ref}").json()
    assert (found["value_low"], found["value_high"], found["low_open"], found["scope"]) == (
        "100.000000",
        None,
        True,
        "space",
    )
    assert (found["source"]["ref"], found["wording"]) == (row.origin.ref, row.wording)


def test_markup_in_a_claim_is_shown_as_text(client):
    row = claim(subject="<b>粗</b>", wording="<script>alert(1)</script>")
    for url in (LIST, row.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "<b>粗</b>" not in page
        assert "<script>alert" not in page
