"""Figures over HTTP: who sees what, as of when, as known when; what is asked wrongly; what is derived."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qunxing.indicators.figures.catalogue import declare
from qunxing.indicators.models import Definition
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.versions import history_of
from tests import factories
from tests.indicators.test_pages import body, sign_in
from tests.indicators.towns import HIDDEN, OPEN, stay, town

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "visitor", "expert", "manager", "member", "officer", "staff")
FIRMS = "/indicators/resident_firms/"
READS = (
    "/indicators/", FIRMS, f"{FIRMS}rows/", f"{FIRMS}compare/?from=2024-07-01", f"{FIRMS}definition/", "/dashboard/",
    "/dashboard/ecosystem/", "/dashboard/wall/", "/api/v1/indicators", "/api/v1/indicators/resident_firms",
    "/api/v1/indicators/resident_firms/rows",
)  # fmt: skip
FILES = (
    f"{FIRMS}rows/?scope=all&format=csv", f"{FIRMS}rows/?scope=all&format=xlsx", "/dashboard/ecosystem/?format=csv",
    "/dashboard/ecosystem/?scope=surroundings&format=xlsx",
)  # fmt: skip
WRITES = (
    "/indicators/new/", "/indicators/new/?operation=filter&base=resident_firms", "/indicators/resident_firms/edit/",
)  # fmt: skip


@pytest.fixture
def place():
    declare(actor=None)
    return town()


def number(client, code="resident_firms", **asked):
    """(low, high) of a figure that is not split, as this client's API tells it."""
    answer = client.get(f"/api/v1/indicators/{code}", {"scope": "all", **asked}).json()
    (figure,) = answer["figures"]
    return figure["low"], figure["high"]


# --- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", READS)
@pytest.mark.parametrize("role", ["anonymous", "member", "officer"])
def test_everybody_may_ask(client, place, role, address):
    sign_in(client, role)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", WRITES)
@pytest.mark.parametrize("role", ROLES)
def test_staff_alone_define_figures(client, place, role, address):
    sign_in(client, role)
    assert client.get(address).status_code == (200 if role == "staff" else 403)
    assert client.post(address, {"code": "x"}).status_code in ({200, 422} if role == "staff" else {403})


@pytest.mark.parametrize(
    ("role", "counted"), [("anonymous", 1), ("visitor", 2), ("member", 2), ("officer", 3), ("staff", 3)]
)
def test_a_total_is_over_what_the_reader_may_see(client, place, role, counted):
    sign_in(client, role)
    assert number(client) == (counted, counted)
    answer = client.get("/api/v1/indicators/resident_firms/rows?scope=all").json()
    assert (answer["total"], len(answer["rows"])) == (counted, counted)


def test_a_total_over_less_than_all_is_labelled_so(client, place):
    assert "data-nothing" not in client.get(FIRMS).text
    label = "只统计你能看到的"
    assert label in client.get(f"{FIRMS}?scope=all").text
    sign_in(client, "staff")
    assert label not in client.get(f"{FIRMS}?scope=all").text


@pytest.mark.parametrize("address", [*READS, *FILES])
@pytest.mark.parametrize("scope", ["all", "space"])
def test_what_is_hidden_shows_nowhere(client, place, address, scope):
    joint = "&" if "?" in address else "?"
    for known in ("", f"&known_at={timezone.localdate().isoformat()}"):
        shown = body(client.get(f"{address}{joint}scope={scope}{known}"))
        assert HIDDEN.encode() not in shown
    assert place.hidden_firm.ref.encode() not in shown


def test_the_wall_shows_what_everybody_may_see_whoever_looks(client, place):
    sign_in(client, "staff")
    shown = client.get("/dashboard/wall/?scope=surroundings")
    assert "藏星" not in shown.text
    assert client.get("/dashboard/wall/").context["headlines"][0]["value"] == "1家"


# --- as of, and as known at -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "scope", "counted"),
    [
        ("2024-01-09", "all", 0),
        ("2024-01-10", "space", 1),
        ("2024-06-01", "space", 1),
        ("2024-06-01", "surroundings", 2),
        ("2024-08-15", "space", 2),
    ],
)
def test_a_figure_is_as_of_its_day_and_scope(client, place, day, scope, counted):
    sign_in(client, "staff")
    assert number(client, as_of=day, scope=scope) == (counted, counted)


