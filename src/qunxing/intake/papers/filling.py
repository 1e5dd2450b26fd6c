"""A record as a template sees it: the columns of its sheet as text, and nothing else of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.core.formats import show_isoday
from qunxing.core.masking import STARS
from qunxing.core.money import MoneyRange, show_money, show_range
from qunxing.core.sheets import Parts, SheetColumn, SheetSpec, Value
from qunxing.intake.papers.names import field_of, fields_of, related_of, target_of
from qunxing.intake.sheets.values import kind_of, text_of, value_of

MOST_RELATED = 500


class UnknownName(Refused):
    """A template asks for what its sheet does not have."""

    def __init__(self, name: str, spec: SheetSpec) -> None:
        known = ", ".join([*fields_of(spec), *related_of(spec.code)])
        words = {"name": name, "sheet": spec.label}
        super().__init__(
            _("The template asks for “%(name)s”, which “%(sheet)s” does not have.") % words,
            _("There is: %(known)s.") % {"known": known},
            422,
        )


class Filled:
    """One record; its attributes are texts, further records of the reader's, or lists of them."""

    __slots__ = ("_record", "_spec", "_user")

    def __init__(self, record: Any, spec: SheetSpec, user: Any) -> None:
        self._record, self._spec, self._user = record, spec, user

    def __str__(self) -> str:
        return str(self._record)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        column = fields_of(self._spec).get(name)
        if column is not None:
            return self._value(column)
        if name in related_of(self._spec.code):
            return self._related(name)
        raise UnknownName(name, self._spec)

    def _value(self, column: SheetColumn) -> Any:
        if column.personal and not (self._spec.see and self._user.has_perm(self._spec.see, self._record)):
            return STARS
        target = target_of(self._spec, column)
        if column.parts is not None:
            return listed(self._record, column.parts, self._user)
        if target is None:
            return shown(self._spec, column, self._record)
        key = getattr(self._record, f"{column.name}_id")
        field = field_of(self._spec, column).target_field.name
        found = target.model.objects.visible_to(self._user).filter(**{field: key}).first() if key else None
        if found is not None:
            return Filled(found, target, self._user)
        return str(getattr(self._record, column.otherwise)) if column.otherwise else Nothing()

    def _related(self, name: str) -> list["Filled"]:
        spec, key = related_of(self._spec.code)[name]
        rows = spec.model.objects.visible_to(self._user).filter(**{key: self._record.pk})
        return [Filled(row, spec, self._user) for row in rows[:MOST_RELATED]]


class Nothing:
    """A reference that is empty, or that the reader may not see: whatever is asked of it is empty, too."""

    def __str__(self) -> str:
        return ""

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Any:
        return iter(())


def listed(record: Any, parts: Parts, user: Any) -> str:
    """What hangs on the record, as far as the reader may see it."""
    rows = parts.model.objects.visible_to(user).filter(**{parts.parent: record.pk}, **parts.fixed)
    return "、".join(str(getattr(row, parts.names)) for row in rows[:MOST_RELATED])


def shown(spec: SheetSpec, column: SheetColumn, record: Any) -> str:
    """The value as a letter has it: amounts and days in words of their own, the rest as a workbook shows it."""
    value = getattr(record, column.name)
    if isinstance(value, MoneyRange):
        return show_range(value)
    if kind_of(spec, column) is Value.YUAN and value is not None:
        return show_money(value)
    if isinstance(value, date) and not column.precision:
        return show_isoday(value)
    return text_of(spec, column, value_of(spec, column, record))


def filled_words(records: Iterable[Any], spec: SheetSpec, *, user: Any, day: date) -> dict[str, Any]:
    """What a template is filled with: `record` the first, `records` all, `today`, and `maker`, who has it filled."""
    rows = [Filled(record, spec, user) for record in records]
    return {"record": rows[0], "records": rows, "today": show_isoday(day), "maker": str(user), "count": len(rows)}
