"""From a cell to a value, one reader for each kind of column."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from qunxing.core.dates import ParsedDay, parse_day
from qunxing.core.exports import is_cut
from qunxing.core.money import MoneyRange, parse_money
from qunxing.core.numerals import read_numeral
from qunxing.core.reasons import Reason, Unreadable, because, in_a_row
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.core.text import fold, fold_name, shorten, tidy
from qunxing.intake.cells import as_text, has_lost_digits
from qunxing.intake.reading import Cell
from qunxing.intake.sheets.columns import NO, YES, codes_by_word, field_of, kind_of, options_in
from qunxing.intake.sheets.parts import split_parts

Reader = Callable[[Cell], Any]
REMEMBERED = 20_000  # different cells of a column
SHOWN = 40
FEW = 12
NOTHING = frozenset({"-", "--", "---", "—", "——", "－", "－－", "/", "无"})
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
BREAK = re.compile(r"\s*[\r\n\t\u2028\u2029]+\s*")
DOMAIN = re.compile(r"[^\s/:@]+\.[^\s/:@.\d][^\s/:@.]+(?::\d+)?(?:[/?#]\S*)?")
SEPARATORS = re.compile(r"[、，,;；/|\n]")
BARE_NUMBER = re.compile(r"[+-]?[\d,，]*\.?\d+")

TOO_LONG = _("This has %(found)s characters; at most %(most)s are kept. It begins: “%(begin)s”.")
CUT = _(
    "The cell holds but the beginning of a text that is too long for a workbook. "
    "Change the text on the page of its record, or in an export as csv."
)
LOST_DIGITS = _(
    "The file keeps “%(found)s” as a number, whose last digits a spreadsheet has lost. "
    "Give the column the format Text and enter it again."
)
NO_CODE = _("“%(found)s” is a number with a fraction; a code is expected.")
NO_NUMBER = _("“%(found)s” is no number.")
NO_WHOLE_NUMBER = _("“%(found)s” is no whole number.")
NO_YES = _("“%(found)s” is neither yes nor no.")
NO_SUCH_WORD = _("“%(found)s” is not in the vocabulary. Expected is one of: %(expected)s.")
NOT_VALID = _("“%(found)s”: %(why)s")
NO_DAY_TOLD = _("“%(found)s” tells no day; here the day itself is expected.")
REMARK_BESIDE = _("Beside the day stands “%(remark)s”. Move it to a column of its own.")
NO_AMOUNT = _("“%(found)s” is not one amount; here one number of yuan is expected.")
FOREIGN_MONEY = _("“%(found)s” is in %(currency)s; here yuan are expected.")
OPEN_AMOUNT = _("“%(found)s” is not exact; here an amount or a range of amounts is expected.")


class Remembering:
    """A reader that reads a cell like one before it no second time."""

    def __init__(self, read: Reader) -> None:
        self.read = read
        self.known: dict[Any, Any] = {}

    def __call__(self, cell: Cell) -> Any:
        key = cell if cell.__class__ is str else (cell.__class__, cell)
        if key in self.known:
            return self.known[key]
        value = self.read(cell)
        if len(self.known) < REMEMBERED:
            self.known[key] = value
        return value


def reader_of(spec: SheetSpec, column: SheetColumn, unit: str = "") -> Reader:
    """What turns a cell into a value, remembering what it read; `unit` stands behind bare numbers (万元, 千美元).

    The reader raises `core.reasons.Unreadable`, whose reason says what was found and what is expected.
    """
    return Remembering(READERS[kind_of(spec, column)](spec, column, unit))


def plain(cell: Cell) -> str:
    """The cell as text without what cannot be seen; a dash that stands for nothing is nothing."""
    text = CONTROL.sub("", as_text(cell)).strip()
    return "" if text in NOTHING or not tidy(text) else text


def refuse(msgid: str, text: str, **values: str | int | Reason) -> Unreadable:
    return Unreadable(because(msgid, found=shorten(" ".join(text.split()), SHOWN), **values))


def text_reader(spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    return partial(_text, field_of(spec, column))


def _text(field: Any, cell: Cell) -> str | None:
    text = plain(cell)
    if not text:
        return None if field is not None and field.null else ""
    if isinstance(field, models.URLField) and "://" not in text and DOMAIN.fullmatch(text):
        text = f"https://{text}"  # as the forms have it
    text = text.replace("\r\n", "\n").replace("\r", "\n") if is_prose(field) else BREAK.sub(" ", text)
    return str(checked(field, text, text))


def is_prose(field: Any) -> bool:
    return field is None or isinstance(field, models.TextField)


def checked(field: Any, value: Any, text: str) -> Any:
    """The value as the field's own checks leave it; Unreadable with what they say."""
    if field is None or value is None:
        return value
    for check in field.validators:
        if isinstance(check, MaxLengthValidator):
            continue
        try:
            value = check(value) or value
        except ValidationError as error:
            raise refuse(NOT_VALID, text, why=said_of(error)) from error
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise too_long(value, field.max_length)
    return value