def test_a_firm_is_no_longer_counted_on_the_day_it_left(client, place):
    sign_in(client, "staff")
    stay(factories.organization(), place.space, stage="graduated", left_on=date(2025, 3, 1))
    assert number(client, as_of="2025-02-28", scope="space") == (3, 3)
    assert number(client, as_of="2025-03-01", scope="space") == (2, 2)
    assert number(client, "firms_graduated", as_of="2025-03-31", scope="space") == (1, 1)


def test_a_stay_without_a_day_counts_perhaps_before_it_was_recorded(client, place):
    sign_in(client, "staff")
    stay(factories.organization(), place.space, entered_on=None)
    assert number(client, as_of="2024-09-01", scope="space") == (2, 3)
    assert number(client, scope="space") == (3, 3)
    assert "也许" in client.get(f"{FIRMS}rows/?as_of=2024-09-01").text


def test_what_was_learned_later_is_not_in_what_was_known_before(client, place):
    sign_in(client, "staff")
    late = stay(factories.organization(), place.space, entered_on=date(2024, 2, 1))
    stays = history_of(type(late)).objects
    stays.exclude(id=late.pk).update(history_date=datetime(2025, 1, 5, tzinfo=UTC))
    stays.filter(id=late.pk).update(history_date=datetime(2025, 2, 5, tzinfo=UTC))
    for kind in (type(place.space), type(late.organization)):
        history_of(kind).objects.update(history_date=datetime(2025, 1, 1, tzinfo=UTC))
    asked = {"as_of": "2024-12-31", "scope": "space"}
    assert number(client, known_at="2025-01-31", **asked) == (2, 2)
    assert number(client, known_at="2025-02-28", **asked) == (3, 3)
    assert number(client, **asked) == (3, 3)
    compared = client.get(f"{FIRMS}compare/?from=2024-12-31&from_known_at=2025-01-31&as_of=2025-06-30&scope=space")
    assert [group.total for group in compared.context["moved"]] == [0, 0, 1, 0]


def test_two_days_tell_a_move_from_a_correction(client, place):
    sign_in(client, "staff")
    came = stay(factories.organization(), place.space, entered_on=date(2025, 5, 1))
    compared = client.get(f"{FIRMS}compare/?from=2025-04-30&as_of=2025-05-31&scope=space").context["moved"]
    assert [group.total for group in compared] == [1, 0, 0, 0]
    assert compared[0].rows[0].record == came


def test_a_removed_stay_is_still_in_what_was_known(client, place):
    sign_in(client, "staff")
    gone = stay(factories.organization(), place.space)
    history_of(type(gone)).objects.update(history_date=datetime(2025, 1, 1, tzinfo=UTC))
    for kind in (type(place.space), type(gone.organization)):
        history_of(kind).objects.update(history_date=datetime(2025, 1, 1, tzinfo=UTC))
    remove(gone, actor=None, reason="typed twice")
    assert number(client, scope="space") == (2, 2)
    assert number(client, scope="space", known_at="2025-06-01") == (3, 3)
    assert client.get(f"{FIRMS}rows/?known_at=2025-06-01&scope=space").status_code == 200


# --- totals that do not leak ------------------------------------------------------------------------------------------


def open_to(code, access):
    change(Definition.objects.get(code=code), actor=None, values={"access": access})


def test_a_closed_figure_is_not_there_for_who_may_not_see_all(client, place):
    open_to("resident_firms", "closed")
    assert client.get(FIRMS).status_code == 404
    assert client.get("/api/v1/indicators/resident_firms").status_code == 404
    assert "resident_firms" not in [one["code"] for one in client.get("/api/v1/indicators").json()["indicators"]]
    assert client.get("/indicators/resident_growth/").status_code == 404
    sign_in(client, "officer")
    assert client.get(FIRMS).status_code == 200


def inner_figure(**values):
    """A figure that staff made for staff and officers."""
    words = {"name_zh": "内部口径", "name_en": "Inner", "operation": "growth_year", "base": "resident_firms"}
    known = {"code": "inner", "visibility": "internal"}
    return create(Definition(**words | known | values), actor=None)


