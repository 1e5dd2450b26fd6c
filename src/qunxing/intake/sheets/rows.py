"""A row of a sheet on its way from the file to a record, and how it is kept in between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _
from openpyxl.utils import get_column_letter

from qunxing.core.reasons import Reason, Unreadable, because
from qunxing.core.sheets import SheetSpec, Value
from qunxing.intake.cells import as_text
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.sheets.headings import NOTE, NUMBER, TableMapping
from qunxing.intake.sheets.marks import TARGET, read_mark
from qunxing.intake.sheets.parts import join_parts
from qunxing.intake.sheets.values import Reader, from_json, is_empty, kind_of, reader_of, to_json

Outcome = SheetRow.Outcome
NAME_LENGTH = 200
NO_MARK = _("“%(text)s” is no mark of a record. Leave the hidden column as it was exported, or empty.")
TOO_LONG = _("The number has more than %(most)s characters.")
NUMBER_LENGTH = 100
OLD = "@old"  # among the values of a kept row: the parts as they were
NOTES = "@notes"  # the same: texts that stood in no column
ALIKE = "@alike"  # the same: records that a new row may be about, see `alike`
SAID = "@record"  # among the edits of a kept row: the reference of the record that staff said it is about
Place = tuple[int, int]  # number of a row in its batch, and in its sheet


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a row: in which column, if in one; `row` is the earlier row that it repeats."""

    reason: Reason
    column: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Ref:
    """A record referred to: what the foreign key takes, its reference, and what it is called.

    `row` is the row of the sheet that will be the record; without it and without a key the text alone is kept.
    """

    key: Any
    ref: str = ""
    text: str = ""
    row: int = 0


@dataclass(slots=True)
class Row:
    """Texts of the cells by position, what staff put in their place, the values read, and what becomes of them."""

    number: int
    sheet: str
    line: int
    cells: dict[str, str]
    places: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)
    mark: tuple[str, int] | None = None
    foreign: str = ""
    said: str = ""  # the reference of the record that staff said it is about
    notes: dict[str, str] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)  # references that another row of the sheet may be
    record: Any = None
    base: Any = None  # the version that the workbook was made of, where the record was changed since
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()  # the columns that tell parts
    old: dict[str, Any] = field(default_factory=dict)  # {attribute: value} of what it changes, as stored
    instance: Any = None
    outcome: str = ""
    name: str = ""

    def object(self, column: str, msgid: str, **words: str | int | Reason) -> None:
        self.troubles.append(Trouble(because(msgid, **words), column))

    @property
    def edited(self) -> set[str]:
        """The columns that staff corrected, knowing how the record stands."""
        return {name for name, position in self.places.items() if str(position) in self.edits}

    @property
    def key(self) -> int | None:
        key: int | None = self.record.pk if self.record is not None else None
        return key


class Taker:
    """Reads the lines of one table by its mapping."""

    def __init__(self, spec: SheetSpec, table: TableMapping) -> None:
        self.places: dict[str, int] = {}
        self.readers: list[tuple[str, str, Reader]] = []
        self.by_number = {heading.column for heading in table.headings if heading.by_number}
        for heading in table.headings:
            if heading.column:
                column = spec.column(heading.column)
                reader = number_text if heading.by_number else reader_of(spec, column, heading.unit)
                self.readers.append((heading.column, str(heading.position), reader))
                self.places[heading.column] = heading.position
        marks = {heading.target: str(heading.position) for heading in table.headings}
        self.mark, self.number = marks.get(TARGET, ""), marks.get(NUMBER, "")
        self.noted = [(str(one.position), table.names(one)[-1]) for one in table.headings if one.target == NOTE]

    def take(self, raw: Mapping[str, Any], row: Row) -> Row:
        """The row with all its cells read; `raw` holds the filled ones as the file has them, or as texts."""
        for name, position, read in self.readers:
            cell = raw.get(position, "")
            try:
                row.values[name] = read(cell)
            except Unreadable as error:
                row.troubles.append(Trouble(error.reason, name))
        if self.mark and (text := as_text(raw.get(self.mark, ""))):
            row.mark = read_mark(text)
            if row.mark is None:
                row.object(TARGET, NO_MARK, text=text[:40])
        if self.number:
            row.foreign = as_text(raw.get(self.number, ""))
            if len(row.foreign) > NUMBER_LENGTH:
                row.object(NUMBER, TOO_LONG, most=NUMBER_LENGTH)
        return row

    def notes_in(self, row: SheetRow) -> dict[str, str]:
        """What is kept of the row as a note: {heading: text}, with what stood in no column."""
        texts = {**row.cells, **row.edits}
        noted = {heading: texts[position] for position, heading in self.noted if texts.get(position)}
        return {**row.values.get(NOTES, {}), **noted}

    def number_in(self, row: SheetRow) -> str:
        """Its number in the tables of the origin."""
        return str({**row.cells, **row.edits}.get(self.number, "")) if self.number else ""