def too_long(text: str, most: int) -> Unreadable:
    return Unreadable(because(TOO_LONG, found=len(text), most=most, begin=shorten(text, 20)))


def said_of(error: ValidationError) -> Reason:
    """The first complaint as a reason that can be read in any language."""
    first = error.error_list[0]
    with override("en"):
        msgid = str(first.message)
    params = first.params or {}
    return because(msgid, **{name: value if isinstance(value, int) else str(value) for name, value in params.items()})


def code_reader(spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    return partial(_code, field_of(spec, column))


def _code(field: Any, cell: Cell) -> str | None:
    if has_lost_digits(cell):
        raise refuse(LOST_DIGITS, as_text(cell))
    if isinstance(cell, float) and not cell.is_integer():
        raise refuse(NO_CODE, as_text(cell))
    return _text(field, cell)


def number_reader(spec: SheetSpec, column: SheetColumn, unit: str) -> Reader:
    return partial(_number, field_of(spec, column), unit)


def _number(field: Any, unit: str, cell: Cell) -> int | None:
    value = _decimal(None, unit, cell)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise refuse(NO_WHOLE_NUMBER, as_text(cell))
    return int(checked(field, int(value), as_text(cell)))


def decimal_reader(spec: SheetSpec, column: SheetColumn, unit: str) -> Reader:
    return partial(_decimal, field_of(spec, column), unit)


def _decimal(field: Any, unit: str, cell: Cell) -> Decimal | None:
    text = plain(cell)
    if not text:
        return None
    # A spreadsheet shows no more than fifteen digits of a number.
    bare = format(Decimal(format(cell, ".15g")), "f") if isinstance(cell, float) else fold(text).replace(" ", "")
    value = read_numeral(f"{bare.lstrip('+-')}{unit}" if BARE_NUMBER.fullmatch(bare) else bare)
    if value is None or isinstance(cell, bool | date):
        raise refuse(NO_NUMBER, text)
    return Decimal(checked(field, -value if bare.startswith("-") else value, text))


def money_reader(spec: SheetSpec, column: SheetColumn, unit: str) -> Reader:
    fields = {field.name: field for field in spec.model._meta.concrete_fields}
    return partial(_money, column.name, fields, unit)


def _money(prefix: str, fields: Mapping[str, Any], unit: str, cell: Cell) -> MoneyRange | None:
    text = plain(cell)
    money = amount_of(text, unit, cell)
    if money is None:
        return None
    if "currency" not in fields and money.currency != "CNY":
        raise refuse(FOREIGN_MONEY, text, currency=money.currency)
    if f"{prefix}_low_open" not in fields and (money.low_open or money.high_open):
        raise refuse(OPEN_AMOUNT, text)
    if money.undisclosed and money.currency == "CNY" and f"{prefix}_undisclosed" not in fields:
        return None  # what is not disclosed is kept as what is not known
    for end in (money.low, money.high):
        checked(fields[f"{prefix}_low"], end, text)
    return money


def amount_of(text: str, unit: str, cell: Cell) -> MoneyRange | None:
    """The amount of a cell; the unit stands behind a bare number only."""
    if isinstance(cell, bool | date):
        raise refuse(NO_NUMBER, text)
    bare = format(Decimal(format(cell, ".15g")), "f") if isinstance(cell, float) else text
    return parse_money(f"{bare}{unit}" if unit and BARE_NUMBER.fullmatch(fold(bare).replace(" ", "")) else bare)


def yuan_reader(spec: SheetSpec, column: SheetColumn, unit: str) -> Reader:
    return partial(_yuan, field_of(spec, column), unit)


def _yuan(field: Any, unit: str, cell: Cell) -> int | None:
    text = plain(cell)
    money = amount_of(text, unit, cell)
    if money is None or money.undisclosed:
        return None
    if money.currency != "CNY":
        raise refuse(FOREIGN_MONEY, text, currency=money.currency)
    if money.amount is None:
        raise refuse(NO_AMOUNT, text)
    return int(checked(field, money.amount, text))


def day_reader(_spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    return partial(_day, bool(column.precision))


def _day(rough: bool, cell: Cell) -> ParsedDay | None:
    text = plain(cell)
    if not text:
        return None
    told = cell if isinstance(cell, float | date) and not isinstance(cell, bool) else text
    day = parse_day(told, serials=True)
    if day.note:
        raise Unreadable(because(REMARK_BESIDE, remark=shorten(day.note, SHOWN)))
    if day.precision != "day" and not rough:
        raise refuse(NO_DAY_TOLD, text)
    return day


def choice_reader(spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    field = field_of(spec, column)
    empty = None if field is not None and field.null else ""
    return partial(_choice, codes_by_word(spec, column), _few(spec, column), empty)


def _few(spec: SheetSpec, column: SheetColumn) -> Reason:
    labels = [words[0] for words in options_in(spec, column).values()]
    return in_a_row(labels[:FEW] + ["…"] * (len(labels) > FEW))


def _choice(codes: Mapping[str, str], few: Reason, empty: str | None, cell: Cell) -> str | None:
    text = plain(cell)
    if not text:
        return empty
    code = codes.get(fold_name(text))
    if code is None:
        raise refuse(NO_SUCH_WORD, text, expected=few)
    return code


def codes_reader(spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    return partial(_codes, codes_by_word(spec, column), _few(spec, column))


def _codes(codes: Mapping[str, str], few: Reason, cell: Cell) -> tuple[str, ...]:
    found, rest = set(), SEPARATORS.split(plain(cell))
    while rest:
        taken, code = _longest(codes, rest)
        if code is None and rest[0].strip():
            raise refuse(NO_SUCH_WORD, rest[0], expected=few)
        found |= {code} if code else set()
        rest = rest[taken:]
    return tuple(sorted(found))


def _longest(codes: Mapping[str, str], pieces: list[str]) -> tuple[int, str | None]:
    """How many pieces make up the longest word of the vocabulary, for a word may hold a comma itself."""
    for taken in range(min(len(pieces), 4), 0, -1):
        if code := codes.get(fold_name(",".join(pieces[:taken]))):
            return taken, code
    return 1, None


def yes_reader(spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    return partial(_yes, codes_by_word(spec, column))


def _yes(codes: Mapping[str, str], cell: Cell) -> bool | None:
    if isinstance(cell, bool):
        return cell
    text = CONTROL.sub("", as_text(cell)).strip()
    answer = codes.get(fold_name(text))
    if answer is None and plain(cell):
        raise refuse(NO_YES, text)
    return {YES: True, NO: False}.get(answer or "")


def reference_reader(_spec: SheetSpec, _column: SheetColumn, _unit: str) -> Reader:
    return _reference


def _reference(cell: Cell) -> str:
    if has_lost_digits(cell):
        raise refuse(LOST_DIGITS, as_text(cell))
    return BREAK.sub(" ", plain(cell))


def parts_reader(_spec: SheetSpec, column: SheetColumn, _unit: str) -> Reader:
    field = column.parts.model._meta.get_field(column.parts.names) if column.parts else None
    most = getattr(field, "max_length", None)
    return partial(_parts, most)


def _parts(most: int | None, cell: Cell) -> tuple[str, ...]:
    text = CONTROL.sub("", cell if isinstance(cell, str) else as_text(cell))
    if is_cut(text.rstrip()):
        raise Unreadable(because(CUT))
    found = tuple(dict.fromkeys(part for piece in split_parts(text) if (part := plain(piece))))
    for part in found:
        if most and len(part) > most:
            raise too_long(part, most)
    return found


READERS: dict[Value, Callable[[SheetSpec, SheetColumn, str], Reader]] = {
    Value.TEXT: text_reader,
    Value.CODE: code_reader,
    Value.NUMBER: number_reader,
    Value.DECIMAL: decimal_reader,
    Value.YUAN: yuan_reader,
    Value.MONEY: money_reader,
    Value.DAY: day_reader,
    Value.CHOICE: choice_reader,
    Value.CODES: codes_reader,
    Value.YES: yes_reader,
    Value.REFERENCE: reference_reader,
    Value.PARTS: parts_reader,
}
