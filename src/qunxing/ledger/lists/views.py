"""A list as page, as fragment of a page, as file and as JSON."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qunxing.core.downloads import json_response, table_response
from qunxing.core.ui import wants_fragment
from qunxing.ledger.lists.page import Wish, build_page, fetch_rows, narrowed, ordering, read_wish, stored
from qunxing.ledger.lists.spec import ListSpec

CHUNK = 1_000


def list_response(
    request: HttpRequest, spec: ListSpec, template: str = "ledger/list.html", **context: Any
) -> HttpResponse:
    """The list as asked for: ``format=csv``, ``xlsx`` or ``json`` exports what is shown, all pages of it."""
    kind = request.GET.get("format")
    if kind in {"csv", "xlsx", "json"}:
        return export(read_wish(spec, request.user, request.GET), kind)
    page = build_page(spec, request.user, request.GET)
    # The fragment is that of the shared list: a partial is not found in a template that only extends its own.
    name = "ledger/list.html#rows" if wants_fragment(request) else template
    return render(request, name, {"page": page, **context})


def export(wish: Wish, kind: str) -> HttpResponse:
    name = f"{wish.spec.code}-{timezone.localdate():%Y%m%d}"
    if kind == "json":
        return json_response(name, [column.name for column in wish.columns], exported_rows(wish))
    return table_response(kind, name, [str(column.label) for column in wish.columns], exported_rows(wish))


def exported_rows(wish: Wish) -> Iterator[list[Any]]:
    """All rows asked for, fetched in stretches so that the memory stays small."""
    keys = list(narrowed(wish).order_by(*ordering(wish)).values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        stretch = keys[start : start + CHUNK]
        for row in stored(wish, stretch):
            yield [column.read(row).exported for column in wish.columns]


def json_page(request: HttpRequest, spec: ListSpec) -> dict[str, Any]:
    """The same page for the API: total, page numbers and rows as {column: value}."""
    page = build_page(spec, request.user, request.GET)
    names = [column.name for column in page.columns]
    rows = [
        {"ref": row.ref, **dict(zip(names, [cell.exported for cell in row.cells], strict=True))} for row in page.rows
    ]
    return {"total": page.total, "page": page.number, "pages": page.last, "rows": rows}


__all__ = ["fetch_rows", "json_page", "list_response"]
