"""What the pages of sheets show: the sheets, the rows of a preview cell by cell, how the columns are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from openpyxl.utils import get_column_letter

from qunxing.core.errors import Text
from qunxing.core.formats import show_number
from qunxing.core.reasons import Reason
from qunxing.core.sheets import SheetSpec, Value, sheets
from qunxing.intake.joining.candidates import why_text
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.sheets.headings import TableMapping
from qunxing.intake.sheets.headings import from_json as mapping_from_json
from qunxing.intake.sheets.rows import ALIKE, SAID
from qunxing.intake.sheets.values import from_json, getter_of, heading_of, kind_of, text_of
from qunxing.ledger.versions import history_of

PAGE_SIZE = 25
TONES = {
    SheetRow.Outcome.NEW: "good",
    SheetRow.Outcome.CHANGED: "info",
    SheetRow.Outcome.UNCHANGED: "muted",
    SheetRow.Outcome.CONFLICT: "warn",
    SheetRow.Outcome.DUPLICATE: "warn",
    SheetRow.Outcome.ERROR: "bad",
}
WRITTEN = (SheetRow.Outcome.NEW, SheetRow.Outcome.CHANGED)
UNCLEAN = (SheetRow.Outcome.CONFLICT, SheetRow.Outcome.DUPLICATE, SheetRow.Outcome.ERROR)
# What needs a person comes first.
ORDER = (*UNCLEAN, *WRITTEN, SheetRow.Outcome.UNCHANGED)
LATEST = 3
LINE = 60  # characters of a text in one line


@dataclass(frozen=True)
class Shelf:
    """One sheet on the page of all: how many rows the reader would get, and the last batches."""

    spec: SheetSpec
    rows: int
    batches: list[Batch]
    columns: int


def shelves(user: Any) -> list[Shelf]:
    """The sheets whose ledger the reader may see."""
    return [
        Shelf(spec, spec.model.objects.visible_to(user).count(), latest(spec), len(spec.columns))
        for spec in sheets().values()
        if may_have(spec, user)
    ]


def may_have(spec: SheetSpec, user: Any) -> bool:
    return not spec.see or bool(user.has_perm(spec.see))


def latest(spec: SheetSpec) -> list[Batch]:
    batches = Batch.objects.filter(kind=Batch.Kind.SHEET, list_code=spec.code).order_by("-pk")
    return list(batches.defer("preview", "summary", "mapping")[:LATEST])


@dataclass(frozen=True)
class Setter:
    """Who set a value, when, from what source."""

    at: datetime
    author: str
    source: str


@dataclass(frozen=True)
class ShownChange:
    """One cell that differs; `old` is what the ledger holds, `new` what the file says."""

    heading: str
    place: str
    old: str
    new: str
    setter: Setter | None = None


@dataclass(frozen=True)
class ShownProblem:
    """What is wrong with a row: with one cell of it, or as a whole."""

    text: str
    heading: str = ""
    place: str = ""
    position: int | None = None
    cell: str = ""


@dataclass(frozen=True)
class ShownAlike:
    """A record that a new row may be about, and why."""

    ref: str
    name: str
    url: str
    why: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the preview; `said` is whether staff said which record it is about."""

    row: SheetRow
    tone: str
    url: str
    changes: list[ShownChange] = field(default_factory=list)
    problems: list[ShownProblem] = field(default_factory=list)
    alike: list[ShownAlike] = field(default_factory=list)
    said: bool = False


@dataclass(frozen=True)
class Preview:
    """One page of the rows of a batch with one outcome, as filtered."""

    outcome: str
    tabs: list[tuple[Any, ...]]
    rows: list[ShownRow]
    total: int
    left_out: int
    place: Page[SheetRow]
    words: str
    column: str
    columns: list[tuple[str, str]]
    left: bool
    alike: bool


def counts_of(batch: Batch) -> dict[str, int]:
    """{outcome: rows}, as they are now."""
    pairs = batch.rows.order_by().values("outcome").annotate(total=Count("pk"))
    return {pair["outcome"]: pair["total"] for pair in pairs}


def unclean_total(batch: Batch) -> int:
    """Rows that keep the whole from being applied."""
    return batch.rows.filter(outcome__in=UNCLEAN, left_out=False).count()


def written_total(batch: Batch) -> int:
    """Rows that would be written."""
    return batch.rows.filter(outcome__in=WRITTEN, left_out=False).count()


