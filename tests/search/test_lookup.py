"""The search where there is no index: the lists find what they can, and the page says so."""

from typing import Any

import pytest
from django.test import Client

from qunxing.accounts.models import Kind
from tests import factories, grounds

pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> dict[str, int]:
    """{list: how many rows of it}."""
    return {hits.spec.code: hits.total for hits in client.get("/search/", {"q": words}).context["found"]}


@pytest.fixture
def firm() -> Any:
    return factories.organization(
        name="上海稀宇科技有限公司", short_name="MiniMax", english_name="MiniMax", uscc="91350100M000100Y43"
    )


@pytest.mark.parametrize(
    "words",
    [
        "稀宇", "稀宇 科技", "科技 稀宇", "xiyu", "xykj", "MINIMAX", "minimax", "稀宇科技", "９１３５０１００",
        "91350100m000100y43", "上海稀宇科技有限公司", "稀宇科技有限公司 上海", "XiYuKeJi",
    ],
)  # fmt: skip
def test_organisation_is_found_by_what_one_knows_of_it(client: Client, firm: Any, words: str) -> None:
    assert found(client, words) == {"organizations": 1}


@pytest.mark.parametrize("words", ["稀宇 北京", "没有", "%", "_", "' OR 1=1 --", "\\", "<script>", "长" * 1_000])
def test_what_is_not_there_is_not_found(client: Client, firm: Any, words: str) -> None:
    answer = client.get("/search/", {"q": words})
    assert (answer.status_code, answer.context["found"]) == (200, [])
    page = answer.content.decode()
    assert "没有找到" in page or "没有可以查找的内容" in page


@pytest.mark.parametrize("words", ["", " ", "\x00", "　"])
def test_no_words_find_nothing_and_ask_for_some(client: Client, firm: Any, words: str) -> None:
    answer = client.get("/search/", {"q": words})
    assert (answer.status_code, answer.context["found"]) == (200, [])
    assert "您要找什么" in answer.content.decode()


def test_words_are_shown_as_they_are_and_not_run(client: Client) -> None:
    page = client.get("/search/", {"q": "<img src=x onerror=alert(1)>"}).content.decode()
    assert ("<img src=x" in page, "&lt;img src=x" in page) == (False, True)


def test_first_rows_are_shown_and_the_list_holds_all(client: Client) -> None:
    for number in range(9):
        factories.organization(name=f"群星{number}公司")
    hits = client.get("/search/", {"q": "群星"}).context["found"][0]
    assert (hits.total, len(hits.rows)) == (9, 6)
    assert client.get(hits.url).context["page"].total == 9


def test_page_says_that_the_index_is_not_there(client: Client, firm: Any) -> None:
    assert "索引" in client.get("/search/", {"q": "稀宇"}).content.decode()


def test_api_says_that_the_index_is_not_there(client: Client, firm: Any) -> None:
    client.force_login(factories.user(Kind.VISITOR))
    answer = client.get("/api/v1/search", {"q": "稀宇"}).json()
    assert (answer["index"], answer["total"], answer["rows"][0]["ref"]) == ("missing", 1, firm.ref)


def test_nothing_is_suggested_without_an_index(client: Client, firm: Any) -> None:
    assert "稀宇" not in client.get("/search/suggestions/", {"q": "稀宇"}).content.decode()


def test_everything_is_searched(client: Client) -> None:
    grounds.ground()
    client.force_login(factories.user(Kind.STAFF))
    assert set(found(client, "测试")) >= {"organizations", "models", "filings", "funds", "offers"}


def test_fragment_is_what_was_found_alone(client: Client, firm: Any) -> None:
    part = client.get("/search/", {"q": "稀宇"}, headers={"HX-Request": "true"}).content.decode()
    assert ("稀宇" in part, "<html" in part) == (True, False)


def test_search_takes_a_constant_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    factories.organization(name="群星甲")
    with django_assert_max_num_queries(61) as one:
        client.get("/search/", {"q": "群星"})
    for number in range(5):
        factories.organization(name=f"群星{number}")
    with django_assert_max_num_queries(len(one)):
        client.get("/search/", {"q": "群星"})
