"""What people do with a sheet: upload it, say how its columns are read, mend its rows, and take it over."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet

from qunxing.core.chunks import chunks
from qunxing.core.errors import IllegalTransition
from qunxing.core.sheets import SheetSpec
from qunxing.core.text import tidy
from qunxing.intake.actions.lists import digest_of
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.registering import Progress, Quiet
from qunxing.intake.sheets.alike import count_alike
from qunxing.intake.sheets.applying import apply_sheet
from qunxing.intake.sheets.headings import TableMapping, to_json
from qunxing.intake.sheets.preview import make_preview
from qunxing.intake.sheets.replanning import followers, replan
from qunxing.intake.sheets.rows import SAID

OPEN = (Batch.State.UPLOADED, Batch.State.PREVIEWED)


def upload(
    spec: SheetSpec,
    *,
    actor: Any,
    name: str,
    content: File[Any],
    day: date,
    title: str = "",
    origin: str = "",
    reason: str = "",
) -> Batch:
    """Keep an uploaded file as a batch; nothing of it is read yet (`jobs.start_job("sheet_preview", …)` does)."""
    batch = Batch(
        kind=Batch.Kind.SHEET,
        list_code=spec.code,
        file_name=tidy(name)[-200:],
        title=tidy(title or f"{spec.label} · {name}")[:300],
        day=day,
        origin=tidy(origin)[:100],
        reason=tidy(reason)[:500],
        owner=actor,
    )
    batch.file.save(f"{batch.ref}.sheet", content, save=False)
    batch.digest = digest_of(Path(batch.file.path))
    batch.save()
    return batch


def preview(batch: Batch, *, actor: Any, progress: Progress | None = None) -> Batch:
    """Read and plan the file; ReadingError for one that cannot be read, IllegalTransition unless it waits for that."""
    if batch.state != Batch.State.UPLOADED:
        raise IllegalTransition
    make_preview(batch, actor=actor, progress=progress or Quiet())
    words = {"mapping": batch.mapping, "counts": batch.counts, "summary": batch.summary}
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.UPLOADED)
    if not waiting.update(state=Batch.State.PREVIEWED, **words):
        raise IllegalTransition
    batch.state = Batch.State.PREVIEWED
    return batch


def remap(batch: Batch, mapping: Sequence[TableMapping], *, actor: Any) -> None:  # noqa: ARG001 - actions name their actor
    """Read the columns of the file in this way from now on; its preview has to be made anew.

    IllegalTransition for a batch that was applied or given up.
    """
    words = {"state": Batch.State.UPLOADED, "mapping": to_json(mapping), "counts": {}}
    if not Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(**words):
        raise IllegalTransition
    batch.rows.all().delete()
    batch.refresh_from_db()


@transaction.atomic
def edit_cells(row: SheetRow, texts: Mapping[int, str], *, actor: Any) -> SheetRow:
    """Put these texts in place of the cells ({position as in ``row.cells``: text}) and plan the row anew.

    The text of the file itself takes an edit back. Counts of the batch follow. IllegalTransition once it is applied.
    """
    batch = held(row.batch)
    row = batch.rows.get(pk=row.pk)
    told = row.edits | {str(position): text for position, text in texts.items()}
    row.edits = {place: text for place, text in told.items() if text != row.cells.get(place, "")}
    row.save(update_fields=["edits"])
    replan(batch, sorted([row.number, *followers(batch, [row.number])]), actor=actor)
    row.refresh_from_db()
    return row


@transaction.atomic
def say_record(row: SheetRow, record: Any, *, actor: Any) -> SheetRow:
    """Let the row be about this record, whatever it is called in the file; None: about whom its cells tell.

    IllegalTransition once the batch is applied.
    """
    batch = held(row.batch)
    row = batch.rows.get(pk=row.pk)
    said = {} if record is None else {SAID: record.ref}
    row.edits = {place: text for place, text in row.edits.items() if place != SAID} | said
    row.save(update_fields=["edits"])
    replan(batch, sorted([row.number, *followers(batch, [row.number])]), actor=actor)
    row.refresh_from_db()
    return row


@transaction.atomic
def leave_out(rows: QuerySet[SheetRow], *, out: bool, actor: Any) -> int:
    """Leave these rows of one batch out, or take them in again; how many that changed.

    A row taken in again is planned anew, and so is what repeats a row that was left out.
    """
    turned = list(rows.filter(left_out=not out).order_by("number").values_list("batch_id", "number"))
    if not turned:
        return 0
    batch = held(Batch.objects.get(pk=turned[0][0]))
    numbers = [number for batch_key, number in turned if batch_key == batch.pk]
    for some in chunks(numbers):
        batch.rows.filter(number__in=some).update(left_out=out)
    if again := followers(batch, numbers) if out else numbers:
        replan(batch, again, actor=actor)
    else:
        count_alike(batch)
        Batch.objects.filter(pk=batch.pk).update(summary=batch.summary)
    return len(numbers)


def held(batch: Batch) -> Batch:
    """The batch, locked, as long as its preview stands."""
    found = Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.PREVIEWED).first()
    if found is None:
        raise IllegalTransition
    return found


def apply(batch: Batch, *, actor: Any, clean_only: bool = False, progress: Progress | None = None) -> Batch:
    """Write the new and the changed rows in one transaction; rows that are left out stay behind.

    Without `clean_only` every row must be clean (Refused, with how many are not). Rows whose record was changed since
    the preview in the same cells become conflicts: with `clean_only` the others are written, else nothing is. Refused
    while a heading of the file is unsettled.
    """
    return apply_sheet(batch, actor=actor, clean_only=clean_only, progress=progress or Quiet())
