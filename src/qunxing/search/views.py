"""The page of hits, and what is offered while somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunxing.core.ui import wants_fragment
from qunxing.search.finding import find, suggest
from qunxing.search.lookup import look_up
from qunxing.search.reading import late_since
from qunxing.search.showing import Address, SearchPage, read_wish


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything the words find among what the reader may see; by the database where there is no index."""
    wish = read_wish(request.user, request.GET)
    context: dict[str, Any] = {"search_words": wish.wording.given, "wording": wish.wording}
    found = find(wish)
    if found is None:
        context["found"] = look_up(request.user, wish.wording.given)
        return render(request, named(request, "search/lookup.html"), context)
    context |= {"page": SearchPage(found, wish, Address(request.GET)), "late": late_since()}
    return render(request, named(request, "search/page.html"), context)


def named(request: HttpRequest, template: str) -> str:
    return f"{template}#found" if wants_fragment(request) else template


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The first hits for what was typed so far, as a fragment."""
    wish = read_wish(request.user, request.GET)
    hits = suggest(request.user, wish.wording)
    return render(request, "search/suggestions.html", {"hits": hits, "wording": wish.wording})
