"""Writing tables that a spreadsheet opens without running, losing or misreading what is in a cell.

Columns are headings, rows are sequences of plain values; both writers stream, so that 100,000 rows take little memory.
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import StringIO
from itertools import chain, islice
from typing import IO, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Row = Sequence[object]
Native = str | int | float | date | datetime | time | timedelta | None

CHUNK = 500
CELL_LIMIT = 32_767  # UTF-16 units in a cell of Excel
SHEET_ROWS = 1_048_576
CUT_LENGTH = 200  # more than the note that a text was cut
EXACT_DIGITS = 15  # Excel keeps no more of a number
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
BOLD = Font(bold=True)

# What a text must not begin with, whatever unseen characters stand before it: signs of a formula in any width.
TRIGGER = re.compile(r"[\t\r\n]|[\s\ufeff\u00ad\u200b-\u200f\u2060]*[=+@＝＋－＠﹦﹢﹣﹫-]")
# Texts that a spreadsheet would take for a number and round: long codes, 1E5.
ROUNDED = re.compile(rf"\s*(?:\d{{{EXACT_DIGITS + 1},}}|\d+(?:\.\d+)?[eE][+-]?\d+)\s*")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN_IN_JSON = re.compile("[\ud800-\udfff]")  # half a character, which no UTF-8 holds
LITERAL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # _x0041_ in a workbook stands for a character
SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def write_csv(columns: Sequence[object], rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a mark, as Excel wants it; an apostrophe before what a spreadsheet would run or round."""
    yield b"\xef\xbb\xbf"
    remaining = chain([columns], rows)
    while pending := list(islice(remaining, CHUNK)):
        text = StringIO()
        csv.writer(text).writerows([csv_cell(value) for value in row] for row in pending)
        yield text.getvalue().encode()


def write_json(names: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """An array of objects, one a row, by these names: days in ISO form, numbers as numbers, null for nothing."""
    remaining, before = iter(rows), "["
    while pending := list(islice(remaining, CHUNK)):
        texts = [json.dumps(json_row(names, row), ensure_ascii=False) for row in pending]
        yield (before + "\n" + ",\n".join(texts)).encode()
        before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"


def json_row(names: Sequence[str], row: Row) -> dict[str, Any]:
    return dict(zip(names, map(json_value, row), strict=True))


def json_value(value: object) -> Any:
    """A value as JSON has it; sets of words stay sets, and what JSON cannot hold is its text."""
    if value is None or value == "" or isinstance(value, bool | int):
        return None if value == "" else value
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(part) for part in value]
    if isinstance(value, date):
        return (_local(value) if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, float | Decimal):
        number = _number(value)
        return number if isinstance(number, int | float) else str(value)
    return FORBIDDEN_IN_JSON.sub("\ufffd", str(value))


def csv_cell(value: object) -> str:
    """A value as the text of a csv cell."""
    native = plain(value)
    if native is None:
        return ""
    if isinstance(native, str):
        return escape(visible(native))
    return native.isoformat(sep=" ", timespec="seconds") if isinstance(native, datetime) else str(native)


def escape(text: str) -> str:
    """An apostrophe before text that a spreadsheet would run or round, and before text that has one for that reason."""
    return f"'{text}" if _is_risky(text.lstrip("'")) else text


def unescape(text: str) -> str:
    """What was given to `escape`: for reading such a csv file back."""
    return text[1:] if text.startswith("'") and _is_risky(text.lstrip("'")) else text


def _is_risky(text: str) -> bool:
    return bool(TRIGGER.match(text) or ROUNDED.fullmatch(text))


def visible(text: str) -> str:
    """The text with a sign in place of each character that no table can hold, so that the loss is seen."""
    return text if text.isprintable() else FORBIDDEN.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def plain(value: object) -> Native:
    """Any value as one that a table can hold; None for nothing."""
    if value is None or isinstance(value, date | time | timedelta):
        return _local(value) if isinstance(value, datetime) else value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(str(part) for part in value)
    return str(value) or None


def _local(value: datetime) -> datetime:
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def _number(value: float | Decimal) -> Native:
    """A number, or text where a spreadsheet would not keep all of its digits."""
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, int):
        return value if abs(value) < 10**EXACT_DIGITS else str(value)
    return value if math.isfinite(value) else str(value)


def _decimal(value: Decimal) -> Native:
    text = f"{value:f}"
    if not value.is_finite() or len(text.lstrip("-0.").replace(".", "")) > EXACT_DIGITS:
        return text
    return int(value) if value == value.to_integral_value() else float(value)


def write_xlsx(columns: Sequence[object], rows: Iterable[Row], file: IO[bytes], *, title: str = "") -> None:
    """A workbook with one sheet, and further ones when a sheet is full; texts are texts, days are days."""
    book = Workbook(write_only=True)
    remaining = iter(rows)
    stretch = list(islice(remaining, CHUNK))
    while stretch or not book.worksheets:
        sheet = _new_sheet(book, columns, title)
        for row in islice(chain(stretch, remaining), SHEET_ROWS - 1):
            sheet.append([xlsx_cell(sheet, value) for value in row])
        stretch = list(islice(remaining, CHUNK))
    book.save(file)


def _new_sheet(book: Any, columns: Sequence[object], title: str) -> Any:
    name = SHEET_NAME.sub(" ", visible(title)).strip("' ")[:25] or "Sheet"
    number = len(book.worksheets) + 1
    sheet = book.create_sheet(name if number == 1 else f"{name} ({number})")
    sheet.freeze_panes = "A2"
    headings = [_text_cell(sheet, fit(str(column))) for column in columns]
    for index, cell in enumerate(headings, start=1):
        cell.font = BOLD
        sheet.column_dimensions[get_column_letter(index)].width = min(max(10, 2 * len(cell.value or "") + 2), 60)
    sheet.append(headings)
    return sheet


def xlsx_cell(sheet: Any, value: object) -> Any:
    """What the sheet takes: text that could be taken for a formula or an error only as a cell that says it is text."""
    native = plain(value)
    if isinstance(native, str):
        text = fit(native)
        return _text_cell(sheet, text) if text.startswith("#") or TRIGGER.match(text) else text
    if isinstance(native, date) and _day(native) < FIRST_DAY:
        return native.isoformat()
    return native


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = bool(TRIGGER.match(text))
    return cell


def fit(text: str) -> str:
    """The text as a cell of a workbook can hold it, cut with a note when it is too long."""
    if text.isprintable() and len(text) <= CELL_LIMIT // 2 and "_x" not in text:
        return text
    return LITERAL.sub("_x005F_", cut(text))


def cut(text: str) -> str:
    """What is read of the text in a workbook: all of it, or its beginning and a note that there is more."""
    text = visible(text).replace("\r\n", "\n").replace("\r", "\n")
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    note = cut_note(len(text))
    return units[: 2 * (CELL_LIMIT - len(note))].decode("utf-16-le", errors="ignore") + note


def cut_note(count: int) -> str:
    return " … " + _("[cut here; the whole text has %(count)s characters]") % {"count": count}


@cache
def cut_notes() -> re.Pattern[str]:
    """The note in any language, at the end of a text."""
    told = []
    for language, _label in settings.LANGUAGES:
        with override(language):
            told.append(re.escape(cut_note(0)).replace("0", r"\d+"))
    return re.compile(rf"(?:{'|'.join(told)})\Z")


def is_cut(text: str) -> bool:
    """Whether a cell holds but the beginning of a text, and says so."""
    return len(text) > CELL_LIMIT // 2 and cut_notes().search(text, len(text) - CUT_LENGTH) is not None