@pytest.mark.parametrize(("role", "status"), [("anonymous", 404), ("member", 404), ("officer", 200)])
def test_an_internal_figure_is_there_for_staff_and_officers_alone(client, place, role, status):
    inner_figure()
    sign_in(client, role)
    addresses = [f"{at}{code}" for at in ("/indicators/", "/api/v1/indicators/") for code in ("inner", "of-inner")]
    inner_figure(code="of-inner", base="inner", visibility="public", name_en="Of the inner")
    assert [client.get(f"{at}{'' if '/api/' in at else '/'}").status_code for at in addresses] == [status] * 4
    for at in ("/indicators/", "/api/v1/indicators", "/dashboard/"):
        assert ("of-inner" in client.get(at).text) == (status == 200 and at != "/dashboard/")


def test_what_is_closed_today_does_not_open_to_who_asks_of_the_past(client, place):
    inner_figure(visibility="public")
    history_of(Definition).objects.update(history_date=datetime(2025, 1, 1, tzinfo=UTC))
    assert client.get("/indicators/inner/?known_at=2025-02-01").status_code == 200
    change(Definition.objects.get(code="inner"), actor=None, values={"visibility": "internal"})
    open_to("core_firms", "closed")
    change(Definition.objects.get(code="firms_left"), actor=None, values={"retired": True})
    for code in ("inner", "core_firms", "firms_left"):
        assert client.get(f"/indicators/{code}/?known_at=2025-02-01").status_code == 404
    sign_in(client, "officer")
    assert client.get("/indicators/firms_left/?known_at=2025-02-01").status_code == 200
    assert client.get("/indicators/firms_left/").status_code == 404


def test_what_is_retired_stays_out_of_what_was_known_after_it(client, place):
    sign_in(client, "officer")
    change(Definition.objects.get(code="firms_left"), actor=None, values={"retired": True})
    assert client.get(f"/indicators/firms_left/?known_at={timezone.localdate().isoformat()}").status_code == 404


def test_the_dashboard_stands_without_a_figure_that_is_closed(client, place):
    open_to("resident_firms", "closed")
    assert client.get("/dashboard/").status_code == 200


@pytest.mark.parametrize("access", ["banded", "protected"])
def test_a_guarded_figure_names_no_rows(client, place, access):
    open_to("resident_firms", access)
    shown = client.get(f"{FIRMS}?scope=all").text
    assert OPEN not in shown
    assert client.get(f"{FIRMS}rows/").status_code == 404
    assert client.get(f"{FIRMS}compare/?from=2024-01-01").status_code == 404
    assert client.get("/api/v1/indicators/resident_firms/rows").status_code == 404


def test_a_banded_figure_is_the_true_total_as_a_band(client, place):
    open_to("resident_firms", "banded")
    (figure,) = client.get("/api/v1/indicators/resident_firms?scope=all").json()["figures"]
    assert (figure["shown"], figure["low"], figure["high"]) == ("1–4", None, None)


def test_a_guarded_figure_is_told_at_the_ends_of_quarters_only(client, place):
    open_to("resident_firms", "protected")
    for number_of_firm in range(6):
        stay(factories.organization(), place.space, entered_on=date(2024, 2, 1 + number_of_firm))
    told = {
        day: client.get("/api/v1/indicators/resident_firms", {"as_of": day, "scope": "space"}).json()["figures"]
        for day in ("2024-07-01", "2024-08-14", "2024-08-16", "2024-09-29")
    }
    assert len({str(figures) for figures in told.values()}) == 1


def test_the_page_says_of_which_days_it_tells(client, place):
    asked = {"as_of": "2024-08-20", "span": "month", "known_at": timezone.localdate().isoformat()}
    moved = "/indicators/firms_moved_in/"
    assert "2024-08-01 至 2024-08-20" in client.get(moved, asked).text
    assert "统计期" not in client.get(FIRMS, asked).text
    open_to("firms_moved_in", "protected")
    shown = client.get(moved, asked).text
    assert "2024-04-01 至 2024-06-30" in shown
    assert "按现在所知公布" in shown
    assert client.get("/api/v1/indicators/firms_moved_in", asked).json()["told_as_of"] == "2024-06-30"


