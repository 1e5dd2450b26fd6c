"""An index of their own for tests that ask for one; all others search without."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qunxing.search import following, reading
from qunxing.search.finding import Found, Wish, find
from qunxing.search.wording import read

Find = Callable[..., Found]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Where the index lies during the test."""
    settings.SEARCH_DIR = tmp_path / "search"
    reading._Held.reader = None
    yield settings.SEARCH_DIR
    reading._Held.reader = None


@pytest.fixture
def catch_up() -> Callable[[], None]:
    """Brings the index up with the ledgers."""
    return following.catch_up


def seek(user: Any, words: str, page: int = 1, **chosen: Any) -> Found:
    """What is found in the index, which is there."""
    found = find(Wish(user, read(words), {name: [value] for name, value in chosen.items()}, page))
    assert found is not None
    return found


def titles(found: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


def refs(found: Found) -> set[str]:
    return {hit.ref for hit in found.hits}
