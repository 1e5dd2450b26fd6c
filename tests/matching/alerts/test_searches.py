"""Saved searches over everything, by the index."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qunxing.matching.alerts.models import Notice
from qunxing.search import following, reading
from qunxing.search.writing import rebuild
from tests import factories as people
from tests.matching.alerts.factories import NEXT_MONDAY, TUESDAY, WEDNESDAY, digest_of, look, watch
from tests.resources.factories import offer
from tests.scenarios.factories import scenario

pytestmark = pytest.mark.django_db
WORDS = "病历质控"


@pytest.fixture(autouse=True)
def indexed(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEARCH_DIR = tmp_path / "search"
    reading._Held.reader = None
    yield
    reading._Held.reader = None


def told(user: Any) -> list[tuple[str, list[int]]]:
    return [(code, keys) for notice in Notice.objects.filter(digest=digest_of(user)) for code, keys in notice.keys]


def test_search_finds_texts_as_its_page_does() -> None:
    user = people.user()
    following.catch_up()
    watch(user, kind="search", target="", query=f"q={WORDS}")
    found = scenario("published", title="某场景", problem=f"需要{WORDS}")
    offer(title="别的", description="与此无关")
    following.catch_up()
    look()
    assert told(user) == [("scenarios", [found.pk])]


def test_filters_of_the_search_are_kept() -> None:
    user = people.user()
    following.catch_up()
    watch(user, kind="search", target="", query=f"q={WORDS}&kind=offers")
    scenario("published", title=WORDS)
    found = offer(title=WORDS)
    following.catch_up()
    look()
    assert told(user) == [("offers", [found.pk])]


def test_hidden_rows_are_told_when_they_open_and_once() -> None:
    user = people.user()
    hidden = offer(title=WORDS, visibility="internal")
    following.catch_up()
    watch(user, kind="search", target="", query=f"q={WORDS}")
    following.catch_up()
    assert look().digests == []
    hidden.visibility = "public"
    hidden.save()
    rebuild(TUESDAY)
    assert (len(look(WEDNESDAY).digests), len(look(NEXT_MONDAY).digests)) == (1, 0)


def test_index_that_comes_later_is_no_news_by_itself() -> None:
    user = people.user()
    scenario("published", title="某场景", problem=WORDS)
    watch(user, kind="search", target="", query=f"q={WORDS}")
    following.catch_up()
    assert look().digests == []
    found = scenario("published", title="另一场景", problem=WORDS)
    following.catch_up()
    look(WEDNESDAY)
    assert told(user) == [("scenarios", [found.pk])]


def test_without_the_index_names_are_looked_in_and_unknown_filters_find_nothing() -> None:
    user = people.user()
    watch(user, kind="search", target="", query=f"q={WORDS}")
    watch(user, kind="search", target="", query=f"q={WORDS}&kind=offers&place=31")
    found = offer(title=WORDS)
    look()
    assert told(user) == [("offers", [found.pk])]
