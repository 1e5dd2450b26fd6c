"""The page of hits, suggestions and the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qunxing.accounts.models import Kind
from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import create
from qunxing.search import reading
from qunxing.search.following import catch_up
from tests import factories
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms() -> list[Any]:
    create(TechnicalField(code="speech", name_zh="语音", name_en="Speech"), actor=None)
    made = [
        factories.organization(name=f"群星{number}", fields=("speech",) if number % 2 else (), division="310104")
        for number in range(25)
    ]
    registry.filing(name="群星备案", organization=made[0], region="11")
    catch_up()
    return made


def page(client: Client, **query: Any) -> Any:
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "全部"), ("en", "Everything")])
def test_page_shows_kinds_with_counts(client: Client, firms: Any, language: str, word: str) -> None:
    client.cookies["language"] = language
    answer = page(client, q="群星")
    tabs = [(str(label), count) for label, _url, _active, count in answer.context["page"].tabs]
    assert (tabs[0], [count for _label, count in tabs]) == ((word, 26), [26, 25, 1])
    assert "<mark>群星</mark>" in answer.content.decode()


def test_tabs_filters_and_pages_lead_where_they_say(client: Client, firms: Any) -> None:
    shown = page(client, q="群星").context["page"]
    filings = next(url for label, url, _active, count in shown.tabs if count == 1)
    assert client.get(f"/search/{filings}").context["page"].total == 1
    facets = {facet.name: facet for facet in shown.facets}
    assert {name: [(option.value, option.count) for option in facet.options] for name, facet in facets.items()} == {
        "place": [("31", 25), ("11", 1)]
    }
    chosen = client.get(f"/search/{facets['place'].options[1].url}").context["page"]
    assert (chosen.total, chosen.filtered) == (1, True)
    again = client.get(f"/search/{chosen.clear_url}").context["page"]
    assert (again.total, again.filtered) == (26, False)
    second = client.get(f"/search/{shown.links['next']}").context["page"]
    assert (second.number, second.last, len(second.found.hits)) == (2, 2, 6)


def test_types_and_states_are_filters_of_one_kind(client: Client, firms: Any) -> None:
    registry.filing("withdrawn", name="群星乙", organization=firms[0])
    catch_up()
    names = [facet.name for facet in page(client, q="群星", kind="filings").context["page"].facets]
    assert "state" in names
    assert "state" not in [facet.name for facet in page(client, q="群星").context["page"].facets]


def test_chosen_value_without_hits_can_be_let_go(client: Client, firms: Any) -> None:
    answer = page(client, q="群星", place="65")
    [facet] = [facet for facet in answer.context["page"].facets if facet.name == "place"]
    assert (answer.context["page"].total, ("65", 0, True)) == (
        0,
        next((option.value, option.count, option.chosen) for option in facet.options if option.chosen),
    )
    assert "当前筛选下没有结果" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"}, {"page": "-1"}, {"page": "99999"}, {"page": "x"}, {"page": "9" * 40}, {"kind": "nothing"},
        {"kind": "\x00"}, {"place": "x" * 5_000}, {"year": ["2025"] * 200}, {"state": "granted"}, {"field": "<script>"},
        {"q": "群星", "q2": "x"},
    ],
)  # fmt: skip
def test_odd_wishes_break_nothing(client: Client, firms: Any, query: dict[str, Any]) -> None:
    for address in ("/search/", "/search/suggestions/"):
        assert client.get(address, {"q": "群星", **query}).status_code == 200


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "您要找什么"), ("++", "没有可以查找的内容"), ("无中生有", "没有找到"), ("群星" * 300, "只按前 200 个字符")],
)
def test_page_says_what_it_could_not_do(client: Client, firms: Any, words: str, said: str) -> None:
    assert said in page(client, q=words).content.decode()


def test_words_are_shown_and_not_run(client: Client, firms: Any) -> None:
    factories.organization(name="<script>alert(1)</script>群星")
    catch_up()
    said = page(client, q="<script>alert(1)</script>群星").content.decode()
    assert ("<script>alert" in said, "&lt;" in said) == (False, True)


def test_near_hits_are_said_to_be_near(client: Client, firms: Any) -> None:
    factories.organization(name="稀宇极智公司")
    catch_up()
    answer = page(client, q="稀宇急智")
    assert "您要找的是不是" in answer.content.decode()
    assert client.get(f"/search/{answer.context['page'].meant_url}").context["page"].found.near is False


def test_index_that_is_not_kept_up_says_so(client: Client, firms: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "LATE", timedelta(0))
    assert page(client, q="群星").context["late"] is None
    factories.organization(name="群星未见")
    answer = page(client, q="群星")
    assert answer.context["late"] is not None
    assert "以后的变更暂时查不到" in answer.content.decode()


def test_fragment_is_what_was_found_alone(client: Client, firms: Any) -> None:
    part = client.get("/search/", {"q": "群星"}, headers={"HX-Request": "true"}).content.decode()
    assert ("群星" in part, "<html" in part) == (True, False)


def test_suggestions_lead_to_records(client: Client, firms: Any) -> None:
    said = client.get("/search/suggestions/", {"q": "qun"}).content.decode()
    assert said.count("<li>") == 9
    assert firms[0].name[:2] in said
    for words in ("", "q", "+"):
        assert "<li>" not in client.get("/search/suggestions/", {"q": words}).content.decode()


def test_api_gives_the_same(client: Client, firms: Any) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    answer = client.get("/api/v1/search", {"q": "群星", "kind": "organizations", "page": "2"}).json()
    assert {name: answer[name] for name in ("index", "total", "page", "pages", "near", "meant")} == {
        "index": "ready", "total": 25, "page": 2, "pages": 2, "near": False, "meant": "",
    }  # fmt: skip
    assert (len(answer["rows"]), answer["counts"]["kind"]) == (5, {"organizations": 25, "filings": 1})
    assert set(answer["rows"][0]) == {"kind", "ref", "title", "url", "about", "text", "marks", "demo"}


def test_number_of_queries_is_the_same_for_many_hits(client: Client, firms: Any) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    asked = []
    for number in range(2):
        asked.append([queries(client, "/search/"), queries(client, "/search/suggestions/")])
        factories.organization(name=f"群星群星{number}")
        catch_up()
    assert asked[0] == asked[1]
    assert asked[0][0] < 20
    assert asked[0][1] < 12


def queries(client: Client, address: str) -> int:
    """How many the second answer takes: the first finds out what holds for the process."""
    client.get(address, {"q": "群星"})
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, {"q": "群星"}).status_code == 200
    return len(asked)
