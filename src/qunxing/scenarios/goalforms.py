"""What the forms of scenarios and of challenges share: a table of goals under the plain fields."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from qunxing.ledger.forms import RecordForm
from qunxing.scenarios.actions import IndicatorRow
from qunxing.scenarios.rows import (
    COLUMNS,
    RowCells,
    cell_name,
    cells,
    is_new,
    read_row,
    row_errors,
    row_keys,
    stored_rows,
)


class GoalRows(RecordForm):
    """A form whose record has goals; they stand under the reverse name `GOALS`."""

    GOALS: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[str] = []

    def use_rows(self, posted: Iterable[str]) -> None:
        """Hold the goals stored, those named in what was posted, and some empty ones."""
        stored = {row.ref: row for row in stored_rows(self.instance, self.GOALS)}
        self.keys = row_keys(self.instance, self.GOALS, [*posted, *self.data])
        for number, key in enumerate(self.keys, start=1):
            label = _("Core indicator %(number)s") % {"number": number}
            self.fields.update(cells(key, stored.get(key), str(label)))

    @property
    def cell_names(self) -> frozenset[str]:
        return frozenset(cell_name(key, column) for key in self.keys for column in (*COLUMNS, "drop"))

    @property
    def indicator_rows(self) -> list[RowCells]:
        """The rows for the page."""
        return [
            RowCells(
                number,
                [self[cell_name(key, column)] for column in COLUMNS],
                None if is_new(key) else self[cell_name(key, "drop")],
            )
            for number, key in enumerate(self.keys, start=1)
        ]

    def get_context(self) -> dict[str, Any]:
        """The plain fields; the rows stand in a table of their own."""
        context = super().get_context()
        context["fields"] = [pair for pair in context["fields"] if pair[0].name not in self.cell_names]
        return context

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key in self.keys:
            self.check_row(key, cleaned)
        return cleaned

    def check_row(self, key: str, cleaned: Mapping[str, Any]) -> None:
        row = read_row(key, cleaned)
        for column, message in (row_errors(row) if row else {}).items():
            if cell_name(key, column) not in self.errors:
                self.add_error(cell_name(key, column), message)

    @property
    def rows(self) -> list[IndicatorRow] | None:
        """The goals as typed; None when the form does not hold them. A row nobody posted stays as it is."""
        if not self.keys:
            return None
        present = {row.ref: row for row in stored_rows(self.instance, self.GOALS)}
        found = []
        for key in self.keys:
            if key in present and not self.was_posted(key):
                values = {column: getattr(present[key], column) for column in COLUMNS}
                found.append(IndicatorRow(values, key))
            elif row := read_row(key, self.cleaned_data):
                found.append(row)
        return found

    def was_posted(self, key: str) -> bool:
        return any(cell_name(key, column) in self.data for column in COLUMNS)
