"""The names by which a template asks for values: those of the sheets, so that no ledger says them twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from qunxing.core.errors import Text
from qunxing.core.sheets import SheetColumn, SheetSpec, sheet_of, sheets
from qunxing.intake.sheets.values import heading_of

DEEPEST = 2  # references that are followed: record.organization.name


@dataclass(frozen=True)
class Placeholder:
    """What may stand in a template; `many` where it is a list to go through, `personal` where some see stars."""

    path: str
    heading: Text
    many: bool = False
    personal: bool = False


def field_of(spec: SheetSpec, column: SheetColumn) -> Any:
    """The model's field of the column, None where it is an amount or hangs on the record."""
    try:
        return spec.model._meta.get_field(column.name)
    except FieldDoesNotExist:
        return None


def fields_of(spec: SheetSpec) -> dict[str, SheetColumn]:
    return {column.name: column for column in spec.columns}


def target_of(spec: SheetSpec, column: SheetColumn) -> SheetSpec | None:
    """The sheet of the records that the column refers to."""
    field = field_of(spec, column)
    return sheet_of(field.related_model) if field is not None and field.is_relation else None


@cache
def related_of(code: str) -> dict[str, tuple[SheetSpec, str]]:
    """{name: (sheet, its foreign key)} of the records of other sheets that refer to records of the sheet."""
    found: dict[str, tuple[SheetSpec, str]] = {}
    for spec in sheets().values():
        for column in spec.columns:
            target = target_of(spec, column)
            if target is not None and target.code == code != spec.code:
                found.setdefault(spec.code.replace("-", "_"), (spec, column.name))
    return found


def placeholders(spec: SheetSpec, root: str = "record") -> Iterator[Placeholder]:
    """Every name that a template of this sheet may use, what it refers to included."""
    yield from names_under(spec, root, DEEPEST)
    for name, (other, _key) in related_of(spec.code).items():
        yield Placeholder(f"{root}.{name}", other.label, many=True)


def names_under(spec: SheetSpec, root: str, depth: int) -> Iterator[Placeholder]:
    for column in spec.columns:
        path = f"{root}.{column.name}"
        yield Placeholder(path, heading_of(spec, column), personal=column.personal)
        target = target_of(spec, column)
        if target is not None and depth > 1:
            yield from names_under(target, path, depth - 1)
