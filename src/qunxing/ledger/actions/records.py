"""One record at a time."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Problem
from qunxing.ledger.actions.evidence import cite
from qunxing.ledger.models import Record, Source
from qunxing.ledger.recording import recording

R = TypeVar("R", bound=Record)


class StaleRecord(Problem):
    """Somebody saved the record since the writer opened it; `current` is the record as it stands."""

    def __init__(self, current: Record) -> None:
        super().__init__(
            _("Somebody else saved this record while you were writing."),
            _("Compare both versions and choose; nothing you typed is lost."),
            409,
        )
        self.current = current


def create(record: R, *, actor: Any, reason: str = "", source: Source | None = None, place: str = "") -> R:
    """Save a new record with its first version, its log entry and, given a source, evidence for what is filled in."""
    with recording(actor=actor, reason=reason, source=source):
        record.save(force_insert=True)
        if source is not None:
            cite(record, actor=actor, source=source, values=filled(record), place=place)
    return record


def change(
    record: R,
    *,
    actor: Any,
    values: Mapping[str, Any],
    expected: int | None = None,
    reason: str = "",
    source: Source | None = None,
    place: str = "",
) -> R:
    """Set the values, with a version if any differs; StaleRecord when the stored revision is not `expected`."""
    kind = type(record)
    with recording(actor=actor, reason=reason, source=source):
        stored: R = kind._default_manager.select_for_update().get(pk=record.pk)
        if expected is not None and stored.revision != expected:
            raise StaleRecord(stored)
        changed = {name: value for name, value in values.items() if differs(stored, name, value)}
        for name, value in changed.items():
            setattr(stored, name, value)
        if changed:
            stored.save()
        if source is not None:
            cite(stored, actor=actor, source=source, values=dict(values), place=place)
    return stored


def remove(record: Record, *, actor: Any, reason: str, source: Source | None = None) -> None:
    """Take the record off the ledger; its versions and its log entries stay."""
    with recording(actor=actor, reason=reason, source=source):
        record.delete()


def differs(record: Record, name: str, value: Any) -> bool:
    field: Any = record._meta.get_field(name)
    old = getattr(record, field.attname)
    new = getattr(value, field.target_field.attname, value) if field.is_relation else value
    return bool(field.get_prep_value(old) != field.get_prep_value(new))


def filled(record: Record) -> dict[str, Any]:
    """The record's own fields that hold something."""
    values = {
        field.name: getattr(record, field.name)
        for field in record._meta.concrete_fields
        if field.name not in record.BOOKKEEPING and field.name not in {"visibility", "created_at", "updated_at"}
    }
    return {name: value for name, value in values.items() if value not in (None, "", (), [])}
