"""The rows of a list as HTML, in Python: fifty rows of ten cells are too many for templates."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from qunxing.core.formats import NOTHING, is_missing, show_isoday, show_moment, show_number

LONG = 60
SAFE_STARTS = ("/", "?", "#", "http://", "https://", "mailto:")


class Cell(Protocol):
    """One value to be shown; `tone` colours a tag, `url` makes a link."""

    @property
    def text(self) -> Any: ...
    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def tone(self) -> str: ...


class Row(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def demo(self) -> bool: ...
    @property
    def cells(self) -> Iterable[Any]: ...


Mark = Callable[[Any, str], SafeString]

SHOW: dict[str, Callable[[Any], str]] = {
    "date": show_isoday,
    "day": show_isoday,
    "datetime": show_moment,
    "moment": show_moment,
    "number": show_number,
    "integer": show_number,
}


def row_html(row: Row, *, tag: Mark, demo: SafeString) -> SafeString:
    """The row with its first cell as its heading, which links to the record and carries the demonstration mark."""
    cells = list(row.cells)
    first = heading_html(cells[0], row.url, tag, demo if row.demo else SafeString()) if cells else ""
    rest = mark_safe("".join(cell_html(cell, tag) for cell in cells[1:]))  # noqa: S308 - made of escaped parts
    return format_html("<tr data-row>{}{}</tr>", first, rest)


def heading_html(cell: Cell, url: str, tag: Mark, demo: SafeString) -> SafeString:
    inside = linked(content(cell, tag), cell.url or url)
    return format_html('<th class="cell-title" scope="row">{}{}{}</th>', inside, " " if demo else "", demo)


def cell_html(cell: Cell, tag: Mark) -> SafeString:
    return format_html('<td class="cell-{}">{}</td>', cell.kind, linked(content(cell, tag), cell.url))


def content(cell: Cell, tag: Mark) -> SafeString:
    """The value by its kind; a long text is cut by the style sheet, the whole of it stays in the title."""
    if is_missing(cell.text):
        return format_html('<span class="quiet">{}</span>', NOTHING)
    if cell.kind == "tag":
        return tag(cell.text, cell.tone)
    text = SHOW.get(cell.kind, str)(cell.text)
    if len(text) > LONG:
        return format_html('<span class="clip" title="{}">{}</span>', text[:500], text)
    return conditional_escape(text)


def linked(inside: str, url: str) -> SafeString:
    """The link, but only to an address that cannot run anything."""
    if not url.startswith(SAFE_STARTS):
        return conditional_escape(inside)
    if url.startswith("http"):
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, inside)
    return format_html('<a href="{}">{}</a>', url, inside)
