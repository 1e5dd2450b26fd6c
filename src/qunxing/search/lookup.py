"""What is searched where there is no index: every list's own words, by the database."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from qunxing.core.specs import declared
from qunxing.ledger.lists.page import ShownRow, fetch_rows, narrowed, read_wish, shown_row
from qunxing.ledger.lists.selection import select
from qunxing.ledger.lists.spec import ListSpec

SHOWN = 6


@dataclass(frozen=True)
class Hits:
    """What one list gives: its first rows and where all of them are."""

    spec: ListSpec
    total: int
    rows: list[ShownRow]
    url: str


def look_up(user: Any, words: str) -> list[Hits]:
    """Everything that the words find in the names of what the reader may see, list by list."""
    found = [hits(spec, user, words) for spec in declared("lists", "LISTS")] if words else []
    return [item for item in found if item.total]


def hits(spec: ListSpec, user: Any, words: str) -> Hits:
    query = QueryDict(mutable=True)
    query["q"] = words
    wish = read_wish(spec, user, query)
    rows = narrowed(wish)
    selection = select(rows)
    first = fetch_rows(wish, rows, selection, 0, SHOWN) if selection.total else []
    url = f"{reverse(spec.url_name)}?{query.urlencode()}"
    return Hits(spec, selection.total, [shown_row(wish, row) for row in first], url)
