"""Carrying an undo out: removals, old values and returns as versions, inside one `recording`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, change_many
from qunxing.ledger.actions.bulk import keep_versions, open_frame
from qunxing.ledger.inserting import database, stored_values, update_rows
from qunxing.ledger.models import Record
from qunxing.ledger.undoing.plan import Fate, Step, UndoPlan
from qunxing.ledger.undoing.pointing import FOLLOWING, fields_towards
from qunxing.ledger.undoing.traces import ASKED, chunks
from qunxing.ledger.versions import history_of

FASTER = _("Somebody has just written one of these records. Nothing was undone.")
AGAIN = _("Look at it again.")
KEPT_ANYWAY = frozenset({"id", "ref", "revision", "demo", "created_at", "updated_at"})


def undo(plan: UndoPlan) -> None:
    """Carry the plan out; call it inside `recording`. Refused when a record was written since the plan was made."""
    for kind, steps in by_kind(plan.of(Fate.REMOVED)).items():
        for chunk in chunks(steps, ASKED):
            remove_chunk(kind, chunk)
    for kind, steps in by_kind(plan.of(Fate.RESTORED)).items():
        restore(kind, steps)
    for kind, steps in by_kind(plan.of(Fate.BACK)).items():
        bring_back(kind, steps)


def by_kind(steps: Sequence[Step]) -> dict[type[Record], list[Step]]:
    found: dict[type[Record], list[Step]] = defaultdict(list)
    for step in steps:
        found[step.kind].append(step)
    return found


def locked(kind: type[Record], steps: Sequence[Step]) -> list[Any]:
    """The records of the steps in their order, as they were planned on."""
    found: list[Any] = []
    for chunk in chunks(steps, ASKED):
        rows = kind._base_manager.select_for_update().in_bulk([step.key for step in chunk])
        for step in chunk:
            record: Any = rows.get(step.key)
            if record is None or record.revision != step.revision:
                raise Refused(FASTER, AGAIN, 409)
            found.append(record)
    return found


def remove_chunk(kind: type[Record], steps: Sequence[Step]) -> None:
    """Take records off with their last versions; what goes with them or only names them, and is no record, follows."""
    records = locked(kind, steps)
    keep_versions(records, [stored_values(record, adding=False) for record in records], open_frame(), "-")
    for field in fields_towards(kind):
        let_follow(field, records)
    rows: Any = kind._base_manager.filter(pk__in=[record.pk for record in records])
    rows._raw_delete(rows.db)  # noqa: SLF001 - past the signals, as all writing in bulk


def let_follow(field: Any, records: Sequence[Any]) -> None:
    if issubclass(field.model, Record) or field.remote_field.on_delete not in FOLLOWING:
        return
    values = [getattr(record, field.target_field.attname) for record in records]
    rows = field.model._base_manager.filter(**{f"{field.attname}__in": values})
    if field.remote_field.on_delete is models.CASCADE:
        rows.delete()
    else:
        rows.update(**{field.attname: None})


def restore(kind: type[Record], steps: Sequence[Step]) -> None:
    """Set the old values; what is derived is derived anew where they stand beside later ones."""
    records = locked(kind, steps)
    names = {name for step in steps for name in step.values}
    for record, step in zip(records, steps, strict=True):
        for name, value in step.values.items():
            setattr(record, name, value)
    mixed = [record for record, step in zip(records, steps, strict=True) if step.later]
    if mixed:
        kind._default_manager.derive_many(mixed)
        names |= derived_names(kind)
    change_many(records, sorted({kind._meta.get_field(name).name for name in names}))


def derived_names(kind: type[Record]) -> set[str]:
    """The fields that no form sets: what `derive` may have set."""
    return {field.name for field in kind._meta.concrete_fields if not field.editable} - KEPT_ANYWAY


def bring_back(kind: type[Record], steps: Sequence[Step]) -> None:
    """The records as they were, under their own keys and references, a revision further."""
    records = [kind(**step.values | {"revision": step.revision + 1}) for step in steps]
    add_many(records)
    for chunk in chunks(records, ASKED):
        keys = [record.pk for record in chunk]
        rows = history_of(kind).objects.filter(id__in=keys).order_by().values_list("id")
        first = dict(rows.annotate(first=Min("history_date")).values_list("id", "first"))
        created: Any = kind._meta.get_field("created_at")
        update_rows(kind, [created], [[created.get_db_prep_save(first[key], database())] for key in keys], keys)
