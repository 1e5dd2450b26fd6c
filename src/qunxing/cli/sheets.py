"""Sheets of the ledgers on the command line: the same engine as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from qunxing.cli.output import say, say_json, say_table
from qunxing.core.errors import Refused
from qunxing.core.reasons import Reason
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.reading import ReadingError
from qunxing.intake.registering import Progress
from qunxing.intake.sheets import actions
from qunxing.intake.sheets.columns import heading_of
from qunxing.intake.sheets.headings import Heading, TableMapping, from_json, propose, settle
from qunxing.intake.sheets.preview import remembered, tables_of
from qunxing.intake.sheets.rows import ALIKE

SHOWN = 20
TOLD = 1_000  # rows with their changes or problems in the JSON
Json = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What was asked for on the command line."""

    spec: SheetSpec
    file: Path
    actor: Any
    day: date
    title: str = ""
    origin: str = ""
    reason: str = ""
    mapped: Sequence[str] = ()
    apply: bool = False
    clean: bool = False
    json: bool = False
    keep: bool = False


def import_sheet(order: Order, bar: Progress) -> int:
    """Print what the sheet would change, and change it if asked; 1 when rows or headings are left to people."""
    batch = upload(order)
    try:
        preview(batch, order, bar)
    except BaseException:
        discard(batch)
        raise
    if not order.json:
        bar.stage("")
        show(batch, order.file.name)
    left = told_unknown(batch) or batch.rows.filter(outcome__in=SheetRow.UNCLEAN).exists()
    applied = order.apply and is_to_write(batch)
    if applied:
        take_over(batch, order, bar)
    kept = applied or (order.keep and not order.apply)
    told = {**report(batch), "batch": batch.ref if kept else ""}
    if not kept:
        discard(batch)
    if order.json:
        say_json(told)
    else:
        say(done(order, applied=applied) % {"ref": batch.ref})
    return 1 if left else 0


def is_to_write(batch: Batch) -> bool:
    """Whether anything is; unsettled headings are for the taking over to refuse."""
    return bool(told_unknown(batch)) or batch.rows.filter(outcome__in=SheetRow.WRITTEN).exists()


def done(order: Order, *, applied: bool) -> str:
    """What is said last, with the place of the batch's reference."""
    if order.apply:
        return _("Done: batch %(ref)s.") if applied else _("There was nothing to write.")
    return _("Kept as a preview: batch %(ref)s.") if order.keep else _("Nothing was changed (dry run).")


def upload(order: Order) -> Batch:
    with order.file.open("rb") as file:
        return actions.upload(
            order.spec,
            actor=order.actor,
            name=order.file.name,
            content=File(file),
            day=order.day,
            title=order.title,
            origin=order.origin,
            reason=order.reason,
        )


def preview(batch: Batch, order: Order, bar: Progress) -> None:
    """Plan the file by the headings as they are told; a file that cannot be read is refused with the reason."""
    try:
        if order.mapped:
            tables = tables_of(batch)
            proposed = propose(order.spec, tables, remembered=remembered(order.spec, batch.origin))
            actions.remap(batch, settle(order.spec, proposed, targets_of(order.mapped)), actor=order.actor)
        actions.preview(batch, actor=order.actor, progress=bar)
    except ReadingError as error:
        raise Refused(str(error)) from error


def targets_of(mapped: Sequence[str]) -> dict[str, str]:
    """{heading: target} of ``heading=column``."""
    pairs = [text.rpartition("=") for text in mapped]
    if wrong := next((text for text, (heading, _mark, _target) in zip(mapped, pairs, strict=True) if not heading), ""):
        raise Refused(_("“%(text)s”: write --map heading=column.") % {"text": wrong})
    return {heading.strip(): target.strip() for heading, _mark, target in pairs}


def take_over(batch: Batch, order: Order, bar: Progress) -> None:
    try:
        actions.apply(batch, actor=order.actor, clean_only=order.clean, progress=bar)
    except BaseException:
        batch.refresh_from_db()
        if batch.state != Batch.State.APPLIED:
            discard(batch)
        raise
    finally:
        bar.stage("")


def discard(batch: Batch) -> None:
    """Keep nothing of what was only looked at."""
    name = str(batch.file.name)
    batch.delete()
    if not Batch.objects.filter(file=name).exists():
        batch.file.storage.delete(name)


# --- what is printed --------------------------------------------------------------------------------------------------


