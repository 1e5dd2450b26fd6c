"""The rules that the database keeps, held against rows before they are written, so that each is told by its row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Model, Q, UniqueConstraint
from django.utils.translation import gettext_noop as _

from qunxing.core.chunks import chunks
from qunxing.core.reasons import Reason, because, english
from qunxing.intake.sheets.rows import Place, Row, Trouble

TAKEN = _("Another record has this already: %(text)s.")
REPEATED = _("Row %(row)s of the sheet has the same: %(text)s.")
BROKEN = _("A rule of this ledger does not allow these values together.")
Holding = bool | None  # None: a value is missing, so nothing can be said

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "exact": lambda a, b: a == b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "in": lambda a, b: a in b,
}


class CannotTell(Exception):
    """A condition that only the database can judge."""


def holds(condition: Q, row: Any) -> Holding:
    """Whether the values of the row meet the condition, with the logic of SQL; CannotTell for what is not plain."""
    told = [holds(one, row) if isinstance(one, Q) else leaf(one, row) for one in condition.children]
    if condition.connector not in (Q.AND, Q.OR):
        raise CannotTell
    deciding = condition.connector == Q.OR
    result: Holding = not deciding
    if deciding in told:
        result = deciding
    elif None in told:
        result = None
    return None if result is None else result != condition.negated


def leaf(child: Any, row: Any) -> Holding:
    if not isinstance(child, tuple):
        raise CannotTell
    path, wanted = child
    name, _mark, lookup = path.partition("__")
    value = value_at(row, name)
    if lookup == "isnull":
        return (value is None) is bool(wanted)
    compare = COMPARE.get(lookup or "exact")
    if compare is None:
        raise CannotTell
    other = value_at(row, vars(wanted)["name"]) if isinstance(wanted, F) else wanted
    return None if value is None or other is None else bool(compare(value, other))


def value_at(row: Any, name: str) -> Any:
    if "__" in name:
        raise CannotTell
    return getattr(row, row._meta.pk.attname if name == "pk" else row._meta.get_field(name).attname)


def check_rules(row: Row, also: Callable[[Any], None]) -> None:
    """Say which rules within the record its values break, those that its sheet adds (`also`) among them.

    The record's own `clean` is not asked: it may ask the ledger, which a sheet does for all its rows at once.
    """
    one = row.instance
    for constraint in one._meta.constraints:
        if isinstance(constraint, CheckConstraint) and is_broken(constraint, one):
            message = constraint.violation_error_message
            default = message == constraint.default_violation_error_message
            row.troubles.append(Trouble(because(BROKEN) if default else english(message or BROKEN)))
    try:
        also(one)
    except ValidationError as error:
        row.troubles += [
            Trouble(because(message), "" if name == NON_FIELD_ERRORS else name)
            for name, messages in by_field(error).items()
            for message in messages
        ]


def by_field(error: ValidationError) -> Mapping[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


def is_broken(constraint: CheckConstraint, one: Model) -> bool:
    try:
        return holds(constraint.condition, one) is False  # type: ignore[arg-type]
    except CannotTell:
        return False


# --- what only one record may hold ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unique:
    """Attributes that together tell one record, as far as the condition holds."""

    attributes: tuple[str, ...]
    condition: Q | None
    message: Reason

    def of(self, one: Any) -> tuple[Any, ...] | None:
        """The values of the record; None where they bind nobody."""
        values = tuple(getattr(one, name) for name in self.attributes)
        if None in values:
            return None
        try:
            bound = self.condition is None or holds(self.condition, one)
        except CannotTell:
            return None
        return values if bound else None


@cache
def uniques(model: Any) -> tuple[Unique, ...]:
    fields = [field for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    alone = [
        Unique((field.attname,), None, english(field.error_messages["unique"]))
        for field in fields
        if field.name != "ref"
    ]
    together = [
        Unique(
            tuple(model._meta.get_field(name).attname for name in one.fields),
            one.condition,
            english(one.violation_error_message or BROKEN),
        )
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and one.fields
    ]
    return (*alone, *together)


@cache
def asks_derived(model: Any) -> bool:
    """Whether what must be unique follows from other fields."""
    names = {name for unique in uniques(model) for name in unique.attributes}
    return any(field.attname in names and not field.editable for field in model._meta.concrete_fields)


def check_uniques(rows: Sequence[Row], taken: dict[tuple[Any, ...], Place]) -> None:
    """Say which rows hold what another record holds, or an earlier row of the sheet (`taken` remembers those)."""
    model: Any = type(rows[0].instance)
    if asks_derived(model):
        model._default_manager.derive_many([row.instance for row in rows])
    for unique in uniques(model):
        held = {row.number: values for row in rows if (values := unique.of(row.instance)) is not None}
        stored = holders(model, unique, set(held.values())) if held else {}
        for row in rows:
            if row.number in held:
                judge(row, unique, held[row.number], stored, taken)


def judge(
    row: Row, unique: Unique, values: tuple[Any, ...], stored: Mapping[Any, int], taken: dict[tuple[Any, ...], Place]
) -> None:
    text = " · ".join(str(value) for value in values)
    first, line = taken.setdefault((unique.attributes, *values), (row.number, row.line))
    if stored.get(values, row.key) != row.key:
        told = because(TAKEN, text=text) if len(values) > 1 else unique.message
        row.troubles.append(Trouble(told, unique.attributes[0]))
    elif first != row.number:
        row.troubles.append(Trouble(because(REPEATED, row=line, text=text), row=first))


def holders(model: type[Model], unique: Unique, asked: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """{values: key of the record that holds them}, asked by the attribute that tells them apart best."""
    place = max(range(len(unique.attributes)), key=lambda at: len({values[at] for values in asked}))
    found = {}
    rows = model._default_manager.filter(unique.condition or Q()).order_by()
    for some in chunks({values[place] for values in asked}):
        told = rows.filter(**{f"{unique.attributes[place]}__in": some})
        for *values, key in told.values_list(*unique.attributes, "pk"):
            found[tuple(values)] = key
    return found
