"""How the records of a ledger stand in a table that staff keep: each app declares it as plain data in `sheets.py`.

A column is a field of the record; what the field itself tells (its kind, label, choices, validators) is not said again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from django.db.models import QuerySet

from qunxing.core.chunks import chunks
from qunxing.core.errors import Text
from qunxing.core.specs import declared

Found = Mapping[str, tuple[int, ...]]
Fold = Callable[[str], str]


class Value(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"  # digits that are no number: a cell that a spreadsheet has rounded is refused
    NUMBER = "number"
    DECIMAL = "decimal"
    YUAN = "yuan"  # whole units of money, read with 万, 亿 or the unit in the heading
    MONEY = "money"  # an amount or a range with its currency: several fields of the record under one name
    DAY = "day"
    CHOICE = "choice"
    CODES = "codes"
    YES = "yes"
    REFERENCE = "reference"
    PARTS = "parts"  # records that hang on this one, told by what they name


@dataclass(frozen=True)
class Parts:
    """The records that name the row's by `parent` and hold the `fixed` values; the cell lists their `names`.

    `names` is a field of text, or a foreign key whose record is then told as a reference is.
    """

    model: type[Any]
    parent: str
    names: str
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetColumn:
    """One column; `name` is the field, the attribute of an amount, or a word of its own for parts.

    `heading` and `value` are told by the field where they are left out. `precision` names the field that says how much
    of a day is known, `otherwise` the one that takes the text of a reference that is on no ledger. `options` gives
    {code: its words, the label first} of a choice or of codes where the field does not know them.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    heading: Text = ""
    value: Value | None = None
    required: bool = False
    precision: str = ""
    otherwise: str = ""
    parts: Parts | None = None
    personal: bool = False
    note: Text = ""
    example: str = ""
    options: Callable[[], Mapping[str, Sequence[Text]]] | None = None


def words(text: str) -> tuple[str, ...]:
    """Synonyms written one after the other: 名称、企业名称、company name."""
    return tuple(text.split("、"))


@dataclass(frozen=True)
class Written:
    """A record as a batch leaves it: `old` is {field: value} of what it changed, empty for a record it added.

    `listed` are the columns of parts of which it added or took away any.
    """

    record: Any
    old: Mapping[str, Any]
    day: date
    added: bool = False
    listed: Collection[str] = ()


@dataclass(frozen=True)
class Beside:
    """What to write along with records: those to add, and stored ones of one kind with the fields that changed."""

    added: Sequence[Any] = ()
    changed: Sequence[tuple[Sequence[Any], Sequence[str]]] = ()


def no_more(_written: Sequence[Written]) -> Beside:
    """No further records."""
    return Beside()


def nothing_wrong(_record: Any) -> None:
    """Every record is as it should be, as far as its fields and constraints do not say otherwise."""


@dataclass(frozen=True)
class SheetSpec:
    """The records of one kind as a sheet.

    `keys` are the columns that together tell one record, tried in this order; an empty cell tells nothing. `find` gives
    the keys of the records that a text names, by code, number or name, among the rows it is given: so other sheets
    refer to them. `beside` gives further records to write with those written, such as the name a firm bore until now.
    `see` and `add` and `change` are the permissions of the ledger's own pages. `told` is how other sheets name a
    record, read with what `joins` names; `find` takes it, and where it names several, the record's `ref` names the one.
    """

    code: str
    label: Text
    model: type[Any]
    columns: tuple[SheetColumn, ...]
    keys: tuple[tuple[str, ...], ...]
    find: Callable[[QuerySet[Any], Iterable[str]], Found]
    add: str
    change: str
    see: str = ""
    icon: str = "table"
    beside: Callable[[Sequence[Written]], Beside] = no_more
    told: Callable[[Any], str] = str
    joins: tuple[str, ...] = ()
    check: Callable[[Any], None] = nothing_wrong

    def column(self, name: str) -> SheetColumn:
        return next(column for column in self.columns if column.name == name)


@cache
def sheets() -> dict[str, SheetSpec]:
    """The sheets of all apps by code, lowest app first."""
    return {spec.code: spec for spec in declared("sheets", "SHEETS")}


@cache
def sheet_of(model: type[Any]) -> SheetSpec | None:
    """The sheet whose records are of this kind."""
    return next((spec for spec in sheets().values() if spec.model is model), None)


def as_it_is(text: str) -> str:
    return text


def found_by(**paths: Fold) -> Callable[[QuerySet[Any], Iterable[str]], Found]:
    """A `find` by these lookups, each with what makes a text comparable: the first that names a record decides."""

    def find(rows: QuerySet[Any], texts: Iterable[str]) -> Found:
        found: dict[str, tuple[int, ...]] = {}
        open_texts = dict.fromkeys(texts)
        for path, fold in paths.items():
            keys = keys_by(rows, path, {folded for text in open_texts if (folded := fold(text))})
            found |= {text: keys[fold(text)] for text in open_texts if fold(text) in keys}
            open_texts = {text: None for text in open_texts if text not in found}
        return found

    return find


def keys_by(rows: QuerySet[Any], path: str, values: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """{value: keys of the rows that hold it}, for values that some row holds."""
    found = defaultdict(set)
    for some in chunks(values):
        pairs = rows.filter(**{f"{path}__in": some}).order_by().values_list(path, "pk")
        for value, key in pairs:
            found[value].add(key)
    return {value: tuple(sorted(keys)) for value, keys in found.items()}
