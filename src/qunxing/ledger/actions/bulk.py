"""Many records at once: the same versions, evidence and log as one at a time, in a few statements."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from qunxing.ledger.actions.evidence import evidence_row
from qunxing.ledger.models import Evidence, Record, Source
from qunxing.ledger.recording import Change, current
from qunxing.ledger.signals import changed_in_bulk, version_entry

BATCH = 1_000
R = TypeVar("R", bound=Record)


def add_many(records: Sequence[R]) -> list[R]:
    """Insert the records with their first versions; call it inside `recording`."""
    if not records:
        return []
    type(records[0])._default_manager.bulk_create(records, batch_size=BATCH)
    keep_versions(records, update=False)
    return list(records)


def change_many(records: Sequence[R], fields: Sequence[str]) -> None:
    """Update the named fields of the records with a version each; call it inside `recording`."""
    if not records:
        return
    moment = open_frame().at
    for record in records:
        record.revision += 1
        record.updated_at = moment
    kept = [*fields, "revision", "updated_at"]
    type(records[0])._default_manager.bulk_update(records, kept, batch_size=BATCH // 4)
    keep_versions(records, update=True)
    changed_in_bulk.send(type(records[0]), records=records, fields=tuple(fields))


def keep_versions(records: Sequence[Record], *, update: bool) -> None:
    frame = open_frame()
    versions = type(records[0]).history.bulk_history_create(
        records,
        batch_size=BATCH,
        update=update,
        default_user=frame.actor,
        default_change_reason=frame.reason,
        default_date=frame.at,
        custom_historical_attrs={"source": frame.source},
    )
    frame.entries.extend(
        (frame, version_entry(record, version)) for record, version in zip(records, versions, strict=True)
    )


def cite_many(cited: Sequence[tuple[Record, Mapping[str, Any], str]], *, actor: Any, source: Source) -> None:
    """Evidence from one source: (record, values, place) a piece."""
    rows = [
        evidence_row(record, actor=actor, source=source, values=values, place=place) for record, values, place in cited
    ]
    Evidence.objects.bulk_create(rows, batch_size=BATCH)


def open_frame() -> Change:
    frame = current()
    if frame is None:
        raise RuntimeError("Bulk writes need an open recording.")
    return frame
