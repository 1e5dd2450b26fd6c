"""What the cells of a column say: from a cell to a value, from a value to the text that a workbook shows.

The values of each kind, None or empty where the cell is:
  text, code: str; number, yuan: int; decimal: Decimal; money: MoneyRange; day: ParsedDay; yes: bool;
  choice: the code; codes: a sorted tuple of codes;
  reference: the text as it stands, to be found by the sheet it refers to;
  parts: a tuple of such texts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any

from django.utils.translation import get_language, override

from qunxing.core.dates import ParsedDay, parse_day
from qunxing.core.exports import cut, is_cut
from qunxing.core.formfields import money_text
from qunxing.core.money import CURRENCIES, MoneyRange
from qunxing.core.reasons import Unreadable
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.intake.sheets.columns import LANGUAGES, NO, YES, field_of, heading_of, kind_of, names_of, options_of
from qunxing.intake.sheets.parts import join_parts
from qunxing.intake.sheets.readers import Reader, reader_of

__all__ = [
    "Reader",
    "fields_of",
    "from_json",
    "getter_of",
    "heading_of",
    "holds_cut",
    "is_empty",
    "kind_of",
    "names_of",
    "options_of",
    "reader_of",
    "same_of",
    "teller_of",
    "text_of",
    "to_json",
    "value_of",
]
DAY_LENGTH = {"day": 10, "month": 7, "year": 4}
AMOUNT = ("low", "high", "low_open", "high_open", "undisclosed")


def is_empty(value: Any) -> bool:
    """Whether a cell told nothing."""
    return value is None or value in ("", ())


def text_of(spec: SheetSpec, column: SheetColumn, value: Any) -> str:
    """The value as a workbook shows it in the reader's language; reading the text gives the same value."""
    return teller_of(spec, column)(value)


def teller_of(spec: SheetSpec, column: SheetColumn) -> Callable[[Any], str]:
    """`text_of` for many values of the column, its vocabulary looked up once."""
    kind = kind_of(spec, column)
    words = options_of(spec, column) if kind in (Value.CHOICE, Value.CODES, Value.YES) else {}
    labels = {code: said[0] for code, said in words.items()}
    tell = TELLERS.get(kind)
    return lambda value: "" if is_empty(value) else tell(labels, value) if tell else str(value)


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _codes(labels: Mapping[str, str], codes: Sequence[str]) -> str:
    return ("、" if _chinese() else "; ").join(labels.get(code, code) for code in codes)


def _amount(money: MoneyRange) -> str:
    if not money.undisclosed:
        return money_text(money)
    told = CURRENCIES[money.currency][0] if _chinese() else f" {money.currency}"
    return f"{'未披露' if _chinese() else 'undisclosed'}{told if money.currency != 'CNY' else ''}"


