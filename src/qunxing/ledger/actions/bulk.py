"""Many records at once: the same versions, evidence and log as one at a time, in a few statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.utils import timezone

from qunxing.ledger.actions.evidence import evidence_row
from qunxing.ledger.canonical import digest
from qunxing.ledger.inserting import (
    adapted,
    fields_of,
    insert,
    insert_rows,
    mark_saved,
    relate,
    stored_values,
    take_keys,
    update_rows,
)
from qunxing.ledger.models import Record, Source
from qunxing.ledger.recording import Change, Entry, current, recording
from qunxing.ledger.signals import changed_in_bulk
from qunxing.ledger.versions import HISTORY_KINDS, history_of, prepared_fields

BATCH = 1_000
Values = Mapping[str, Any]
R = TypeVar("R", bound=Record)


def add_many(records: Sequence[R]) -> list[R]:
    """Insert the records with their first versions; call it inside `recording`."""
    frame = open_frame()
    if records:
        type(records[0])._default_manager.check_many(records)
    with all_or_none(frame):
        for chunk in chunks(records):
            add_chunk(chunk, frame)
    return list(records)


def add_chunk(records: Sequence[Record], frame: Change) -> None:
    kind = type(records[0])
    for record, key in zip(records, take_keys(kind, len(records)), strict=True):
        relate(record)
        record.pk = record.pk or key
    stored = [stored_values(record, adding=True) for record in records]
    fields = fields_of(kind)
    insert_rows(kind, fields, [adapted(values, fields) for values in stored])
    keep_versions(records, stored, frame, "+")
    for record in records:
        mark_saved(record)


def change_many(records: Sequence[R], fields: Sequence[str]) -> None:
    """Update the named fields of the records with a version each; call it inside `recording`."""
    if not records:
        return
    kind = type(records[0])
    frame = open_frame()
    kind._default_manager.check_many(records, fields)
    names = tuple(dict.fromkeys([*fields, "revision", "updated_at"]))
    with all_or_none(frame):
        for chunk in chunks(records):
            change_chunk(chunk, names, frame)
    changed_in_bulk.send(kind, records=records, fields=tuple(fields))


def change_chunk(records: Sequence[Record], names: Sequence[str], frame: Change) -> None:
    kind = type(records[0])
    for record in records:
        relate(record)
        record.revision += 1
    stored = [stored_values(record, adding=False) for record in records]
    changed: list[Any] = [kind._meta.get_field(name) for name in names]
    rows = [adapted(values, changed) for values in stored]
    update_rows(kind, changed, rows, [record.pk for record in records])
    keep_versions(records, stored, frame, "~")


def chunks(records: Sequence[R]) -> Iterator[Sequence[R]]:
    for start in range(0, len(records), BATCH):
        yield records[start : start + BATCH]


def keep_versions(records: Sequence[Record], stored: Sequence[Values], frame: Change, history_type: str) -> None:
    """Write a version of each record, and what the log is to say of it."""
    kind = type(records[0])
    history = history_of(kind)
    tracked = [name for name, _prepare in prepared_fields(kind)]
    said = {
        "history_date": frame.at,
        "history_change_reason": frame.reason,
        "history_type": history_type,
        "history_user_id": frame.actor.pk if frame.actor is not None else None,
        "source_id": frame.source.pk if frame.source is not None else None,
    }
    fields = fields_of(history)
    rows = []
    for record, values, number in zip(records, stored, take_keys(history, len(records)), strict=True):
        rows.append(adapted({**values, **said, "history_id": number}, fields))
        facts = {"version": number, "digest": digest({name: values[name] for name in tracked})}
        frame.entries.append((frame, Entry(HISTORY_KINDS[history_type], kind.kind_code(), record.ref, facts)))
    insert_rows(history, fields, rows)


def cite_many(cited: Sequence[tuple[Record, Mapping[str, Any], str]], *, actor: Any, source: Source) -> None:
    """Evidence from one source: (record, values, place) a piece."""
    day = timezone.localdate()
    rows = [
        evidence_row(record, actor=actor, source=source, values=values, place=place, day=day)
        for record, values, place in cited
    ]
    insert(rows)


def open_frame() -> Change:
    frame = current()
    if frame is None:
        raise RuntimeError("Bulk writes need an open recording.")
    return frame


def all_or_none(frame: Change) -> AbstractContextManager[Change]:
    """The frame within itself: rows and what the log is to say of them go together if one of them cannot be written."""
    return recording(actor=frame.actor, reason=frame.reason, source=frame.source)