def asked_rows(batch: Batch, query: QueryDict) -> tuple[str, QuerySet[SheetRow]]:
    """(outcome, its rows as filtered): the outcome asked for, else the first that there is."""
    asked = query.get("rows", "")
    outcome = asked if asked in SheetRow.Outcome else ""
    if not outcome:
        counts = counts_of(batch)
        outcome = next((one for one in ORDER if counts.get(one)), SheetRow.Outcome.NEW)
    rows = batch.rows.filter(outcome=outcome)
    words = searched(query)
    if words:
        named = Q(name__icontains=words)
        rows = rows.filter(named | Q(row=int(words)) if words.isdecimal() and len(words) < 9 else named)
    if column := query.get("column", ""):
        rows = rows.filter(changes__has_key=column)
    if query.get("alike") == "yes":
        rows = rows.filter(values__has_key=ALIKE)
    return str(outcome), rows.filter(left_out=True) if query.get("left") == "yes" else rows


def searched(query: QueryDict) -> str:
    return query.get("q", "").replace("\x00", "").strip()[:100]


def preview_of(batch: Batch, spec: SheetSpec, query: QueryDict, *, user: Any) -> Preview:
    outcome, rows = asked_rows(batch, query)
    pages = Paginator(rows.order_by("number"), PAGE_SIZE)
    page = pages.get_page(query.get("page", 1))
    return Preview(
        outcome=outcome,
        tabs=tabs_of(batch, outcome),
        rows=shown_rows(batch, spec, list(page.object_list), user=user),
        total=pages.count,
        left_out=rows.filter(left_out=True).count(),
        place=page,
        words=searched(query),
        column=query.get("column", ""),
        columns=[(column.name, heading_of(spec, column)) for column in spec.columns],
        left=query.get("left") == "yes",
        alike=query.get("alike") == "yes",
    )


def tabs_of(batch: Batch, outcome: str) -> list[tuple[Any, ...]]:
    counts = counts_of(batch)
    shown = [one for one in ORDER if counts.get(one) or one == outcome]
    return [(one.label, f"?rows={one}#rows", one == outcome, counts.get(one, 0)) for one in shown]


def shown_rows(batch: Batch, spec: SheetSpec, rows: Sequence[SheetRow], *, user: Any) -> list[ShownRow]:
    """The rows with their changes and problems; a fixed number of queries for a page."""
    places = places_of(batch)
    set_by = setters(spec, rows, user=user)
    urls = addresses(spec, rows, user=user)
    alike = alike_records(spec, rows, user=user)
    return [
        ShownRow(
            row,
            TONES[SheetRow.Outcome(row.outcome)],
            urls.get(row.record_key or 0, ""),
            changes_of(spec, row, places.get(row.sheet, {}), set_by),
            problems_of(spec, row, places.get(row.sheet, {})),
            [shown_alike(alike[key], *why) for key, _score, *why in row.values.get(ALIKE, ()) if key in alike],
            said=SAID in row.edits,
        )
        for row in rows
    ]


def places_of(batch: Batch) -> dict[str, dict[str, int]]:
    """{sheet of the file: {name of a column: its position}}."""
    return {
        table.sheet: {one.column: one.position for one in table.headings if one.column}
        for table in mapping_from_json(batch.mapping)
    }


def changes_of(
    spec: SheetSpec, row: SheetRow, places: dict[str, int], set_by: dict[tuple[int, str], Setter]
) -> list[ShownChange]:
    found = []
    for column in spec.columns:
        if column.name in row.changes:
            old, new = (cell_text(spec, column, data) for data in row.changes[column.name])
            setter = set_by.get((row.record_key or 0, column.name))
            place = cell_place(row, places.get(column.name))
            found.append(ShownChange(heading_of(spec, column), place, old, new, setter))
    return found


def cell_text(spec: SheetSpec, column: Any, data: Any) -> str:
    """A kept value as text; a reference is kept as it is shown."""
    kind = kind_of(spec, column)
    if kind is Value.REFERENCE or (isinstance(data, str) and kind is Value.PARTS):
        return "" if data is None else str(data)
    if kind is Value.YUAN:
        return "" if data is None else show_number(data)
    return text_of(spec, column, from_json(kind, data))


def cell_place(row: SheetRow, position: int | None) -> str:
    """The place of a cell as a spreadsheet calls it: C7."""
    return f"{get_column_letter(position + 1)}{row.row}" if position is not None else ""


def problems_of(spec: SheetSpec, row: SheetRow, places: dict[str, int]) -> list[ShownProblem]:
    return [shown_problem(spec, row, places, problem) for problem in row.problems]


