"""What a file of answers holds, what it must look like, and what is wrong with it. No Django in here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self, get_args

Value = str | float | None
FieldKind = Literal["label", "text", "number"]


@dataclass(frozen=True)
class Answers:
    """A value of each column for each item; None where there is none."""

    items: tuple[str, ...]
    columns: Mapping[str, tuple[Value, ...]]

    def column(self, name: str, items: Sequence[str]) -> list[Value]:
        """The column's values for these items; None for items and columns that are not there."""
        values = self.columns.get(name)
        if values is None:
            return [None] * len(items)
        if self.items == tuple(items):
            return list(values)
        held = dict(zip(self.items, values, strict=True))
        return [held.get(item) for item in items]


@dataclass(frozen=True)
class Key(Answers):
    """The true values; `strata` names the stratum of each item, or is empty."""

    strata: tuple[str, ...] = ()

    def only(self, items: Sequence[str]) -> Self:
        """The part of the key about these items, in the key's order."""
        if tuple(items) == self.items:
            return self
        wanted = set(items)
        places = [place for place, item in enumerate(self.items) if item in wanted]
        return type(self)(
            tuple(self.items[place] for place in places),
            {name: tuple(values[place] for place in places) for name, values in self.columns.items()},
            tuple(self.strata[place] for place in places) if self.strata else (),
        )


class Wrong(StrEnum):
    """What can be wrong with a file of answers or scores."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    NUL = "nul"
    NO_COLUMN = "no_column"
    UNKNOWN_COLUMN = "unknown_column"
    DOUBLE_COLUMN = "double_column"
    CELLS = "cells"
    NOT_CSV = "not_csv"
    NOT_JSON = "not_json"
    NOT_OBJECT = "not_object"
    TOO_MANY_ROWS = "too_many_rows"
    NO_ITEM = "no_item"
    DOUBLE_ITEM = "double_item"
    UNKNOWN_ITEM = "unknown_item"
    MISSING_ITEM = "missing_item"
    BLANK = "blank"
    NOT_TEXT = "not_text"
    NOT_NUMBER = "not_number"
    NOT_FINITE = "not_finite"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_LABEL = "unknown_label"
    TOO_LONG = "too_long"
    BAD_ZIP = "bad_zip"
    SPREADSHEET = "spreadsheet"
    ENCRYPTED = "encrypted"
    PATH = "path"
    LINK = "link"
    DOUBLE_MEMBER = "double_member"
    MANY_MEMBERS = "many_members"
    BOMB = "bomb"
    FOREIGN_MEMBER = "foreign_member"
    NO_ANSWERS = "no_answers"
    SEVERAL = "several"
    SIGNATURE = "signature"
    OTHER_STATEMENT = "other_statement"


def storable(text: str, most: int = 0) -> str:
    """The text (its beginning) without what no database takes: NUL and halves of characters."""
    cut = text[:most] if most else text
    return cut.encode("utf-8", "replace").decode().replace("\0", "�")


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: rows from 1, the heading being row 1; 0 where no single row is meant.

    `found` and `expected` are data to put into a sentence, `member` the file inside a zip.
    """

    code: Wrong
    row: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""
    item: str = ""
    member: str = ""

    def __post_init__(self) -> None:
        for name in ("column", "found", "item", "member"):
            object.__setattr__(self, name, storable(getattr(self, name)))


class Unreadable(Exception):
    """A file that cannot be read any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Field:
    """One column: labels may be a fixed set, numbers have bounds, texts a greatest length."""

    name: str
    kind: FieldKind = "label"
    labels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int = 20_000
    blank: bool = False


@dataclass(frozen=True)
class Schema:
    """The columns of a file beside the one that names the item; `stratum` names one more, of keys only.

    `may_miss`: items may be left out; what that costs is the matter of the gate's rule.
    """

    fields: tuple[Field, ...]
    item: str = "item"
    stratum: str = ""
    may_miss: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        stratum = (self.stratum,) if self.stratum else ()
        return (self.item, *(field.name for field in self.fields), *stratum)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The schema from what was stored or typed; BadSchema names what cannot stand."""
        listed = data.get("fields")
        if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
            raise BadSchema("fields", listed, "a list of columns")
        fields = tuple(read_field(f"fields.{number}", one) for number, one in enumerate(listed, 1))
        item, stratum = str(data.get("item") or "item").strip(), str(data.get("stratum") or "").strip()
        schema = cls(fields, item, stratum, data.get("may_miss") is True)
        if len(set(schema.names)) != len(schema.names):
            raise BadSchema("fields", ", ".join(schema.names), "names that differ")
        return schema


class BadSchema(ValueError):
    """A part of a schema that cannot stand."""

    def __init__(self, where: str, found: Any, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")
        self.where, self.found, self.expected = where, found, expected


def read_field(where: str, data: Any) -> Field:
    if not isinstance(data, Mapping) or not str(data.get("name") or "").strip():
        raise BadSchema(f"{where}.name", data, "a name")
    kind = data.get("kind", "label")
    if kind not in get_args(FieldKind):
        raise BadSchema(f"{where}.kind", kind, ", ".join(get_args(FieldKind)))
    low, high = (bound(f"{where}.{end}", data.get(end)) for end in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise BadSchema(f"{where}.high", high, f"at least {low:g}")
    longest = data.get("longest", 20_000)
    if not isinstance(longest, int) or not 1 <= longest <= 1_000_000:
        raise BadSchema(f"{where}.longest", longest, "1 to 1000000")
    labels = data.get("labels") or ()
    if isinstance(labels, str) or not all(isinstance(label, str) for label in labels):
        raise BadSchema(f"{where}.labels", labels, "a list of texts")
    name = str(data["name"]).strip()
    return Field(name, kind, tuple(dict.fromkeys(labels)), low, high, longest, data.get("blank") is True)


def bound(where: str, value: Any) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadSchema(where, value, "a number")
    return float(value)


@dataclass(frozen=True)
class Limits:
    """How large a file of answers may be; `ratio` is how many times its packed size a zip may unpack to."""

    file_bytes: int = 200_000_000
    text_bytes: int = 500_000_000
    rows: int = 1_000_000
    members: int = 100_000
    ratio: int = 200
    faults: int = 100


@dataclass(frozen=True)
class Reading:
    """The answers, or what is wrong: the first faults, and how many there are in all.

    `reordered` tells that items came in another order than expected, which is no fault.
    """

    answers: Answers | None
    faults: tuple[Fault, ...] = ()
    total: int = 0
    reordered: bool = False
    missing: int = 0
    strata: tuple[str, ...] = field(default=())

    @property
    def key(self) -> Key | None:
        """What was read, as the key of a test set."""
        return Key(self.answers.items, self.answers.columns, self.strata) if self.answers else None