def told_unknown(batch: Batch) -> list[str]:
    return [one.label for table in from_json(batch.mapping) for one in table.unknown]


def report(batch: Batch) -> Json:
    """The contract of `import SHEET --json`: a row counts once, rows is the sum."""
    counts = {str(outcome): batch.counts.get(outcome, 0) for outcome in SheetRow.Outcome}
    changed = batch.rows.filter(outcome=SheetRow.Outcome.CHANGED)[:TOLD]
    unclean = batch.rows.filter(outcome__in=SheetRow.UNCLEAN)[:TOLD]
    positions = positions_of(batch)
    return {
        "rows": batch.counts.get("rows", 0),
        **counts,
        "unknown_headings": told_unknown(batch),
        "columns": [heading_json(table, one) for table in from_json(batch.mapping) for one in table.headings],
        "skipped": batch.summary.get("skipped", {}),
        "changes": [change for row in changed for change in changes_json(row)],
        "alike": alike_json(batch),
        "problems": [problem for row in unclean for problem in problems_json(row, positions)],
    }


def heading_json(table: TableMapping, heading: Heading) -> Json:
    return {"sheet": table.sheet, "heading": heading.label, "target": heading.target, "found": str(heading.found)}


def changes_json(row: SheetRow) -> list[Json]:
    where = {"sheet": row.sheet, "row": row.row, "name": row.name}
    return [{**where, "column": name, "old": old, "new": new} for name, (old, new) in row.changes.items()]


def alike_json(batch: Batch) -> list[Json]:
    """Each new row with the organisations that it may be about."""
    rows = list(batch.rows.filter(outcome=SheetRow.Outcome.NEW, values__has_key=ALIKE)[:TOLD])
    known = Organization.objects.in_bulk({told[0] for row in rows for told in row.values[ALIKE]})
    return [
        {"sheet": row.sheet, "row": row.row, "name": row.name, "record": known[key].ref, "record_name": known[key].name,
         "score": score, "ground": ground}
        for row in rows
        for key, score, ground, *_reasons in row.values[ALIKE]
        if key in known
    ]  # fmt: skip


def positions_of(batch: Batch) -> dict[str, dict[str, int]]:
    """{sheet: {column: its position in the file}}"""
    return {
        table.sheet: {one.column or one.target: one.position for one in table.headings}
        for table in from_json(batch.mapping)
    }


def problems_json(row: SheetRow, positions: dict[str, dict[str, int]]) -> list[Json]:
    where = {"sheet": row.sheet, "row": row.row, "name": row.name, "outcome": row.outcome}
    found = []
    for one in row.problems:
        at = positions.get(row.sheet, {}).get(one["column"])
        cell = "" if at is None else f"{get_column_letter(at + 1)}{row.row}"
        text = "" if at is None else row.cells.get(str(at), "")
        found.append({**where, "column": one["column"], "cell": cell, "found": text, "reason": reason_of(one)})
    return found


def reason_of(problem: Json) -> str:
    return str(Reason.from_json(problem["reason"]))


def label_of(batch: Batch, problem: Json) -> str:
    """The column of a problem, with its cell if it has one."""
    spec = sheets()[batch.list_code]
    heading = next((heading_of(spec, column) for column in spec.columns if column.name == problem["column"]), "")
    return " ".join(filter(None, (heading, problem["cell"] and f"({problem['cell']})")))


def show(batch: Batch, name: str) -> None:
    """The same for people, before anything is written."""
    say(_("%(file)s: %(rows)s rows") % {"file": name, "rows": batch.counts.get("rows", 0)})
    rows = [(outcome.label, batch.counts[outcome]) for outcome in SheetRow.Outcome if batch.counts.get(outcome)]
    say_table([_("outcome"), _("rows")], rows)
    for heading in told_unknown(batch):
        say(_("  “%(heading)s” is no heading of this sheet: use --map") % {"heading": heading})
    for one in alike_json(batch)[:SHOWN]:
        say(_("  “%(name)s” may be on the ledger already: %(record_name)s (%(record)s)") % one)
    unclean = batch.rows.filter(outcome__in=SheetRow.UNCLEAN)
    positions = positions_of(batch)
    for row in unclean[:SHOWN]:
        for one in problems_json(row, positions)[:3]:
            say("  " + " ".join(filter(None, (row.place, row.name, label_of(batch, one)))) + f": {one['reason']}")
    if (rest := unclean.count() - SHOWN) > 0:
        say(_("  and %(count)s more") % {"count": rest})
