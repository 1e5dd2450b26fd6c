"""Making the preview of a sheet: every row read, planned and kept with the batch; the ledgers are not touched."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_noop as _

from qunxing.core.chunks import chunks
from qunxing.core.reasons import because
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.intake.actions.lists import PLANNING, READING, ledger_state
from qunxing.intake.headers import Skipped
from qunxing.intake.models import Batch, Headings
from qunxing.intake.reading import ReadingError, Table, read_tables
from qunxing.intake.registering import Progress
from qunxing.intake.sheets.alike import count_alike, tell_alike
from qunxing.intake.sheets.headings import Line, TableMapping, from_json, lines, propose, to_json
from qunxing.intake.sheets.planning import Planner
from qunxing.intake.sheets.rows import Row, Taker, kept, raw_cells, texts_of
from qunxing.intake.summary import SHOWN_SKIPPED, Json, skipped_data
from qunxing.ledger.inserting import insert

NO_TABLE = _("The file has no table with headings of this sheet in it.")
NO_ROWS = _("The table has no rows.")


@dataclass
class Read:
    """What was met on the way through a file."""

    skipped: Counter[str] = field(default_factory=Counter)
    shown: list[Json] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def skip(self, one: Skipped) -> None:
        self.skipped[one.kind.value] += one.last - one.first + 1
        if len(self.shown) < SHOWN_SKIPPED:
            self.shown.append(skipped_data(one))


def spec_of(batch: Batch) -> SheetSpec:
    return sheets()[batch.list_code]


def tables_of(batch: Batch) -> list[Table]:
    return read_tables(Path(batch.file.path), batch.file_name)


def remembered(spec: SheetSpec, origin: str) -> dict[str, str]:
    """How the headings of that origin's table were read last time."""
    found = Headings.objects.filter(sheet_code=spec.code, origin=origin).first() if origin else None
    return dict(found.columns) if found else {}


def mappings_of(batch: Batch, tables: Sequence[Table]) -> list[TableMapping]:
    """How the file is read, as settled or else as proposed; ReadingError when nothing in it can be."""
    spec = spec_of(batch)
    if batch.mapping:
        return from_json(batch.mapping)
    found = propose(spec, tables, remembered=remembered(spec, batch.origin))
    if not any(table.row for table in found):
        raise ReadingError(next((one.reason for one in found if one.reason), because(NO_TABLE)))
    return found


def make_preview(batch: Batch, *, actor: Any, progress: Progress) -> Batch:
    """Read and plan the file of the batch and keep its rows; ReadingError leaves none of them.

    The rows are written chunk by chunk, so that nobody else has to wait; they count once the batch is previewed.
    """
    progress.stage(READING)
    tables = tables_of(batch)
    mappings = mappings_of(batch, tables)
    batch.mapping = to_json(mappings)
    state = ledger_state()
    batch.rows.all().delete()
    try:
        read = keep_rows(batch, tables, mappings, actor=actor, progress=progress)
        insist_on_rows(read)
        tell_alike(batch, progress=progress)
    except BaseException:
        batch.rows.all().delete()
        raise
    batch.counts = {**read.counts, "rows": sum(read.counts.values())}
    batch.summary = {
        "tables": [table_data(table, mapping) for table, mapping in zip(tables, mappings, strict=True)],
        "skipped": dict(read.skipped),
        "skipped_rows": read.shown,
        "state": state,
    }
    count_alike(batch)
    return batch


def insist_on_rows(read: Read) -> None:
    if not read.counts:
        raise ReadingError(because(NO_ROWS))


def keep_rows(
    batch: Batch, tables: Sequence[Table], mappings: Sequence[TableMapping], *, actor: Any, progress: Progress
) -> Read:
    spec, read = spec_of(batch), Read()
    planner = planner_of(batch, mappings, actor=actor)
    takers = takers_of(spec, mappings)
    progress.stage(PLANNING)
    done = 0
    for chunk in chunks(row_stream(spec, tables, mappings, takers, read)):
        keep(planner.plan(chunk), batch, read)
        done += len(chunk)
        progress.advance(done)
    for held in chunks(planner.finish()):
        keep(held, batch, read)
    return read


def planner_of(batch: Batch, mappings: Iterable[TableMapping], *, actor: Any) -> Planner:
    planner = Planner(spec_of(batch), actor=actor, origin=batch.origin)
    planner.by_number = {one.column for table in mappings for one in table.headings if one.by_number}
    return planner


def takers_of(spec: SheetSpec, mappings: Iterable[TableMapping]) -> dict[str, Taker]:
    return {table.sheet: Taker(spec, table) for table in mappings if table.row}


def row_stream(
    spec: SheetSpec,
    tables: Sequence[Table],
    mappings: Sequence[TableMapping],
    takers: dict[str, Taker],
    read: Read,
) -> Iterator[Row]:
    number = 0
    for line in lines(spec, tables, mappings):
        if isinstance(line, Skipped):
            read.skip(line)
            continue
        number += 1
        yield take(line, number, takers[line.sheet])


def take(line: Line, number: int, taker: Taker) -> Row:
    raw = raw_cells(line.cells)
    row = Row(number, line.sheet, line.number, texts_of(raw), taker.places, notes=dict(line.extras))
    return taker.take(raw, row)


def keep(rows: Sequence[Row], batch: Batch, read: Read) -> None:
    read.counts.update(row.outcome for row in rows)
    with transaction.atomic():
        insert([kept(row, batch) for row in rows])


def table_data(table: Table, mapping: TableMapping) -> Json:
    """How one table was read, as the page of a batch tells it."""
    return {
        "sheet": table.sheet,
        "format": table.format.value,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "hidden": table.hidden,
        "notes": [note.to_json() for note in table.notes],
        "reason": mapping.reason.to_json() if mapping.reason else None,
    }


def counted(batch: Batch) -> dict[str, int]:
    """{outcome: rows} as the rows of the batch stand, with their sum."""
    outcomes = dict(batch.rows.order_by().values_list("outcome").annotate(total=Count("pk")))
    return {**outcomes, "rows": sum(outcomes.values())}
