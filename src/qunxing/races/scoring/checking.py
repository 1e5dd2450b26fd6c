"""Rows of a file held against a schema, each value turned into what it stands for. No Django in here."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qunxing.races.scoring.values import (
    Answers,
    Fault,
    Field,
    Limits,
    Reading,
    Schema,
    Unreadable,
    Value,
    Wrong,
    storable,
)

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
SHOWN = 60  # characters of a value that a fault repeats


@dataclass(frozen=True)
class Row:
    """One row: its number in the file and its values by column, as texts (csv) or as JSON has them."""

    number: int
    values: Mapping[str, Any]
    member: str = ""


@dataclass
class Findings:
    """Faults as they come: the first are kept, all are counted; `broken` where the file was not read to its end."""

    most: int
    kept: list[Fault] = field(default_factory=list)
    total: int = 0
    broken: bool = False

    def add(self, fault: Fault) -> None:
        self.total += 1
        if len(self.kept) < self.most:
            self.kept.append(fault)


def checked(rows: Iterable[Row | Fault], schema: Schema, expected: Collection[str], limits: Limits) -> Reading:
    """All rows held against the schema; `expected` are the items there must be, none for any."""
    findings = Findings(limits.faults)
    known = set(expected)
    held: dict[str, list[Value]] = {}
    seen: dict[str, int] = {}
    strata: list[str] = []
    for row in readable(rows, findings, limits):
        item = item_of(row, schema, findings, known, seen)
        values = [value_of(row, one, findings) for one in schema.fields]
        if item and item not in held:
            held[item] = values
            strata.append(str(row.values.get(schema.stratum) or "").strip() if schema.stratum else "")
    missing = [item for item in expected if item not in seen]
    if not seen and not findings.total:
        findings.add(Fault(Wrong.EMPTY))
    if not schema.may_miss and not findings.broken:
        for item in missing:
            findings.add(Fault(Wrong.MISSING_ITEM, item=item, found=item))
    if findings.total:
        return Reading(None, tuple(findings.kept), findings.total, missing=len(missing))
    return Reading(
        answers_of(held, schema),
        reordered=bool(known) and list(held) != [item for item in expected if item in held],
        missing=len(missing),
        strata=tuple(strata) if schema.stratum else (),
    )


def readable(rows: Iterable[Row | Fault], findings: Findings, limits: Limits) -> Iterable[Row]:
    """The rows; what could not be read goes to the findings."""
    count = 0
    try:
        for row in rows:
            if isinstance(row, Fault):
                findings.add(row)
                continue
            count += 1
            if count > limits.rows:
                findings.add(Fault(Wrong.TOO_MANY_ROWS, row=row.number, expected=str(limits.rows)))
                return
            yield row
    except Unreadable as unreadable:
        findings.broken = True
        findings.add(unreadable.fault)


def answers_of(held: Mapping[str, list[Value]], schema: Schema) -> Answers:
    columns = {one.name: tuple(values[place] for values in held.values()) for place, one in enumerate(schema.fields)}
    return Answers(tuple(held), columns)


def item_of(row: Row, schema: Schema, findings: Findings, known: set[str], seen: dict[str, int]) -> str:
    """The item that the row is about; empty where it is none, or not for the first time."""
    given = row.values.get(schema.item)
    item = given.strip() if isinstance(given, str) else "" if given is None or is_odd(given) else str(given)
    if not item or item != storable(item):
        findings.add(Fault(Wrong.NO_ITEM, row.number, schema.item, shown(given), member=row.member))
    elif item in seen:
        findings.add(about_item(Wrong.DOUBLE_ITEM, row, schema, item, str(seen[item])))
        return ""
    elif known and item not in known:
        findings.add(about_item(Wrong.UNKNOWN_ITEM, row, schema, item))
    if item:
        seen[item] = row.number
    return item


def about_item(code: Wrong, row: Row, schema: Schema, item: str, expected: str = "") -> Fault:
    return Fault(code, row.number, schema.item, item[:SHOWN], expected, item[:SHOWN], row.member)


def is_odd(value: Any) -> bool:
    """Not a text and not a whole number."""
    return isinstance(value, bool) or not isinstance(value, str | int)


def shown(value: Any) -> str:
    return ("" if value is None else str(value))[:SHOWN]


def value_of(row: Row, one: Field, findings: Findings) -> Value:
    """The value that stands there, None where it is wrong or blank."""
    given = row.values.get(one.name)
    if given is None or (isinstance(given, str) and not given.strip()):
        if not one.blank:
            findings.add(Fault(Wrong.BLANK, row.number, one.name, item=named(row), member=row.member))
        return None if one.kind != "text" or given is None else ""
    wrong, value, expected = (number_in if one.kind == "number" else text_in)(given, one)
    if wrong:
        findings.add(Fault(wrong, row.number, one.name, shown(given), expected, named(row), row.member))
    return None if wrong else value


def named(row: Row) -> str:
    """The item, as far as the row tells: its first value."""
    return shown(next(iter(row.values.values()), ""))


Judged = tuple[Wrong | None, Value, str]


def text_in(given: Any, one: Field) -> Judged:
    """A label or a text, labels without the spaces around them."""
    if is_odd(given) or (isinstance(given, str) and given != storable(given)):
        return Wrong.NOT_TEXT, None, ""
    text = str(given).strip() if one.kind == "label" else str(given)
    if len(text) > one.longest:
        return Wrong.TOO_LONG, None, str(one.longest)
    if one.labels and text not in one.labels:
        return Wrong.UNKNOWN_LABEL, None, ", ".join(one.labels)[:400]
    return None, text, ""


def number_in(given: Any, one: Field) -> Judged:
    """A finite number within its bounds."""
    if isinstance(given, str):
        text = given.strip()
        if NOT_FINITE.fullmatch(text):
            return Wrong.NOT_FINITE, None, ""
        if len(text) > 400 or not NUMBER.fullmatch(text):
            return Wrong.NOT_NUMBER, None, ""
        number = float(text)
    elif isinstance(given, bool) or not isinstance(given, int | float):
        return Wrong.NOT_NUMBER, None, ""
    else:
        number = float(given) if abs(given) < 1e300 else math.inf
    if not math.isfinite(number):
        return Wrong.NOT_FINITE, None, ""
    if (one.low is not None and number < one.low) or (one.high is not None and number > one.high):
        return Wrong.OUT_OF_RANGE, None, span(one)
    return None, number, ""


def span(one: Field) -> str:
    low, high = ("" if end is None else f"{end:g}" for end in (one.low, one.high))
    return f"{low}…{high}"
