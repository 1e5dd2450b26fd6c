"""Everything that points at one organisation points at another from now on, and what is needed to take that back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Refused
from qunxing.directory.models import Link, Organization
from qunxing.intake.joining.candidates import KIND
from qunxing.intake.joining.searching import forget
from qunxing.intake.models import Distinct, DuplicateMark, DuplicatePair, ForeignNumber
from qunxing.ledger.actions import change_many, remove
from qunxing.ledger.models import Evidence, Record
from qunxing.ledger.undoing.pointing import fields_towards
from qunxing.ledger.undoing.writing import derived_names

FOUND_ANEW = (DuplicateMark, DuplicatePair)  # kept of the organisation by a machine: let go, and found again
KEPT_BY_PROGRAM = frozenset({"id", "ref", "revision", "demo", "created_at", "updated_at", "search_key"})
HAS_IT = gettext_lazy("The record it was joined into has it.")


@dataclass
class Moved:
    """What was moved beside records, whose versions tell it: keys of rows by ``app.model.field``; rows that went."""

    records: int = 0
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    gone: list[Any] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.records + sum(map(len, self.rows.values()))

    def as_json(self) -> dict[str, Any]:
        """What the batch keeps, for `parting`."""
        return {
            "rows": dict(self.rows),
            "gone": self.gone,
            "evidence": self.evidence,
            "numbers": self.numbers,
            "apart": self.apart,
        }


def move_all(kept: Organization, other: Organization, *, actor: Any) -> Moved:
    """Let all that points at the other point at the kept one; Refused, naming both, where two rows cannot both be its.

    Call it inside `recording`. A row that the kept one has already goes.
    """
    moved = Moved()
    forget(other)
    for model, fields in by_model().items():
        if issubclass(model, Record):
            moved.records += move_records(model, fields, kept, other, actor=actor)
        elif model not in FOUND_ANEW:
            move_rows(model, fields, kept, other, moved)
    moved.evidence = copy_evidence(kept, other)
    moved.numbers = move_numbers(kept, other)
    moved.apart = copy_apart(kept, other)
    moved.gone = going_with(other)
    return moved


def by_model() -> dict[type[models.Model], list[Any]]:
    """The foreign keys towards organisations by their models."""
    found: dict[type[models.Model], list[Any]] = defaultdict(list)
    for one in fields_towards(Organization):
        found[one.model].append(one)
    return found


def pointing(model: type[models.Model], fields: Sequence[Any], other: Organization) -> list[Any]:
    """The rows that point at the organisation, locked, with these fields."""
    condition = Q()
    for one in fields:
        condition |= Q(**{one.attname: other.pk})
    return list(model._base_manager.select_for_update(of=("self",)).filter(condition).order_by("pk"))


def turn(row: Any, fields: Sequence[Any], kept: Organization, other: Organization) -> None:
    for one in fields:
        if getattr(row, one.attname) == other.pk:
            setattr(row, one.name, kept)


# --- records ----------------------------------------------------------------------------------------------------------


def move_records(
    model: type[Record], fields: Sequence[Any], kept: Organization, other: Organization, *, actor: Any
) -> int:
    staying: list[Any] = []
    for row in pointing(model, fields, other):
        turn(row, fields, kept, other)
        if is_idle(row, fields):
            remove(model._base_manager.get(pk=row.pk), actor=actor, reason=str(HAS_IT))
        else:
            staying.append(row)
    if staying:
        model._default_manager.derive_many(staying)
        change_many(staying, sorted({*(one.name for one in fields), *derived_names(model)}))
    return len(staying)


def is_idle(row: Any, fields: Sequence[Any]) -> bool:
    """Whether the row, moved, says nothing that the kept organisation lacks; Refused where it says something else.

    What hangs on the organisation itself, such as the membership of one person in both, follows the kept one.
    """
    if isinstance(row, Link) and row.from_organization_id == row.to_organization_id:
        return True
    twin = twin_of(row)
    if twin is None:
        return False
    if type(row).PARENT in {one.name for one in fields} or own_values(row) == own_values(twin):
        return True
    raise Refused(clash(row, twin), _("Change or remove one of them first."), 409)


def twin_of(row: Any) -> Any:
    """The stored row beside which this one must not stand, by a rule that something is there once."""
    for condition in once(row):
        twin = type(row)._base_manager.filter(condition).exclude(pk=row.pk).order_by("pk").first()
        if twin is not None:
            return twin
    return None


def once(row: Any) -> Iterator[Q]:
    """For each rule by which something is there once, what other rows would break it together with this one."""
    meta = row._meta
    rules = [(rule.fields, rule) for rule in meta.constraints if isinstance(rule, UniqueConstraint) and rule.fields]
    groups = [*rules, *((names, None) for names in meta.unique_together)]
    groups += [((one.name,), None) for one in meta.concrete_fields if one.unique and not one.primary_key]
    for names, rule in groups:
        values = {name: getattr(row, meta.get_field(name).attname) for name in names}
        if (rule is not None and not breaks(rule, row)) or None in values.values():
            continue
        within = rule.condition if rule is not None and rule.condition else Q()
        yield Q(**{meta.get_field(name).attname: value for name, value in values.items()}) & within


def breaks(rule: UniqueConstraint, row: Any) -> bool:
    try:
        rule.validate(type(row), row)
    except ValidationError:
        return True
    return False


def own_values(row: Any) -> dict[str, Any]:
    """What the row says, without whose it is and when it was written."""
    return {
        one.name: getattr(row, one.attname)
        for one in row._meta.concrete_fields
        if one.name not in KEPT_BY_PROGRAM and one.related_model is not Organization
    }


def clash(row: Any, twin: Any) -> str:
    words = {
        "kind": row._meta.verbose_name,
        "one": f"{type(row)._base_manager.get(pk=row.pk)} ({row.ref})",
        "other": f"{twin} ({twin.ref})",
    }
    return _("%(kind)s: “%(one)s” and “%(other)s” cannot both be of one organisation.") % words


# --- other rows -------------------------------------------------------------------------------------------------------


def move_rows(
    model: type[models.Model], fields: Sequence[Any], kept: Organization, other: Organization, moved: Moved
) -> None:
    """Rows that are no records; one that the kept organisation has already stays behind, and goes with the other."""
    for one in fields:
        for row in pointing(model, [one], other):
            setattr(row, one.name, kept)
            if twin_of(row) is None:
                model._base_manager.filter(pk=row.pk).update(**{one.attname: kept.pk})
                moved.rows[f"{model._meta.label_lower}.{one.name}"].append(row.pk)


def going_with(other: Organization) -> list[Any]:
    """All rows but records that go when the organisation does, as they are, those first on which others rest."""
    collector = Collector(using="default", origin=other)
    collector.collect([other])
    collector.sort()
    rows = [row for model, found in collector.data.items() for row in found if not isinstance(row, Record)]
    rows += [row for found in collector.fast_deletes for row in found if not isinstance(row, Record)]
    told: list[Any] = json.loads(serializers.serialize("json", rows))
    return told


def copy_evidence(kept: Organization, other: Organization) -> list[int]:
    """What sources say of the other is said of the kept one too; evidence itself is never changed."""
    rows = Evidence.objects.filter(record_kind=KIND, record_id=other.pk).order_by("pk")
    return copies(rows, lambda row: setattr(row, "record_id", kept.pk))


def copies(rows: Iterable[Any], change: Any) -> list[int]:
    made = []
    for row in list(rows):
        row.pk = None
        row._state.adding = True  # noqa: SLF001 - a new row like it
        change(row)
        row.save()
        made.append(row.pk)
    return made


def move_numbers(kept: Organization, other: Organization) -> list[int]:
    """The numbers by which tables know the other lead to the kept one from now on."""
    rows = ForeignNumber.objects.filter(record_kind=KIND, record_key=other.pk)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(record_key=kept.pk)
    return keys


def copy_apart(kept: Organization, other: Organization) -> list[int]:
    """Whoever was told apart from the other is told apart from the kept one."""
    known = Distinct.objects.filter(record_kind=KIND)
    made = []
    for row in known.filter(Q(first_key=other.pk) | Q(second_key=other.pk)).order_by("pk"):
        third = row.second_key if row.first_key == other.pk else row.first_key
        low, high = sorted((kept.pk, third))
        if low != high and not known.filter(first_key=low, second_key=high).exists():
            words = {"note": row.note, "said_by_id": row.said_by_id}
            made.append(Distinct.objects.create(record_kind=KIND, first_key=low, second_key=high, **words).pk)
    return made