def _figures(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


TELLERS: Mapping[Value, Callable[[Mapping[str, str], Any], str]] = {
    Value.CHOICE: lambda labels, code: labels.get(str(code), str(code)),
    Value.CODES: _codes,
    Value.YES: lambda labels, value: labels[YES if value else NO],
    Value.PARTS: lambda _labels, value: join_parts(value),
    Value.MONEY: lambda _labels, value: _amount(value),
    Value.DAY: lambda _labels, value: value.low.isoformat()[: DAY_LENGTH[value.precision]],
    Value.DECIMAL: lambda _labels, value: _figures(value),
}


def value_of(spec: SheetSpec, column: SheetColumn, record: Any) -> Any:
    """The stored value of the column; the key of a record referred to, and nothing of parts."""
    return getter_of(spec, column)(record)


def getter_of(spec: SheetSpec, column: SheetColumn) -> Callable[[Any], Any]:
    """`value_of` for many records."""
    kind, field = kind_of(spec, column), field_of(spec, column)
    if kind is Value.PARTS:
        return lambda _record: ()
    if kind is Value.MONEY:
        return partial(_stored_amount, column.name)
    if kind is Value.DAY:
        return partial(_stored_day, field.attname, column.precision)
    return attrgetter(field.attname)


def _stored_day(name: str, precision: str, record: Any) -> ParsedDay | None:
    day: date | None = getattr(record, name)
    known = getattr(record, precision) if precision else "day"
    if day is None:
        return None
    return ParsedDay(day, day) if known == "day" else parse_day(day.isoformat()[: DAY_LENGTH[known]])


def _stored_amount(prefix: str, record: Any) -> MoneyRange | None:
    """The amount in these columns; None where nothing is known of it, not even the currency."""
    low, high, low_open, high_open, undisclosed = (getattr(record, f"{prefix}_{part}", None) for part in AMOUNT)
    currency = getattr(record, "currency", "CNY")
    if low is None and high is None and currency == "CNY" and not undisclosed:
        return None
    return MoneyRange(low, high, currency, bool(low_open), bool(high_open))


def fields_of(spec: SheetSpec, column: SheetColumn, value: Any) -> dict[str, Any]:
    """{attribute of the record: what it takes} for a value; for a reference give the key, parts have none.

    Nothing for an empty value where the field must have one: it keeps what it has.
    """
    kind, field = kind_of(spec, column), field_of(spec, column)
    if kind is Value.PARTS:
        return {}
    if kind is Value.MONEY:
        return _amount_fields(spec, column.name, value)
    if is_empty(value) and not (field.null or field.blank):
        return {}
    if kind is Value.DAY:
        return _day_fields(spec, column, value)
    return {field.attname: None if is_empty(value) and field.null else value}


def _day_fields(spec: SheetSpec, column: SheetColumn, day: ParsedDay | None) -> dict[str, Any]:
    found: dict[str, Any] = {column.name: day.low if day else None}
    if column.precision:
        found[column.precision] = day.precision if day else spec.model._meta.get_field(column.precision).get_default()
    return found


def _amount_fields(spec: SheetSpec, prefix: str, money: MoneyRange | None) -> dict[str, Any]:
    told = money or MoneyRange(None, None)
    undisclosed = money is not None and money.undisclosed
    parts = zip(AMOUNT, (told.low, told.high, told.low_open, told.high_open, undisclosed), strict=True)
    found = {f"{prefix}_{part}": value for part, value in parts} | {"currency": told.currency}
    names = {field.name for field in spec.model._meta.concrete_fields}
    return {name: value for name, value in found.items() if name in names}


def same_of(spec: SheetSpec, column: SheetColumn) -> Callable[[Any, Any], bool]:
    """Whether a value as read says what is stored, which may hold spaces or marks that reading does not keep."""
    read = reader_of(spec, column)

    def same(found: Any, stored: Any) -> bool:
        if found == stored or (is_empty(found) and is_empty(stored)):
            return True
        try:
            told = text_of(spec, column, stored)
            return bool(read(told) == found) or (holds_cut(found) and found in map(read, cuts_of(told)))
        except Unreadable:
            return False

    return same


def holds_cut(value: Any) -> bool:
    """Whether the value is the beginning of a text that no cell of a workbook could hold."""
    return isinstance(value, str) and is_cut(value)


def cuts_of(text: str) -> Iterator[str]:
    """The text as workbooks of any language hold it."""
    for language in LANGUAGES:
        with override(language):
            yield cut(text)


def to_json(value: Any) -> Any:
    """A value as plain data; `from_json` reads it back."""
    if isinstance(value, MoneyRange):
        return [value.low, value.high, value.currency, value.low_open, value.high_open]
    if isinstance(value, ParsedDay):
        return value.low.isoformat()[: DAY_LENGTH[value.precision]]
    if isinstance(value, Decimal):
        return _figures(value)
    return list(value) if isinstance(value, tuple) else value


def from_json(kind: Value, data: Any) -> Any:
    if data is None:
        return None
    if kind is Value.MONEY:
        return MoneyRange(*data)
    if kind is Value.DAY:
        return parse_day(data)
    if kind is Value.DECIMAL:
        return Decimal(data)
    return tuple(data) if isinstance(data, list) else data
