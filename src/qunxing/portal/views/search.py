"""The search box that is always there: the first rows of every list that the words find."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from qunxing.core.specs import declared
from qunxing.core.ui import wants_fragment
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


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything the words find among what the reader may see, list by list."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = [hits(spec, request, words) for spec in declared("lists", "LISTS")] if words else []
    context = {"search_words": words, "found": [item for item in found if item.total]}
    name = "portal/search.html#found" if wants_fragment(request) else "portal/search.html"
    return render(request, name, context)


def hits(spec: ListSpec, request: HttpRequest, words: str) -> Hits:
    query = QueryDict(mutable=True)
    query["q"] = words
    wish = read_wish(spec, request.user, query)
    rows = narrowed(wish)
    selection = select(rows)
    first = fetch_rows(wish, rows, selection, 0, SHOWN) if selection.total else []
    url = f"{reverse(spec.url_name)}?{query.urlencode()}"
    return Hits(spec, selection.total, [shown_row(wish, row) for row in first], url)
