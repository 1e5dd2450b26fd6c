"""What people do with a sheet: upload it, say how its columns are read, mend its rows, and take it over."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files import File
from django.db.models import QuerySet

from qunxing.core.sheets import SheetSpec
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.registering import Progress


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
    raise NotImplementedError


def remap(batch: Batch, mapping: Sequence[Any], *, actor: Any) -> None:
    """Read the columns of the file in this way from now on; its preview has to be made anew.

    IllegalTransition for a batch that was applied or given up.
    """
    raise NotImplementedError


def edit_cell(row: SheetRow, position: int, text: str, *, actor: Any) -> SheetRow:
    """Put this text in place of the cell (`position` as in ``row.cells``) and plan the row anew.

    The text of the file itself takes the edit back. Counts of the batch follow. IllegalTransition once it is applied.
    """
    raise NotImplementedError


def leave_out(rows: QuerySet[SheetRow], *, out: bool, actor: Any) -> int:
    """Leave these rows of one batch out, or take them in again; how many that changed."""
    raise NotImplementedError


def apply(batch: Batch, *, actor: Any, clean_only: bool = False, progress: Progress | None = None) -> Batch:
    """Write the new and the changed rows in one transaction; rows that are left out stay behind.

    Without `clean_only` every row must be clean (Refused, with how many are not). Rows whose record was changed since
    the preview in the same cells become conflicts: with `clean_only` the others are written, else nothing is. Refused
    while a heading of the file is unsettled.
    """
    raise NotImplementedError
