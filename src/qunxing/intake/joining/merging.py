"""Two records of one organisation become one: field by field, with both names, and all that rests on either."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.actions.lists import AGAIN, FASTER, take_turn
from qunxing.intake.actions.undoing import undone_by
from qunxing.intake.models import Batch, ForeignNumber
from qunxing.ledger.actions import add_many, change_many, remove
from qunxing.ledger.models import Evidence, Record
from qunxing.ledger.recording import recording
from qunxing.ledger.undoing.pointing import fields_towards
from qunxing.ledger.undoing.writing import derived_names

KEPT = frozenset({"id", "ref", "revision", "demo", "created_at", "updated_at", "name_key", "search_key"})


def choosable_fields() -> list[Any]:
    """The fields of which one of two values is chosen."""
    return [field for field in Organization._meta.concrete_fields if field.name not in KEPT]


def default_choice(kept: Organization, other: Organization) -> set[str]:
    """The fields taken from the other record where nobody chooses: those that the kept one leaves empty."""
    empty: tuple[Any, ...] = (None, "", ())
    return {
        field.name
        for field in choosable_fields()
        if getattr(kept, field.name) in empty and getattr(other, field.name) not in empty
    }


def merge(
    kept: Organization, other: Organization, *, actor: Any, reason: str, taken: Collection[str] | None = None
) -> Batch:
    """Join the other record into the kept one, in one transaction; `taken` are the fields that follow the other.

    Both names stay as names with their days, everything that pointed at the other points at the kept one, and a row
    that the kept one has already goes. It is a batch, and can be undone.
    """
    if kept.pk == other.pk:
        raise Refused(_("These are one record already."), status=422)
    if not reason.strip():
        raise Refused(_("Say why they are one."), status=422)
    try:
        with transaction.atomic():
            take_turn()
            return write_merge(*locked(kept, other), actor=actor, reason=reason.strip()[:500], taken=taken)
    except ProtectedError as error:
        raise Refused(_("Other records rest on both: move those first."), status=409) from error
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error


def locked(kept: Organization, other: Organization) -> tuple[Organization, Organization]:
    rows = Organization.objects.select_for_update().in_bulk([kept.pk, other.pk])
    if len(rows) < 2:
        raise Refused(FASTER, AGAIN, 409)
    return rows[kept.pk], rows[other.pk]


def write_merge(
    kept: Organization, other: Organization, *, actor: Any, reason: str, taken: Collection[str] | None
) -> Batch:
    fields = default_choice(kept, other) if taken is None else set(taken)
    words = {"survivor": kept.ref, "removed": other.ref}
    values = {name: getattr(other, name) for name in fields}
    title = _("Merge of “%(other)s” into “%(kept)s”") % {"other": other.name, "kept": kept.name}
    with recording(actor=actor, reason=reason) as frame:
        names = keep_names(kept, other, takes_name="name" in fields)
        moved = sum(move_rows(field, kept, other, actor=actor) for field in fields_towards(Organization))
        beside = {"evidence": copy_evidence(kept, other), "numbers": move_numbers(kept, other)}
        remove(Organization.objects.get(pk=other.pk), actor=actor, reason=reason)
        take_values(kept, values)
        made: Batch = Batch.objects.create(
            kind=Batch.Kind.MERGE,
            state=Batch.State.APPLIED,
            list_code="organizations",
            title=title[:300],
            day=timezone.localdate(frame.at),
            reason=reason,
            counts={"moved": moved, "names": names, "fields": len(fields)},
            summary=words | beside,
            recorded_at=frame.at,
            owner=actor,
        )
    return made


def keep_names(kept: Organization, other: Organization, *, takes_name: bool) -> int:
    """Keep the name that no longer is one: up to yesterday, where nobody has kept it before."""
    last = other if not takes_name else kept
    held = set(OrganizationName.objects.filter(organization__in=[kept, other]).values_list("name_key", flat=True))
    names: list[OrganizationName] = []
    for bearer in (kept, other):
        if bearer.name_key not in held and bearer.name_key not in {name.name_key for name in names}:
            ended = timezone.localdate() - timedelta(days=1) if bearer is last else None
            names.append(OrganizationName(organization=kept, text=bearer.name, to_day=ended))
            names[-1].derive()
    add_many(names)
    return len(names)


def move_rows(field: Any, kept: Organization, other: Organization, *, actor: Any) -> int:
    """Let the rows of one foreign key point at the kept record; how many were moved."""
    rows = list(field.model._base_manager.filter(**{field.attname: other.pk}))
    if not rows or not issubclass(field.model, Record):
        return move_others(field, rows, kept)
    going: list[Any] = []
    staying: list[Any] = []
    for row in rows:
        setattr(row, field.name, kept)
        (going if clashes(row) else staying).append(row)
    for row in going:
        remove(field.model._base_manager.get(pk=row.pk), actor=actor, reason=_("The record it was joined into has it."))
    if staying:
        field.model._default_manager.derive_many(staying)
        change_many(staying, sorted({field.name, *derived_names(field.model)}))
    return len(staying)


def clashes(row: Record) -> bool:
    """Whether the row, moved, would be there twice, or point at itself."""
    if isinstance(row, Link) and row.from_organization_id == row.to_organization_id:
        return True
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    return False


def move_others(field: Any, rows: list[models.Model], kept: Organization) -> int:
    """Rows that are no records: one that clashes stays behind and goes with what it hangs on."""
    moved = 0
    for row in rows:
        try:
            with transaction.atomic():
                moved += field.model._base_manager.filter(pk=row.pk).update(**{field.attname: kept.pk})
        except IntegrityError:
            continue
    return moved


def copy_evidence(kept: Organization, other: Organization) -> list[int]:
    """What sources say of the other is said of the kept one too; evidence itself is never changed."""
    rows = list(Evidence.objects.filter(record_kind=kept.kind_code(), record_id=other.pk).order_by("pk"))
    copies = []
    for row in rows:
        row.pk, row.record_id = None, kept.pk
        row._state.adding = True  # noqa: SLF001 - a new row like it
        row.save()
        copies.append(row.pk)
    return copies


def move_numbers(kept: Organization, other: Organization) -> list[int]:
    """The numbers by which tables know the other lead to the kept one from now on."""
    rows = ForeignNumber.objects.filter(record_kind=kept.kind_code(), record_key=other.pk)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(record_key=kept.pk)
    return keys


def take_values(kept: Organization, values: dict[str, Any]) -> None:
    stored = Organization.objects.get(pk=kept.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.derive()
    change_many([stored], sorted({*values, "name_key", "search_key"}))


def survivor_of(ref: str) -> str:
    """The reference of the record into which this one was joined, as far as it goes on; empty when in none."""
    seen: set[str] = set()
    while ref not in seen:
        seen.add(ref)
        merges = Batch.objects.filter(kind=Batch.Kind.MERGE, summary__removed=ref).order_by("-pk")
        found = next((one for one in merges if undone_by(one) is None), None)
        if found is None:
            return ref if len(seen) > 1 else ""
        ref = found.summary["survivor"]
    return ""