def test_scopes_cannot_be_subtracted_from_each_other(client, place):
    """One firm alone lives in the surroundings: neither total may stand beside the other."""
    open_to("resident_firms", "protected")
    for _number in range(6):
        stay(factories.organization(), place.space)
    asked = {"as_of": "2024-12-31"}
    shown = {
        scope: client.get("/api/v1/indicators/resident_firms", {**asked, "scope": scope}).json()["figures"][0]
        for scope in ("space", "surroundings", "all")
    }
    known = [one["low"] for one in shown.values() if one["low"] is not None]
    assert all(abs(one - other) not in {1, 2} for one in known for other in known)
    assert shown["space"]["low"] is None or shown["surroundings"]["low"] is None


def test_small_parts_of_a_guarded_figure_are_hidden_with_what_would_give_them_back(client, place):
    open_to("resident_firms", "protected")
    for _number in range(5):
        stay(factories.organization(size_class="small"), place.space)
    for _number in range(3):
        stay(factories.organization(), place.surroundings)
    broken = client.get("/api/v1/indicators/resident_firms", {"as_of": "2024-12-31", "scope": "space"}).json()
    sizes = {one["part"]: one["shown"] for one in broken["breakdowns"]["size"]}
    assert sizes["micro"] == "<3"
    assert sum(not shown.isdecimal() for shown in sizes.values()) >= 2
    assert "field" not in broken["breakdowns"]


# --- asked wrongly ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [FIRMS, "/indicators/", "/dashboard/", "/dashboard/growth/", "/api/v1/indicators"])
@pytest.mark.parametrize(
    "query",
    ["as_of=2999-01-01", "as_of=yesterday", "known_at=2999-01-01", "scope=moon", "span=week", "as_of=0001-01-01"],
)
def test_a_question_that_is_not_understood_is_answered_with_what_is_wrong(client, place, address, query):
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 422


def test_a_day_in_the_future_is_named(client, place):
    assert timezone.localdate().isoformat() in client.get(f"{FIRMS}?as_of=2999-01-01").text


@pytest.mark.parametrize(
    "address",
    ["/indicators/nothing/", "/indicators/nothing/rows/", "/dashboard/nothing/", "/api/v1/indicators/nothing"],
)
def test_what_is_not_there_is_404(client, place, address):
    assert client.get(address).status_code == 404


def test_an_empty_ledger_shows_pages_all_the_same(client):
    for address in ("/indicators/", FIRMS, f"{FIRMS}rows/", "/dashboard/", "/dashboard/wall/", "/api/v1/indicators"):
        assert client.get(address).status_code == 200


def test_a_page_of_rows_that_is_not_there_is_the_last(client, place):
    assert client.get(f"{FIRMS}rows/?page=99").status_code == 200
    assert client.get(f"{FIRMS}rows/?page=x").status_code == 200


# --- derived without code ---------------------------------------------------------------------------------------------


def derive(client, operation, base, **typed):
    words = {
        "code": "own",
        "name_zh": "自定",
        "name_en": "Own",
        "scope": "space",
        "access": "own",
        "visibility": "public",
    }
    return client.post(f"/indicators/new/?operation={operation}&base={base}", words | typed)


def test_staff_derive_a_filter(client, place):
    sign_in(client, "staff")
    answer = derive(client, "filter", "resident_firms", where_size=["small"])
    assert (answer.status_code, answer["Location"]) == (302, "/indicators/own/definition/")
    assert number(client, "own", scope="space") == (1, 1)
    assert client.get("/indicators/own/").status_code == 200


def test_a_filter_of_a_filter_meets_both_conditions_on_one_dimension(client, place):
    """Core firms of the tier star are none, not the stars."""
    sign_in(client, "staff")
    stay(factories.organization(), place.space, tier="star")  # as two of the town are
    derive(client, "filter", "core_firms", where_tier=["star"])
    assert number(client, "own") == (0, 0)
    derive(client, "filter", "resident_firms", where_tier=["star", "core"], code="either")
    derive(client, "filter", "either", where_tier=["core"], code="one")
    assert [number(client, code) for code in ("either", "one", "resident_firms")] == [(4, 4), (1, 1), (4, 4)]


