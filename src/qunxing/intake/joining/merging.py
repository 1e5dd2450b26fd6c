"""Two records of one organisation become one: field by field, with both names, and all that rests on either."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.actions.lists import AGAIN, FASTER, take_turn
from qunxing.intake.actions.undoing import undone_by
from qunxing.intake.joining.moving import move_all
from qunxing.intake.models import Batch
from qunxing.ledger.actions import add_many, change_many, remove
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording

KEPT = frozenset({"id", "ref", "revision", "demo", "created_at", "updated_at", "name_key", "search_key"})
MOST_NAMED = 3


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
    reason = needed_reason(reason)
    try:
        with transaction.atomic():
            take_turn()
            return write_merge(*locked(kept, other), actor=actor, reason=reason, taken=taken)
    except ProtectedError as error:
        raise Refused(_("Other records rest on both: move those first."), named(error), 409) from error
    except IntegrityError as error:
        raise Refused(FASTER, AGAIN, 409) from error


def named(error: ProtectedError) -> str:
    """The first of the records that are in the way, by kind and name."""
    rows = sorted(error.protected_objects, key=lambda row: (row._meta.label, row.pk))[:MOST_NAMED]
    return "; ".join(f"{row._meta.verbose_name}: {row}" for row in rows)


def locked(kept: Organization, other: Organization) -> tuple[Organization, Organization]:
    rows = Organization.objects.select_for_update().in_bulk([kept.pk, other.pk])
    if len(rows) < 2:
        raise Refused(FASTER, AGAIN, 409)
    return rows[kept.pk], rows[other.pk]


def write_merge(
    kept: Organization, other: Organization, *, actor: Any, reason: str, taken: Collection[str] | None
) -> Batch:
    choosable = {field.name for field in choosable_fields()}
    fields = default_choice(kept, other) if taken is None else choosable.intersection(taken)
    values = {name: getattr(other, name) for name in fields}
    title = _("Merge of “%(other)s” into “%(kept)s”") % {"other": other.name, "kept": kept.name}
    with recording(actor=actor, reason=reason) as frame:
        day = timezone.localdate(frame.at)
        names = keep_names(kept, other, takes_name="name" in fields, day=day)
        moved = move_all(kept, other, actor=actor)
        remove(Organization.objects.get(pk=other.pk), actor=actor, reason=reason)
        take_values(kept, values)
        made: Batch = Batch.objects.create(
            kind=Batch.Kind.MERGE,
            state=Batch.State.APPLIED,
            list_code="organizations",
            title=title[:300],
            day=day,
            reason=reason,
            counts={"moved": moved.count, "names": names, "fields": len(fields)},
            summary={"survivor": kept.ref, "removed": other.ref, **moved.as_json()},
            recorded_at=frame.at,
            owner=actor,
        )
    return made


def keep_names(kept: Organization, other: Organization, *, takes_name: bool, day: date) -> int:
    """Keep both registered names; the one that is given up ends the day before. How many names were written down."""
    stays, ends = (other, kept) if takes_name else (kept, other)
    last = day - timedelta(days=1)
    registered = OrganizationName.objects.filter(organization__in=[kept, other], kind=OrganizationName.Kind.REGISTERED)
    held: dict[str, list[OrganizationName]] = defaultdict(list)
    for name in registered.order_by("pk"):
        held[name.name_key].append(name)
    names = [OrganizationName(organization=kept, text=stays.name)] if stays.name_key not in held else []
    if ends.name_key != stays.name_key:
        if ends.name_key not in held:
            names.append(OrganizationName(organization=kept, text=ends.name, to_day=last))
        end_names([name for name in held[ends.name_key] if name.to_day is None], last)
    for name in names:
        name.derive()
    add_many(names)
    return len(names)


def end_names(names: Sequence[OrganizationName], last: date) -> None:
    """No name ends before it began: one borne from today on ends today."""
    for name in names:
        name.to_day = max(last, name.from_day or last)
    change_many(names, ["to_day"])


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