def shown_problem(spec: SheetSpec, row: SheetRow, places: dict[str, int], problem: dict[str, Any]) -> ShownProblem:
    name, text = problem.get("column") or "", str(Reason.from_json(problem["reason"]))
    column = next((one for one in spec.columns if one.name == name), None)
    if column is None:
        return ShownProblem(text)
    position = places.get(name)
    cell = cell_of(row, position) if position is not None else ""
    return ShownProblem(text, heading_of(spec, column), cell_place(row, position), position, cell)


def cell_of(row: SheetRow, position: int) -> str:
    """The text that counts: what staff put in place of the cell, else the cell."""
    key = str(position)
    return str(row.edits.get(key, row.cells.get(key, "")))


def addresses(spec: SheetSpec, rows: Iterable[SheetRow], *, user: Any) -> dict[int, str]:
    """{key: address} of the records that these rows are about."""
    keys = {row.record_key for row in rows if row.record_key}
    if not keys:
        return {}
    records = spec.model.objects.visible_to(user).filter(pk__in=keys)
    parent: str = spec.model.PARENT
    records = records.select_related(parent) if parent else records
    return {record.pk: record.get_absolute_url() for record in records.order_by()}


def alike_records(spec: SheetSpec, rows: Iterable[SheetRow], *, user: Any) -> dict[int, Any]:
    """{key: record} of those that the rows may be about."""
    keys = {told[0] for row in rows for told in row.values.get(ALIKE, ())}
    return {record.pk: record for record in spec.model.objects.visible_to(user).filter(pk__in=keys)} if keys else {}


def shown_alike(record: Any, ground: str, *reasons: str) -> ShownAlike:
    return ShownAlike(record.ref, str(record), record.get_absolute_url(), why_text(ground, reasons))


def setters(spec: SheetSpec, rows: Iterable[SheetRow], *, user: Any) -> dict[tuple[int, str], Setter]:
    """{(record, column): who set the value that a row would change}, read off the versions in one query."""
    getters = {one.name: getter_of(spec, one) for one in spec.columns if kind_of(spec, one) is not Value.PARTS}
    wanted = {row.record_key: getters.keys() & row.changes.keys() for row in rows if row.record_key}
    wanted = {key: names for key, names in wanted.items() if names}
    if not wanted:
        return {}
    kind: Any = spec.model
    versions = history_of(kind).objects.filter(id__in=wanted).order_by("history_id")
    sees_authors = user.has_perm("ledger.see_authors")
    last: dict[tuple[int, str], Any] = {}
    found: dict[tuple[int, str], Setter] = {}
    for version in versions.select_related("history_user", "source"):
        for name in wanted[version.id]:
            value = getters[name](version)
            if (version.id, name) not in last or last[version.id, name] != value:
                last[version.id, name] = value
                found[version.id, name] = setter_of(version, sees_authors=sees_authors)
    return found


def setter_of(version: Any, *, sees_authors: bool) -> Setter:
    author = str(version.history_user) if sees_authors and version.history_user else ""
    return Setter(version.history_date, author, str(version.source or ""))


@dataclass(frozen=True)
class ShownCell:
    """A cell of one row: what stands in the file, what staff put in its place."""

    position: int
    heading: str
    label: Text
    place: str
    text: str
    printed: str
    problems: list[str]

    @property
    def long(self) -> bool:
        """Whether the text needs more than a line."""
        return len(self.text) > LINE or "\n" in self.text

    @property
    def edited(self) -> bool:
        return self.text != self.printed


def shown_cells(spec: SheetSpec, batch: Batch, row: SheetRow) -> list[ShownCell]:
    """The cells of a row in the order of the file, with what each is read as."""
    table = table_of(batch, row)
    labels = {column.name: heading_of(spec, column) for column in spec.columns}
    wrong: dict[str, list[str]] = {}
    for problem in row.problems:
        wrong.setdefault(problem.get("column") or "", []).append(str(Reason.from_json(problem["reason"])))
    return [
        ShownCell(
            one.position,
            one.label,
            labels.get(one.column, ""),
            cell_place(row, one.position),
            cell_of(row, one.position),
            str(row.cells.get(str(one.position), "")),
            wrong.get(one.column, []) if one.column else [],
        )
        for one in (table.headings if table else ())
    ]


def table_of(batch: Batch, row: SheetRow) -> TableMapping | None:
    tables = mapping_from_json(batch.mapping)
    return next((table for table in tables if table.sheet == row.sheet and table.row), None)
