"""The rows of a list as HTML, in Python: fifty rows of ten cells are too many for templates."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any, Protocol

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


# A page has some five hundred cells, so plain strings are joined here: every text goes through `clean` once.


def clean(text: Any) -> str:
    return text if isinstance(text, SafeString) else escape(str(text))


def row_html(row: Row, *, tag: Mark, demo: SafeString) -> SafeString:
    """The row with its first cell as its heading, which links to the record and carries the demonstration mark."""
    cells = list(row.cells)
    first = heading_html(cells[0], row.url, tag, demo if row.demo else "") if cells else ""
    rest = "".join(cell_html(cell, tag) for cell in cells[1:])
    return mark_safe(f"<tr data-row>{first}{rest}</tr>")  # noqa: S308 - made of escaped parts


def heading_html(cell: Cell, url: str, tag: Mark, demo: str) -> str:
    inside = linked(content(cell, tag), cell.url or url)
    return f'<th class="cell-title" scope="row">{inside}{" " if demo else ""}{demo}</th>'


def cell_html(cell: Cell, tag: Mark) -> str:
    return f'<td class="cell-{clean(cell.kind)}">{linked(content(cell, tag), cell.url)}</td>'


def content(cell: Cell, tag: Mark) -> str:
    """The value by its kind, as HTML; a long text is cut by the style sheet, the whole of it stays in the title."""
    if is_missing(cell.text):
        return f'<span class="quiet">{NOTHING}</span>'
    if cell.kind == "tag":
        return tag(cell.text, cell.tone)
    text = SHOW.get(cell.kind, str)(cell.text)
    if len(text) > LONG:
        return f'<span class="clip" title="{clean(text[:500])}">{clean(text)}</span>'
    return clean(text)


def linked(inside: str, url: str) -> str:
    """This HTML as a link, but only to an address that cannot run anything."""
    if not url.startswith(SAFE_STARTS):
        return inside
    if url.startswith("http"):
        return f'<a href="{clean(url)}" rel="noopener noreferrer">{inside}</a>'
    return f'<a href="{clean(url)}">{inside}</a>'
