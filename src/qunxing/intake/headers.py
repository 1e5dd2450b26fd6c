"""Finding the headings of a table among titles, notes and sections, and reading its body by them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain, islice

from django.utils.translation import gettext_noop as _
from openpyxl.utils import get_column_letter

from qunxing.core.reasons import Reason, because
from qunxing.core.text import fold_name
from qunxing.intake.cells import as_text
from qunxing.intake.reading import Cell, RawRow, ReadingError

BRACKET = re.compile(r"[（(\[【].*")
FIGURES = re.compile(r"\d{5}")  # codes, numbers and days have them, headings never
NUMERIC = re.compile(r"[\d.,+-]+")
SECTION = re.compile(r"(?:第?[一二三四五六七八九十百\d]+[、.．批部]|[（(][一二三四五六七八九十]+[)）]|附件|附表)")
NOTE = re.compile(r"(?:注[:：释]|注\d|备注[:：]|说明[:：]|来源[:：]|数据来源|截至|更新时间|(?:填报|制表)[人单日时])")
TOTAL = re.compile(r"[合总共小]\s*计[:：]?")

NO_HEADER = _("No row has the expected headings. Expected are: %(expected)s. Found: %(found)s.")
MISSING = _("Headings are missing: %(missing)s. Found: %(found)s.")
NO_ROWS = _("The table has no rows.")


class HeaderError(ReadingError):
    """A table without the headings that are needed; none of its rows was read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a table tells; the first synonym is the heading we would print."""

    name: str
    synonyms: tuple[str, ...]
    required: bool = False
    ordinal: bool = False  # holds running numbers only: other text in it heads a section


@dataclass(frozen=True)
class HeaderSpec:
    """What to look for: a header names at least `minimum` of the columns, the first one of a table all required."""

    columns: tuple[Column, ...]
    minimum: int = 3
    within: int = 60  # rows that are searched for the first header

    @cached_property
    def names(self) -> dict[str, tuple[int, str]]:
        """Column name by folded synonym, with the synonym's place: an earlier one is the better sign."""
        return {
            fold_name(synonym): (place, column.name)
            for column in self.columns
            for place, synonym in enumerate(column.synonyms)
        }

    @cached_property
    def ordinals(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.ordinal)

    def missing(self, mapping: dict[str, int]) -> tuple[str, ...]:
        """Printed headings of the required columns that are not in the mapping."""
        return tuple(c.synonyms[0] for c in self.columns if c.required and c.name not in mapping)


@dataclass(frozen=True)
class HeaderMatch:
    """A header row: where each column stands (from 0), every heading as printed, what is missing of the required."""

    sheet: str
    row_number: int
    mapping: dict[str, int]
    headings: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @cached_property
    def unmapped(self) -> tuple[int, ...]:
        """Positions that belong to no column of ours."""
        known = set(self.mapping.values())
        return tuple(index for index in range(len(self.headings)) if index not in known)

    @property
    def unknown(self) -> dict[int, str]:
        """Headings that name no column of ours, by position."""
        return {index: self.headings[index] for index in self.unmapped if self.headings[index]}

    def printed(self, name: str) -> str:
        """The heading of the column as this table has it."""
        return self.headings[self.mapping[name]] if name in self.mapping else ""


class SkipKind(StrEnum):
    """Why rows of a table hold no record."""

    TITLE = "title"
    HEADER = "header"
    BLANK = "blank"
    SECTION = "section"
    NOTE = "note"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows, first to last, that hold no record, with the text in them; a header's match, a sheet's reason."""

    kind: SkipKind
    sheet: str
    first: int
    last: int
    text: str = ""
    header: HeaderMatch | None = field(default=None, compare=False)
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row that should hold a record, read by the header above it."""

    raw: RawRow
    header: HeaderMatch

    def cell(self, name: str) -> Cell:
        """The cell of a column as the file has it, "" when there is none."""
        index = self.header.mapping.get(name)
        return "" if index is None or index >= len(self.raw.cells) else self.raw.cells[index]

    def text(self, name: str) -> str:
        return as_text(self.cell(name))

    def labelled(self) -> dict[str, str]:
        """Every filled cell by its heading, or by its letter where it has none or the heading stands twice."""
        return self._label(range(len(self.raw.cells)))

    def extras(self) -> dict[str, str]:
        """The same of the cells that stand in no column of ours, so that none is dropped."""
        width = len(self.header.headings)
        return self._label((*self.header.unmapped, *range(width, len(self.raw.cells))))

    def _label(self, indexes: Iterable[int]) -> dict[str, str]:
        found: dict[str, str] = {}
        for index in indexes:
            text = as_text(self.raw.cells[index]) if index < len(self.raw.cells) else ""
            heading = self.header.headings[index] if text and index < len(self.header.headings) else ""
            if text:
                found[heading if heading and heading not in found else get_column_letter(index + 1)] = text
        return found