def test_staff_derive_a_share(client, place):
    sign_in(client, "staff")
    derive(client, "share", "core_firms", operand="resident_firms")
    (figure,) = client.get("/api/v1/indicators/own?scope=space").json()["figures"]
    assert (figure["low"], figure["shown"]) == (50, "50%")


def test_staff_derive_a_share_of_a_wider_scope(client, place):
    sign_in(client, "staff")
    answer = derive(client, "share", "resident_firms", operand="resident_firms", operand_scope="surroundings")
    assert answer.status_code == 302
    (figure,) = client.get("/api/v1/indicators/own?scope=space").json()["figures"]
    assert figure["shown"] == "66.67%"


def test_what_is_divided_by_nothing_cannot_be_told(client, place):
    sign_in(client, "staff")
    derive(client, "ratio", "resident_firms", operand="firms_graduated")
    (figure,) = client.get("/api/v1/indicators/own?scope=space").json()["figures"]
    assert (figure["low"], figure["shown"]) == (None, "无法得出")
    assert client.get("/indicators/own/").status_code == 200


def test_a_filter_needs_a_word(client, place):
    sign_in(client, "staff")
    assert derive(client, "filter", "resident_firms").status_code == 422
    assert not Definition.objects.filter(code="own").exists()


@pytest.mark.parametrize(("code", "status"), [("resident_firms", 422), ("with space", 422), ("", 422), ("x" * 80, 422)])
def test_a_code_that_cannot_be_is_refused(client, place, code, status):
    sign_in(client, "staff")
    assert derive(client, "growth_year", "resident_firms", code=code).status_code == status


def test_an_indicator_made_of_itself_is_refused(client, place):
    sign_in(client, "staff")
    derive(client, "difference", "resident_firms", operand="core_firms", code="one")
    derive(client, "difference", "one", operand="core_firms", code="two")
    one = Definition.objects.get(code="one")
    words = {
        "name_zh": "一", "name_en": "One", "scope": "space", "access": "own", "visibility": "public",
        "operand": "two", "revision": one.revision,
    }  # fmt: skip
    answer = client.post("/indicators/one/edit/", words)
    assert answer.status_code == 422
    assert Definition.objects.get(code="one").operand == "core_firms"


def test_an_indicator_that_has_come_to_be_made_of_itself_says_so(client, place):
    sign_in(client, "staff")
    for code, other in (("one", "two"), ("two", "one")):
        create(
            Definition(code=code, name_zh=code, name_en=code, operation="difference", base=other, operand="core_firms"),
            actor=None,
        )
    for address in ("/indicators/one/", "/api/v1/indicators/one"):
        assert client.get(address).status_code in {400, 409, 422}
    assert client.get("/indicators/").status_code == 200


def test_a_definition_keeps_its_history(client, place):
    sign_in(client, "staff")
    definition = Definition.objects.get(code="resident_firms")
    words = {
        "access": "banded",
        "visibility": "public",
        "revision": definition.revision,
        "reason": "asked by the firms",
    }
    assert client.post("/indicators/resident_firms/edit/", words).status_code == 302
    assert "asked by the firms" in client.get(f"{FIRMS}definition/").text


def test_a_retired_indicator_is_no_longer_told(client, place):
    sign_in(client, "staff")
    definition = Definition.objects.get(code="resident_growth")
    words = {"access": "own", "retired": "on", "visibility": "public", "revision": definition.revision}
    assert client.post("/indicators/resident_growth/edit/", words).status_code == 302
    assert client.get("/indicators/resident_growth/").status_code == 404
    assert client.get("/indicators/resident_growth/definition/").status_code == 200


def test_declaring_again_changes_nothing(place):
    before = Definition.history.count()
    assert declare(actor=None) == 0
    assert Definition.history.count() == before


# --- constant work ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/indicators/", FIRMS, f"{FIRMS}rows/", "/dashboard/", "/dashboard/wall/"])
def test_as_many_queries_for_more_firms(client, place, address):
    stay(factories.organization(size_class="large"), place.space)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(3):
        stay(factories.organization(size_class="large"), place.space)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
