"""Planning rows of a preview anew, after staff corrected a cell, left a row out or took it in again."""

from collections.abc import Iterable, Sequence
from typing import Any

from qunxing.core.reasons import because
from qunxing.core.text import fold_name
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.sheets.headings import from_json
from qunxing.intake.sheets.planning import SAME_ROW, Planner
from qunxing.intake.sheets.preview import counted, planner_of, spec_of, takers_of
from qunxing.intake.sheets.rows import NOTES, Outcome, Row, Trouble, kept, reread

LIVE = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.CONFLICT)
FIELDS = ("outcome", "name", "record_key", "revision", "edits", "values", "changes", "problems")


def replan(batch: Batch, stored: Sequence[SheetRow], *, actor: Any) -> None:
    """Plan these rows of the batch as they now stand, beside its other rows; counts follow."""
    mappings = from_json(batch.mapping)
    planner, takers = planner_of(batch, mappings, actor=actor), takers_of(spec_of(batch), mappings)
    name_new_rows(planner, batch, [one.number for one in stored])
    rows = [reread(one, takers) for one in stored]
    for one, row in zip(stored, rows, strict=True):
        row.notes = dict(one.values.get(NOTES, {}))
    planner.plan(rows)
    planner.finish()
    yield_to_others(batch, rows)
    for one, row in zip(stored, rows, strict=True):
        made = kept(row, batch)
        for name in FIELDS:
            setattr(one, name, getattr(made, name))
    SheetRow.objects.bulk_update(stored, FIELDS, batch_size=100)
    batch.counts = counted(batch)
    Batch.objects.filter(pk=batch.pk).update(counts=batch.counts)


def name_new_rows(planner: Planner, batch: Batch, numbers: Iterable[int]) -> None:
    """Let references within the sheet find its other new rows."""
    if not planner.own_references:
        return
    singles = [names[0] for names in planner.spec.keys if len(names) == 1]
    others = batch.rows.filter(outcome=Outcome.NEW, left_out=False).exclude(number__in=list(numbers))
    for number, values in others.values_list("number", "values"):
        planner.named |= {fold_name(values[name]): number for name in singles if isinstance(values.get(name), str)}


def yield_to_others(batch: Batch, rows: Sequence[Row]) -> None:
    """A row that is about the record of another row of the sheet is its duplicate."""
    others = batch.rows.filter(outcome__in=LIVE, left_out=False).exclude(number__in=[row.number for row in rows])
    keys = [row.key for row in rows if row.key is not None]
    names = [row.name for row in rows if row.key is None and row.name]
    told = ("number", "row")
    by_key = {key: place for key, *place in others.filter(record_key__in=keys).values_list("record_key", *told)}
    known = others.filter(record_key=None, name__in=names)
    by_name = {name: place for name, *place in known.values_list("name", *told)}
    for row in rows:
        first = by_key.get(row.key) if row.key is not None else by_name.get(row.name)
        if first is not None and row.outcome in LIVE:
            row.troubles.append(Trouble(because(SAME_ROW, row=first[1]), row=first[0]))
            row.outcome = Outcome.DUPLICATE


def followers(batch: Batch, numbers: Iterable[int]) -> list[SheetRow]:
    """The rows that were duplicates of these."""
    first = set(numbers)
    duplicates = batch.rows.filter(outcome=Outcome.DUPLICATE)
    return [row for row in duplicates if any(problem.get("row") in first for problem in row.problems)]
