"""Lists as data: wishes are checked, never an error; what is shown is what is exported."""

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind, SavedView
from qunxing.ledger.lists import page as paging
from qunxing.ledger.models import Source
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/sources/"


@pytest.fixture
def three() -> None:
    """Three sources, one of each kind, a month apart."""
    for number, kind in enumerate(("document", "list", "web"), start=1):
        factories.source(title=f"来源{number}", kind=kind, publisher=f"单位{4 - number}", day=date(2025, number, 7))


def titles(client: Client, query: str = "") -> list[str]:
    return [row.cells[0].text for row in client.get(f"{URL}?{query}").context["page"].rows]


def exported(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"{URL}?format=csv&{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_list_is_exported_as_json(client: Client, three: None) -> None:
    answer = client.get(f"{URL}?format=json&q=来源2")
    assert answer.headers["Content-Disposition"].endswith('.json"')
    (row,) = json.loads(b"".join(answer.streaming_content))
    assert (row["title"], row["day"]) == ("来源2", "2025-02-07")


# --- wishes ---------------------------------------------------------------------------------------------------------


def test_list_stands_in_its_own_order(client: Client, three: None) -> None:
    assert titles(client) == ["来源3", "来源2", "来源1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=title", ["来源1", "来源2", "来源3"]),
        ("sort=-title", ["来源3", "来源2", "来源1"]),
        ("sort=publisher", ["来源3", "来源2", "来源1"]),
        ("sort=-publisher", ["来源1", "来源2", "来源3"]),
        ("sort=day", ["来源1", "来源2", "来源3"]),
        ("sort=-day", ["来源3", "来源2", "来源1"]),
        ("sort=kind", ["来源3", "来源2", "来源1"]),
        ("sort=nothing", ["来源3", "来源2", "来源1"]),
        ("sort=--title", ["来源3", "来源2", "来源1"]),
    ],
)
def test_column_sorts_both_ways_and_an_unknown_one_not_at_all(
    client: Client, three: None, query: str, expected: list[str]
) -> None:
    assert titles(client, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=list", ["来源2"]),
        ("kind=list&kind=web", ["来源3", "来源2"]),
        ("kind=nothing", ["来源3", "来源2", "来源1"]),
        ("kind=nothing&kind=web", ["来源3"]),
        ("unknown=1", ["来源3", "来源2", "来源1"]),
        ("day=2025-02-07&day=2025-02-07", ["来源2"]),
        ("day=2025-02-07&day=", ["来源3", "来源2"]),
        ("day=&day=2025-02-07", ["来源2", "来源1"]),
        ("day=2025-02-30&day=2025-02-07", ["来源2", "来源1"]),
        ("day=soon", ["来源3", "来源2", "来源1"]),
        ("day=2025-03-01&day=2025-01-01", []),
        ("q=来源1", ["来源1"]),
        ("q=%20来源1%20", ["来源1"]),
        ("q=来源1%00", ["来源1"]),
        ("q=来源9", []),
        ("q=来源&kind=web", ["来源3"]),
    ],
)
def test_filters_narrow_and_unknown_values_are_left_out(
    client: Client, three: None, query: str, expected: list[str]
) -> None:
    assert titles(client, query) == expected


def test_total_and_chips_tell_what_is_in_force(client: Client, three: None) -> None:
    page = client.get(f"{URL}?kind=list&kind=web&day=2025-02-01&day=&q=来源").context["page"]
    assert (page.total, page.filtered) == (2, True)
    assert [chip.label for chip in page.chips] == [
        "类别: 官方名单",
        "类别: 网页",
        "日期: 2025-02-01 – ",
        "关键词：来源",
    ]


def test_chip_takes_its_own_filter_away_and_no_other(client: Client, three: None) -> None:
    page = client.get(f"{URL}?kind=list&kind=web&q=来源&sort=title&page=1").context["page"]
    found = [titles(client, chip.remove_url.lstrip("?")) for chip in page.chips]
    assert found == [["来源3"], ["来源2"], ["来源2", "来源3"]]
    assert titles(client, page.clear_url.lstrip("?")) == ["来源1", "来源2", "来源3"]