def match_header(row: RawRow, spec: HeaderSpec) -> HeaderMatch | None:
    """The row read as a header, when it names enough columns; of two headings for one column the better counts."""
    signs = sorted((*sign, index) for index, cell in enumerate(row.cells) if (sign := _recognise(cell, spec)))
    mapping: dict[str, int] = {}
    for _place, name, index in signs:
        mapping.setdefault(name, index)
    if len(mapping) < spec.minimum:
        return None
    headings = tuple(" ".join(as_text(cell).split()) for cell in row.cells)
    return HeaderMatch(row.sheet, row.number, mapping, headings, spec.missing(mapping))


def _recognise(heading: Cell, spec: HeaderSpec) -> tuple[int, str] | None:
    """The column a heading names: as it is, without what stands in brackets, or by one of its lines."""
    if not isinstance(heading, str) or not 0 < len(heading) <= 60 or FIGURES.search(heading):
        return None
    writings = dict.fromkeys((heading, BRACKET.sub("", heading), *heading.splitlines()))
    return next((spec.names[key] for text in writings if (key := fold_name(text)) in spec.names), None)


def find_header(rows: Iterable[RawRow], spec: HeaderSpec) -> HeaderMatch | None:
    """The first row with all required headings, else the one that names most columns; None if none names enough."""
    best: HeaderMatch | None = None
    for row in islice(rows, spec.within):
        match = match_header(row, spec)
        if match and not match.missing:
            return match
        if match and (best is None or len(match.mapping) > len(best.mapping)):
            best = match
    return best


def read_body(rows: Iterable[RawRow], spec: HeaderSpec, *, sheet: str = "") -> Iterator[BodyRow | Skipped]:
    """Every row of the table, in order: as a record to be, or as skipped and why.

    A further header switches the columns from there on. Raises HeaderError when there is no complete first header.
    """
    remaining = iter(rows)
    begin = list(islice(remaining, spec.within))
    header = _insist(begin, spec, sheet)
    last = 0
    for row in chain(begin, remaining):
        if row.number > last + 1:
            yield Skipped(SkipKind.BLANK, row.sheet, last + 1, row.number - 1)
        last = row.number
        further = match_header(row, spec) if row.number > header.row_number else None
        header = further or header
        yield _classify(row, header, spec)


def _insist(begin: list[RawRow], spec: HeaderSpec, sheet: str) -> HeaderMatch:
    if not begin:
        raise HeaderError(because(NO_ROWS), sheet=sheet or None)
    header = find_header(begin, spec)
    if header and not header.missing:
        return header
    if header:
        reason = because(MISSING, missing=_listed(header.missing), found=_listed(filter(None, header.headings)))
        raise HeaderError(reason, sheet=header.sheet, row=header.row_number)
    widest = max(begin, key=lambda row: len(row.cells))
    expected = _listed(column.synonyms[0] for column in spec.columns if column.required)
    found = _listed(text for cell in widest.cells if (text := as_text(cell)))
    raise HeaderError(because(NO_HEADER, expected=expected, found=found), sheet=widest.sheet, row=widest.number)


def _listed(texts: Iterable[str]) -> str:
    """A few texts for a sentence, each cut to a readable length."""
    cut = [text[:30] for text in islice(texts, 13)]
    return "、".join(cut[:12]) + ("…" if len(cut) > 12 else "")


def _classify(row: RawRow, header: HeaderMatch, spec: HeaderSpec) -> BodyRow | Skipped:
    if row.number < header.row_number:
        return _skip(SkipKind.TITLE, row)
    if row.number == header.row_number:
        return _skip(SkipKind.HEADER, row, header)
    return _skip_aside(row, header, spec) or BodyRow(row, header)


def _skip_aside(row: RawRow, header: HeaderMatch, spec: HeaderSpec) -> Skipped | None:
    """A row of one text that heads or annotates others; one that could be half a record is left to be one."""
    filled = [(index, text) for index, cell in enumerate(row.cells) if (text := as_text(cell))]
    if not filled:
        return _skip(SkipKind.BLANK, row)
    index, text = filled[0]
    if len(filled) <= 3 and TOTAL.fullmatch(text):
        return _skip(SkipKind.NOTE, row)
    if len({text for _index, text in filled}) > 1 or NUMERIC.fullmatch(text):
        return None
    if NOTE.match(text):
        return _skip(SkipKind.NOTE, row)
    in_ordinal = any(header.mapping.get(name) == index for name in spec.ordinals)
    return _skip(SkipKind.SECTION, row) if in_ordinal or SECTION.match(text) else None


def _skip(kind: SkipKind, row: RawRow, header: HeaderMatch | None = None) -> Skipped:
    text = " ".join(filter(None, map(as_text, row.cells)))
    return Skipped(kind, row.sheet, row.number, row.number, text, header)
