"""Many values, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
ASKED = 500  # values of one condition; SQLite takes a thousand


def chunks(items: Iterable[T], size: int = ASKED) -> Iterator[list[T]]:
    """The items in their order, at most `size` at once: by default as many as one condition may name."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