def test_columns_are_chosen_and_unknown_ones_left_out(client: Client, three: None) -> None:
    def names(query: str) -> list[str]:
        return [column.name for column in client.get(f"{URL}?{query}").context["page"].columns]

    assert names("") == ["title", "kind", "publisher", "day"]
    assert names("col=url&col=title&col=nothing") == ["title", "url"]
    assert names("col=nothing") == ["title", "kind", "publisher", "day"]


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a page, five rows."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    monkeypatch.setattr(paging.fetch_rows, "__defaults__", (2,))
    for number in range(1, 6):
        factories.source(title=f"来源{number}", day=date(2025, number, 7))


@pytest.mark.parametrize(
    ("asked", "number", "expected"),
    [
        ("1", 1, ["来源5", "来源4"]),
        ("2", 2, ["来源3", "来源2"]),
        ("3", 3, ["来源1"]),
        ("4", 3, ["来源1"]),
        ("99999999999999999999", 1, ["来源5", "来源4"]),
        ("0", 1, ["来源5", "来源4"]),
        ("-1", 1, ["来源5", "来源4"]),
        ("x", 1, ["来源5", "来源4"]),
        ("²", 1, ["来源5", "来源4"]),
        ("", 1, ["来源5", "来源4"]),
    ],
)
def test_page_beyond_the_end_is_the_last_and_no_number_the_first(
    client: Client, small_pages: None, asked: str, number: int, expected: list[str]
) -> None:
    page = client.get(f"{URL}?page={asked}").context["page"]
    assert (page.number, page.last, page.total) == (number, 3, 5)
    assert [row.cells[0].text for row in page.rows] == expected


def test_pages_hold_every_row_once_where_many_are_alike(client: Client, small_pages: None) -> None:
    Source.objects.update(publisher="网信办")
    for order in ("publisher", "-publisher"):
        found = [title for number in (1, 2, 3) for title in titles(client, f"sort={order}&page={number}")]
        assert sorted(found) == [f"来源{number}" for number in range(1, 6)]


def test_page_links_name_the_neighbours_that_exist(client: Client, small_pages: None) -> None:
    links = {number: client.get(f"{URL}?page={number}&q=来源").context["page"].links for number in (1, 2, 3)}
    assert [sorted(found) for found in links.values()] == [
        ["last", "next"],
        ["first", "last", "next", "previous"],
        ["first", "previous"],
    ]
    assert titles(client, links[1]["next"].lstrip("?")) == ["来源3", "来源2"]


def test_list_without_rows_says_what_to_do(client: Client) -> None:
    assert "还没有来源" in client.get(URL).content.decode()
    factories.source()
    assert "没有符合条件的记录" in client.get(f"{URL}?q=没有").content.decode()


def test_fragment_is_the_list_alone(client: Client, three: None) -> None:
    whole = client.get(f"{URL}?kind=web").content.decode()
    part = client.get(f"{URL}?kind=web", headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in whole, "<html" in part) == (True, False)
    assert part.lstrip().startswith('<div class="list" id="list"')
    assert ("来源3" in part, "来源1" in part) == (True, False)