def number_text(cell: Any) -> str:
    return as_text(cell)


def raw_cells(cells: Sequence[Any]) -> dict[str, Any]:
    return {str(place): cell for place, cell in enumerate(cells) if cell != ""}


def texts_of(raw: Mapping[str, Any]) -> dict[str, str]:
    return {place: text for place, cell in raw.items() if (text := as_text(cell))}


# --- as it is kept ----------------------------------------------------------------------------------------------------


def encode(value: Any) -> Any:
    """A value as JSON; `decode` reads it back."""
    if isinstance(value, Ref):
        return {"key": value.key, "ref": value.ref, "text": value.text, "row": value.row}
    if isinstance(value, tuple) and value and isinstance(value[0], Ref):
        return [encode(one) for one in value]
    return to_json(value)


def decode(kind: Value, data: Any) -> Any:
    if kind is Value.REFERENCE:
        return Ref(**data) if data else None
    if kind is Value.PARTS:
        return tuple(Ref(**one) for one in data or ())
    return from_json(kind, data)


def decoded(spec: SheetSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """{column: value} of the values of a kept row."""
    return {name: decode(kind_of(spec, spec.column(name)), data) for name, data in values.items() if name[:1] != "@"}


def shown(value: Any) -> Any:
    """A side of a change: plain data, of records their names."""
    if isinstance(value, tuple) and value and isinstance(value[0], Ref):
        return join_parts([ref.text for ref in value])
    return value.text if isinstance(value, Ref) else to_json(value)


def values_kept(row: Row) -> dict[str, Any]:
    """The values that applying asks for: all of a new record, else the changed ones; of parts also what they were."""
    notes = {NOTES: row.notes} if row.notes else {}
    if row.outcome == Outcome.NEW:
        return {name: encode(value) for name, value in row.values.items() if not is_empty(value)} | notes
    if row.outcome != Outcome.CHANGED:
        return notes
    found = {name: encode(new) for name, (_old, new) in row.changes.items()}
    parts = {name: encode(row.changes[name][0]) for name in row.parts if name in row.changes}
    return found | notes | ({OLD: parts} if parts else {})


def kept(row: Row, batch: Batch) -> SheetRow:
    """The row as the batch keeps it."""
    return SheetRow(
        batch=batch,
        number=row.number,
        sheet=row.sheet[:100],
        row=row.line,
        outcome=row.outcome,
        name=row.name,
        record_key=row.key,
        revision=row.record.revision if row.record is not None else 0,
        cells=row.cells,
        edits=dict(row.edits),
        values=values_kept(row),
        changes={name: [shown(old), shown(new)] for name, (old, new) in row.changes.items()},
        problems=[trouble_data(one) for one in row.troubles],
    )


def trouble_data(trouble: Trouble) -> dict[str, Any]:
    data = {"column": trouble.column, "reason": trouble.reason.to_json()}
    return {**data, "row": trouble.row} if trouble.row else data


def reread(stored: SheetRow, takers: Mapping[str, Taker]) -> Row:
    """A kept row read anew, with what staff put in place of its cells."""
    taker = takers[stored.sheet]
    raw = {**stored.cells, **stored.edits}
    row = Row(stored.number, stored.sheet, stored.row, stored.cells, taker.places, edits=stored.edits)
    row.said = stored.edits.get(SAID, "")
    return taker.take({place: text for place, text in raw.items() if text}, row)


def cell_places(row: SheetRow, columns: Iterable[str], places: Mapping[str, int]) -> str:
    """Where these columns stand, from left to right, as evidence keeps it: ``Sheet1!C7,F7``."""
    standing = sorted({places[name] for name in columns if name in places})
    cells = ",".join(f"{get_column_letter(place + 1)}{row.row}" for place in standing)
    return f"{row.sheet}!{cells or row.row}" if row.sheet else cells or str(row.row)
