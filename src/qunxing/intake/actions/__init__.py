"""Taking an official list in: upload, preview, apply; and settling what it leaves to people."""

from qunxing.intake.actions.leftovers import accept_proposal, dismiss_proposal, settle_row
from qunxing.intake.actions.lists import (
    Prepared,
    apply_batch,
    apply_file,
    digest_of,
    drop_batch,
    keep_preview,
    new_batch,
    prepare_batch,
    prepare_file,
)
from qunxing.intake.actions.undoing import plan_of, staying, undo_batch, undone_by, written_by

__all__ = [
    "Prepared",
    "accept_proposal",
    "apply_batch",
    "apply_file",
    "digest_of",
    "dismiss_proposal",
    "drop_batch",
    "keep_preview",
    "new_batch",
    "plan_of",
    "prepare_batch",
    "prepare_file",
    "settle_row",
    "staying",
    "undo_batch",
    "undone_by",
    "written_by",
]