def test_page_that_the_browser_takes_back_from_its_history_is_whole(client: Client, three: None) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(URL, headers=headers).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_constant_number_of_queries(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        factories.source()
    with django_assert_max_num_queries(4):
        client.get(URL)


# --- exports --------------------------------------------------------------------------------------------------------


def test_export_holds_all_pages_of_what_is_shown(client: Client, small_pages: None) -> None:
    rows = exported(client, "col=title&col=day&sort=title&q=来源&page=2")
    assert rows[0] == ["标题", "日期"]
    assert rows[1:] == [[f"来源{number}", f"2025-0{number}-07"] for number in range(1, 6)]


def test_workbook_holds_the_same(client: Client, three: None) -> None:
    answer = client.get(f"{URL}?format=xlsx&kind=web&col=title&col=day")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[str(value)[:10] for value in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == [["标题", "日期"], ["来源3", "2025-03-07"]]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sources-')


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_export_runs_no_formula(client: Client, text: str) -> None:
    factories.source(title=text)
    written = exported(client, "col=title")[1][0]
    assert (written[0] in "=+-@\t\r", text.strip() in written) == (False, True)


def test_export_is_the_readers_own(client: Client, three: None) -> None:
    factories.source(title="内部", visibility="internal")
    assert len(exported(client, "")) == 4
    client.force_login(factories.user(Kind.STAFF))
    assert len(exported(client, "")) == 5


def test_unknown_format_is_the_page(client: Client, three: None) -> None:
    assert client.get(f"{URL}?format=pdf").headers["Content-Type"].startswith("text/html")


# --- saved views ----------------------------------------------------------------------------------------------------


def save_view(client: Client, name: str, **values: str) -> Any:
    form = {"name": name, "list_code": "sources", "query": "kind=web", "next": URL} | values
    return client.post(reverse("accounts:view-save"), form)


def view_names(client: Client) -> list[tuple[str, bool]]:
    return [(view.name, view.mine) for view in client.get(URL).context["page"].saved_views]


def test_view_keeps_filters_and_leads_back_to_them(client: Client, three: None) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    answer = save_view(client, "网页")
    assert (answer.status_code, answer.headers["Location"]) == (302, URL)
    view = client.get(URL).context["page"].saved_views[0]
    assert titles(client, view.url.lstrip("?")) == ["来源3"]


def test_private_view_is_seen_by_its_owner_alone_and_a_shared_one_by_all(client: Client) -> None:
    owner, other = factories.user(Kind.STAFF), factories.user(Kind.STAFF)
    client.force_login(owner)
    save_view(client, "我的")
    save_view(client, "大家的", shared="on")
    assert view_names(client) == [("大家的", True), ("我的", True)]
    client.force_login(other)
    assert view_names(client) == [("大家的", False)]
    client.logout()
    assert view_names(client) == []


def test_view_of_who_may_not_share_stays_private(client: Client) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    save_view(client, "想共享", shared="on")
    assert SavedView.objects.get().shared is False


def test_view_of_the_same_name_is_replaced(client: Client) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    save_view(client, "网页")
    save_view(client, "网页", query="kind=list")
    assert [view.query for view in SavedView.objects.all()] == ["kind=list"]


def test_view_of_another_is_not_deleted(client: Client) -> None:
    view = SavedView.objects.create(user=factories.user(Kind.STAFF), list_code="sources", name="甲", shared=True)
    client.force_login(factories.user(Kind.STAFF))
    answer = client.post(reverse("accounts:view-delete", args=[view.pk]))
    assert (answer.status_code, SavedView.objects.count()) == (404, 1)


def test_view_is_deleted_by_its_owner(client: Client) -> None:
    owner = factories.user(Kind.VISITOR)
    view = SavedView.objects.create(user=owner, list_code="sources", name="甲")
    client.force_login(owner)
    answer = client.post(reverse("accounts:view-delete", args=[view.pk]), {"next": URL})
    assert (answer.headers["Location"], SavedView.objects.count()) == (URL, 0)


@pytest.mark.parametrize("name", ["", " ", "长" * 61])
def test_view_needs_a_name_of_fair_length(client: Client, name: str) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    answer = client.post(
        reverse("accounts:view-save"), {"name": name, "list_code": "sources", "query": "", "next": URL}, follow=True
    )
    assert ([str(message) for message in answer.context["messages"]], SavedView.objects.count()) == (
        ["请给视图起一个不超过 60 个字符的名称。"],
        0,
    )


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_saving_a_view_leads_to_no_other_site(client: Client, target: str) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    assert save_view(client, "甲", next=target).headers["Location"] == "/"
