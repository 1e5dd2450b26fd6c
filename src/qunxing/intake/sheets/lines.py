"""The rows of a file by its mapping: what should hold a record, and what is skipped and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override
from openpyxl.utils import get_column_letter

from qunxing.core.sheets import SheetSpec
from qunxing.core.text import fold_name
from qunxing.intake.cells import as_text
from qunxing.intake.headers import NOTE, NUMERIC, SECTION, TOTAL, SkipKind, Skipped
from qunxing.intake.reading import Cell, RawRow, Table
from qunxing.intake.sheets.columns import LANGUAGES
from qunxing.intake.sheets.mapping import Heading, TableMapping

HEADED = 0.6  # of its filled cells that are headings make a row a further header


@dataclass(frozen=True, slots=True)
class Line:
    """A row that should hold a record.

    `cells` stand by the positions of the mapping, `extras` is {heading or letter: text} of what stands in none of them.
    """

    sheet: str
    number: int
    cells: Sequence[Cell]
    extras: Mapping[str, str] = field(default_factory=dict)


def lines(spec: SheetSpec, tables: Sequence[Table], mappings: Sequence[TableMapping]) -> Iterator[Line | Skipped]:
    """Every row of the tables that are read, in order; titles, notes, further headers and sums as skipped, with why.

    A table that is not read is skipped as a whole, with its reason.
    """
    for table, mapping in zip(tables, mappings, strict=True):
        if mapping.row:
            yield from _TableLines(spec, mapping).of(table)
        else:
            yield Skipped(SkipKind.SHEET, mapping.sheet, 0, 0, reason=mapping.reason)


class _TableLines:
    """Reads the rows of one table; a further header moves the columns from there on."""

    def __init__(self, spec: SheetSpec, mapping: TableMapping) -> None:
        self.mapping = mapping
        self.places = {one.position: one.position for one in mapping.headings}  # in the file: in the mapping
        self.width = max(self.places, default=-1) + 1
        self.printed = {fold_name(one.printed): one for one in reversed(mapping.headings) if one.printed}
        self.words = {one.printed for one in mapping.headings if one.printed}
        self.notes = notes_of(spec)
        self.strange: dict[int, str] = {}  # headings of a further header that the first did not have
        self.straight = len(self.places) == self.width

    def of(self, table: Table) -> Iterator[Line | Skipped]:
        for row in table.rows():
            if row.number <= self.mapping.row:
                yield skipped(SkipKind.HEADER if row.number == self.mapping.row else SkipKind.TITLE, row)
            else:
                yield self.aside(row) or self.line(row)

    def aside(self, row: RawRow) -> Skipped | None:
        """The row as skipped when it holds no record: empty, a further header, notes under the headings, a sum."""
        begin = [cell for cell in row.cells if cell not in ("", None)][:4]
        if any(cell in self.words for cell in begin) and self.turn(row):
            return skipped(SkipKind.HEADER, row)
        if len(begin) == 4 and as_text(begin[0]) and begin[0] != begin[1] and not self.is_aside(begin[0]):
            return None
        return self.short_aside(row)

    def is_aside(self, cell: Cell) -> bool:
        return isinstance(cell, str) and (cell.strip() in self.notes or bool(TOTAL.fullmatch(cell.strip())))

    def short_aside(self, row: RawRow) -> Skipped | None:
        """A row of few texts: it may head or annotate others."""
        texts = [text for cell in row.cells if (text := as_text(cell))]
        if not texts:
            return skipped(SkipKind.BLANK, row)
        if all(text in self.notes for text in texts) or (len(texts) <= 3 and TOTAL.fullmatch(texts[0])):
            return skipped(SkipKind.NOTE, row)
        if len(set(texts)) > 1 or len(self.places) == 1 or NUMERIC.fullmatch(texts[0]):
            return None
        if NOTE.match(texts[0]):
            return skipped(SkipKind.NOTE, row)
        return skipped(SkipKind.SECTION, row) if SECTION.match(texts[0]) else None

    def turn(self, row: RawRow) -> bool:
        """Take the row for a further header, if it is one, and read by it from here on."""
        texts = {index: " ".join(text.split()) for index, cell in enumerate(row.cells) if (text := as_text(cell))}
        known = {index: one for index, text in texts.items() if (one := self.printed.get(fold_name(text)))}
        if len({one.position for one in known.values()}) < max(1, HEADED * len(texts)):
            return False
        if all(index == one.position or texts[index] == self.at(index) for index, one in known.items()):
            return True  # the same headings again
        self.places = {index: one.position for index, one in known.items()}
        self.strange = {index: text for index, text in texts.items() if index not in known}
        self.straight = False
        return True

    def at(self, position: int) -> str:
        return next((one.printed for one in self.mapping.headings if one.position == position), "")

    def line(self, row: RawRow) -> Line:
        if self.straight and len(row.cells) <= self.width:
            return Line(row.sheet, row.number, row.cells)
        cells: list[Any] = [""] * self.width
        extras: dict[str, str] = {}
        for index, cell in enumerate(row.cells):
            if index in self.places:
                cells[self.places[index]] = cell
            elif text := as_text(cell):
                extras[self.strange.get(index) or get_column_letter(index + 1)] = text
        return Line(row.sheet, row.number, cells, extras)


def notes_of(spec: SheetSpec) -> frozenset[str]:
    """The notes of the columns in both languages: a template has them in a row below the headings."""
    found = set()
    for language in LANGUAGES:
        with override(language):
            found |= {str(column.note) for column in spec.columns if column.note}
    return frozenset(found)


def skipped(kind: SkipKind, row: RawRow) -> Skipped:
    return Skipped(kind, row.sheet, row.number, row.number, " ".join(filter(None, map(as_text, row.cells)))[:500])


def cell_at(line: Line, heading: Heading) -> Cell:
    """The cell of a heading, "" where the row ends before it."""
    return line.cells[heading.position] if heading.position < len(line.cells) else ""
