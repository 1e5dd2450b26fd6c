"""What an app says of one of its lists; no query is run here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.enums import ChoicesType

from qunxing.core.errors import Text

Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Cell:
    """One shown value: `text` is what a person reads, and an export writes too unless `value` is given."""

    text: Text = ""
    kind: str = "text"
    url: str = ""
    tone: str = "default"
    value: Any = None

    @property
    def exported(self) -> Any:
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class Column:
    """One column. `sort` names the fields that order it; a column is left out where `permitted` says no."""

    name: str
    label: Text
    cell: Callable[[Any], Any]
    kind: str = "text"
    sort: tuple[str, ...] = ()
    shown: bool = True
    permitted: Callable[[Any], bool] = lambda _user: True

    def read(self, row: Any) -> Cell:
        value = self.cell(row)
        if isinstance(value, Cell):
            return value
        return Cell(kind=self.kind, text="" if value is None else value, value=value)


@dataclass(frozen=True)
class Filter:
    """One filter; `apply` narrows the rows by the chosen values: never empty, and known to be allowed.

    `field` is the row's own field that it reads and nothing else: such a filter can be asked of past versions, too.
    """

    name: str
    label: Text
    apply: Callable[[QuerySet[Any], Sequence[str]], QuerySet[Any]]
    options: Callable[[Any], Options] = lambda _user: ()
    kind: str = "choice"
    prominent: bool = False
    field: str = ""


@dataclass(frozen=True)
class ListSpec:
    """One list of one ledger.

    `rows(user)` gives what the user may see; `fetch` adds what the cells need (select_related, annotations) to the
    rows of one page only; `search` narrows by words; `order` is the fields of the standing order, unique at its end.
    """

    code: str
    title: Text
    model: type[Model]
    rows: Callable[[Any], QuerySet[Any]]
    columns: tuple[Column, ...]
    url_name: str
    search: Callable[[QuerySet[Any], str], QuerySet[Any]]
    order: tuple[str, ...] = ("-pk",)
    filters: tuple[Filter, ...] = ()
    fetch: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    icon: str = "database"
    create_url_name: str = ""
    create_permission: str = ""
    empty_title: Text = ""
    empty_hint: Text = ""
    tags: frozenset[str] = field(default_factory=frozenset)

    def permitted_columns(self, user: Any) -> list[Column]:
        return [column for column in self.columns if column.permitted(user)]


def choice_filter(name: str, label: Text, choices: ChoicesType, lookup: str = "", *, prominent: bool = False) -> Filter:
    """Any of the values of an enumeration."""
    path = f"{lookup or name}__in"

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        return rows.filter(**{path: values})

    return Filter(name, label, apply, lambda _user: list(choices.choices), prominent=prominent, field=lookup or name)


def code_filter(name: str, label: Text, options: Callable[[Any], Options], lookup: str = "", **more: Any) -> Filter:
    """Any of the codes of a `CodesField`."""
    path = f"{lookup or name}__has_code"

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        return rows.filter(any_of({path: value} for value in values))

    return Filter(name, label, apply, options, field=lookup or name, **more)


def flag_filter(name: str, label: Text, yes: Q, options: Options) -> Filter:
    """A condition that holds (``yes``) or does not (``no``)."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        if set(values) >= {"yes", "no"}:
            return rows
        return rows.filter(yes) if "yes" in values else rows.exclude(yes)

    return Filter(name, label, apply, lambda _user: options)


def day_filter(name: str, label: Text, lookup: str) -> Filter:
    """From a day (first value) to a day (second), either of them open."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        bounds = zip(("gte", "lte"), [*values, "", ""], strict=False)
        found = {f"{lookup}__{side}": date.fromisoformat(text) for side, text in bounds if text}
        return rows.filter(**found)

    return Filter(name, label, apply, kind="days", field=lookup)


def on_day_filter(name: str, label: Text, holding: Callable[[QuerySet[Any], date], QuerySet[Any]]) -> Filter:
    """The rows that held on one day, by the facts' own dates."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        return holding(rows, date.fromisoformat(values[0]))

    return Filter(name, label, apply, kind="day")


def any_of(conditions: Iterable[dict[str, Any]]) -> Q:
    together = Q()
    for condition in conditions:
        together |= Q(**condition)
    return together
