"""Carrying an undo out: removals, old values and returns as versions, inside one `recording`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from qunxing.core.chunks import chunks
from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, change_many
from qunxing.ledger.actions.bulk import keep_versions, open_frame
from qunxing.ledger.inserting import database, stored_values, update_rows
from qunxing.ledger.models import Record
from qunxing.ledger.undoing.plan import UndoPlan
from qunxing.ledger.undoing.pointing import FOLLOWING, fields_towards
from qunxing.ledger.undoing.steps import Fate, Step
from qunxing.ledger.undoing.traces import Tell, nobody
from qunxing.ledger.versions import history_of

FASTER = _("Somebody has just written one of these records. Nothing was undone.")
AGAIN = _("Look at it again.")
KEPT_ANYWAY = frozenset({"id", "ref", "revision", "demo", "created_at", "updated_at"})


def undo(plan: UndoPlan, *, tell: Tell = nobody) -> None:
    """Carry the plan out; call it inside `recording`. Refused when a record was written since the plan was made.

    `tell` hears how many records are done.
    """
    hold(plan.of(Fate.REMOVED, Fate.RESTORED))
    done = 0
    for act, fate in ((remove_chunk, Fate.REMOVED), (restore_chunk, Fate.RESTORED), (bring_back_chunk, Fate.BACK)):
        for kind, steps in by_kind(plan.of(fate)).items():
            # The last written first: what the batch gave from one record to another goes back the same way.
            for chunk in chunks(reversed(steps)):
                act(kind, chunk)
                done += len(chunk)
                tell(done)


def by_kind(steps: Sequence[Step]) -> dict[type[Record], list[Step]]:
    found: dict[type[Record], list[Step]] = defaultdict(list)
    for step in steps:
        found[step.kind].append(step)
    return found


def hold(steps: Sequence[Step]) -> None:
    """Lock the records, each kind by its keys, before any of them is written; Refused unless they stand as planned."""
    for kind, ones in by_kind(steps).items():
        for chunk in chunks(sorted(ones, key=lambda step: step.key)):
            rows = kind._base_manager.select_for_update().filter(pk__in=[step.key for step in chunk]).order_by("pk")
            revisions = dict(rows.values_list("pk", "revision"))
            if any(revisions.get(step.key) != step.revision for step in chunk):
                raise Refused(FASTER, AGAIN, 409)


def held(kind: type[Record], steps: Sequence[Step]) -> list[Any]:
    """The records of the steps in their order."""
    rows = kind._base_manager.in_bulk([step.key for step in steps])
    return [rows[step.key] for step in steps]


def remove_chunk(kind: type[Record], steps: Sequence[Step]) -> None:
    """Take records off with their last versions; what goes with them or only names them, and is no record, follows."""
    records = held(kind, steps)
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


def restore_chunk(kind: type[Record], steps: Sequence[Step]) -> None:
    """Set the old values; what is derived is derived anew where they stand beside later ones.

    A record that has them already, as one that follows another, is left as it is.
    """
    names = {name for step in steps for name in step.values}
    moved, mixed = [], []
    for record, step in zip(held(kind, steps), steps, strict=True):
        if any(getattr(record, name) != value for name, value in step.values.items()):
            moved.append(record)
            if step.later:
                mixed.append(record)
        for name, value in step.values.items():
            setattr(record, name, value)
    if mixed:
        kind._default_manager.derive_many(mixed)
        names |= derived_names(kind)
    change_many(moved, sorted({kind._meta.get_field(name).name for name in names}))


def derived_names(kind: type[Record]) -> set[str]:
    """The fields that no form sets: what `derive` may have set."""
    return {field.name for field in kind._meta.concrete_fields if not field.editable} - KEPT_ANYWAY


def bring_back_chunk(kind: type[Record], steps: Sequence[Step]) -> None:
    """The records as they were, under their own keys, references and days, a revision further."""
    records = [kind(**{**step.values, "revision": step.revision + 1}) for step in steps]
    add_many(records)
    keys = [record.pk for record in records]
    rows = history_of(kind).objects.filter(id__in=keys).order_by().values_list("id")
    first = dict(rows.annotate(first=Min("history_date")).values_list("id", "first"))
    created: Any = kind._meta.get_field("created_at")
    update_rows(kind, [created], [[created.get_db_prep_save(first[key], database())] for key in keys], keys)
