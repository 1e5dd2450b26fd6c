"""Goals as rows of the form of what they belong to: one field a cell, so that a conflict is settled cell by cell.

A cell is called ``core_<key>_<column>``; the key is the reference of a stored row, or ``new1`` and so on
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.core.fields import REF_LENGTH
from qunxing.ledger.models import Record
from qunxing.scenarios.actions import IndicatorRow
from qunxing.scenarios.goals import Goal, Operator

COLUMNS = ("name", "operator", "target", "target_high", "unit", "tested_how")
TYPED = tuple(column for column in COLUMNS if column != "operator")
CELL = re.compile(rf"core_([a-z0-9]{{1,12}})_(?:{'|'.join((*COLUMNS, 'drop'))})")
EMPTY_ROWS = 4
MOST_ROWS = 100


def is_new(key: str) -> bool:
    return len(key) != REF_LENGTH


def cell_name(key: str, column: str) -> str:
    return f"core_{key}_{column}"


def stored_rows(parent: Record, goals: str) -> list[Any]:
    """The goals of a record, `goals` being their reverse name: of a version of the past those of its time."""
    if not parent.pk:
        return []
    version = getattr(parent, "_history", None)
    if version is None:
        return list(getattr(parent, goals).all())
    relation: Any = parent._meta.get_field(goals)
    past = relation.related_model.history.as_of(version.history_date).filter(**{relation.field.attname: parent.pk})
    return sorted(past, key=lambda row: (row.position, row.pk))


def row_keys(parent: Record, goals: str, names: Iterable[str]) -> list[str]:
    """The keys of all rows a form must hold: of the version given, stored now, named in what was posted, empty."""
    posted = (found[1] for name in names if (found := CELL.fullmatch(name)))
    past = [row.ref for row in stored_rows(parent, goals)]
    present = getattr(parent, goals).values_list("ref", flat=True) if parent.pk else ()
    empty = (f"new{number}" for number in range(1, EMPTY_ROWS + 1))
    return list(dict.fromkeys([*past, *present, *posted, *empty]))[:MOST_ROWS]


def cells(key: str, row: Goal | None, label: str) -> dict[str, forms.Field]:
    """The form fields of one row; none is required, for an empty row is no row."""
    found: dict[str, forms.Field] = {}
    for column in COLUMNS:
        model_field: Any = Goal._meta.get_field(column)
        field = model_field.formfield(required=False, initial=shown_value(row, column))
        field.label = f"{label} · {field.label}"
        field.help_text = ""
        field.widget.attrs |= {"aria-label": field.label, "class": "input"}
        found[cell_name(key, column)] = field
    found[cell_name(key, "drop")] = forms.BooleanField(required=False, initial=False, label=f"{label} · {_('Remove')}")
    return found


def shown_value(row: Goal | None, column: str) -> Any:
    """The stored value as a person would type it."""
    value = getattr(row, column) if row is not None else None
    if column == "operator":
        return value or Operator.AT_LEAST
    if column in {"target", "target_high"}:
        return "" if value is None else f"{value.normalize():f}"
    return value or ""


@dataclass(frozen=True)
class RowCells:
    """One row for the page: its cells, and the box that removes it, where there is something to remove."""

    number: int
    cells: list[forms.BoundField]
    drop: forms.BoundField | None


def read_row(key: str, cleaned: Mapping[str, Any]) -> IndicatorRow | None:
    """What was typed into a row; None for one that is empty or to be removed."""
    values = {column: cleaned.get(cell_name(key, column)) for column in COLUMNS}
    if cleaned.get(cell_name(key, "drop")) or all(values[column] in (None, "") for column in TYPED):
        return None
    values["operator"] = values["operator"] or Operator.AT_LEAST
    return IndicatorRow(values, "" if is_new(key) else key)


def row_errors(row: IndicatorRow) -> dict[str, Any]:
    """{column: what is wrong} of a row that holds something."""
    values, errors = row.values, {}
    if not values["name"]:
        errors["name"] = _("Name the indicator, or empty the row.")
    if values["target"] is None:
        errors["target"] = _("Give the value that must be reached.")
    between = values["operator"] == Operator.BETWEEN
    if between and values["target_high"] is None:
        errors["target_high"] = _("“Between” needs an upper target.")
    elif not between and values["target_high"] is not None:
        errors["target_high"] = _("Only “between” has an upper target.")
    elif between and values["target"] is not None and values["target_high"] <= values["target"]:
        errors["target_high"] = _("The upper target must be above the lower one.")
    return errors
