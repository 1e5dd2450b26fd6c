"""Days as people and lists write them, with how precisely they are known: 2023/8/31, 2023年8月, 2026/5/1（补登）."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from django.utils.translation import gettext_noop as _

from qunxing.core.numerals import DIGITS, read_numeral
from qunxing.core.reasons import Unreadable, because
from qunxing.core.text import fold, shorten

Precision = Literal["day", "month", "year"]
EARLIEST, LATEST = 1800, 2199
LONGEST = 60
SHOWN = 40
EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS: Final = range(20_000, 60_001)

UNREADABLE = _("“%(text)s” cannot be read as a date. Write it like 2023-08-31, 2023/8/31, 2023年8月31日 or 2023年8月.")
EMPTY = _("A date is missing here.")
NO_SUCH_DAY = _("“%(text)s”: there is no day %(day)s in month %(month)s of %(year)s.")
NO_SUCH_MONTH = _("“%(text)s”: there is no month %(month)s.")
YEAR_OUT_OF_REACH = _("“%(text)s”: the year %(year)s is not between %(first)s and %(last)s.")
NOT_A_SERIAL = _("“%(text)s” is a bare number, not a date. Give the column the format of a date in Excel.")

CHINESE_DIGITS = str.maketrans({digit: str(value) for digit, value in DIGITS.items()})
CHINESE_YEAR = re.compile(rf"^[{''.join(DIGITS)}]{{4}}(?=年)")
CHINESE_PART = re.compile(rf"[{''.join(DIGITS)}十]+(?=[月日号])")
NOTE = re.compile(r"[(（[【〔]([^()（）【】〔〕[\]]*)[)）\]】〕]")
TIME = re.compile(
    r"(?:(?<=[0-9])[ t]+|(?<=[日号]) ?)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?$"
)
FORMS = (
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\.?"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})(?:[-/.]|(年))([0-9]{1,2})(?(2)月份?|月?)"),
    re.compile(r"([0-9]{4})年?"),
)


class DateError(Unreadable):
    """Text that is no day, month or year."""


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """The first and the last day meant (the same when the day is known), and a remark that stood in brackets."""

    low: date
    high: date
    precision: Precision = "day"
    note: str = ""


def parse_day(value: str | float | date, *, serials: bool = False) -> ParsedDay:
    """The day, month or year that is written; a number is a day of Excel's only when `serials` says so.

    DateError with the reason for anything else, the empty text and impossible days included.
    """
    if isinstance(value, date):
        return _exactly(value.date() if isinstance(value, datetime) else value, str(value))
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    if not fold(text[:LONGEST]):
        raise DateError(because(EMPTY))
    if len(text) > LONGEST or (isinstance(value, float) and not serials and "." in text):
        raise _error(UNREADABLE, text)
    return _serial(text, allowed=serials) or _written(text)


def _exactly(day: date, text: str, note: str = "") -> ParsedDay:
    _check_year(day.year, text)
    return ParsedDay(day, day, "day", note)


def _serial(text: str, *, allowed: bool) -> ParsedDay | None:
    """A day counted from 1899-12-30, its time of day dropped."""
    found = re.fullmatch(r"([0-9]{5})(?:\.[0-9]+)?", fold(text))
    if not found or int(found[1]) not in EXCEL_SERIALS:
        return None
    if not allowed:
        raise _error(NOT_A_SERIAL, text)
    return _exactly(EXCEL_DAY_ZERO + timedelta(days=int(found[1])), text)


def _written(text: str) -> ParsedDay:
    note = " ".join(" ".join(NOTE.findall(text)).split())
    bare = TIME.sub("", fold(NOTE.sub("", text)))
    parts = _parts(_in_digits(bare.replace(" ", "")))
    if not parts:
        raise _error(UNREADABLE, text)
    return _build(parts, text, note)


def _parts(bare: str) -> list[int]:
    """Year, month and day, as far as written."""
    found = next((match for form in FORMS if (match := form.fullmatch(bare))), None)
    return [int(part) for part in found.groups() if part and part.isdigit()] if found else []


def _in_digits(text: str) -> str:
    """二〇二三年八月三十一日 as 2023年8月31日."""
    text = CHINESE_YEAR.sub(lambda found: found[0].translate(CHINESE_DIGITS), text)
    return CHINESE_PART.sub(lambda found: str(read_numeral(found[0]) or found[0]), text)


def _build(parts: list[int], text: str, note: str) -> ParsedDay:
    year, month, day = (*parts, 0, 0)[:3]
    _check_year(year, text)
    if len(parts) == 1:
        return ParsedDay(date(year, 1, 1), date(year, 12, 31), "year", note)
    if not 1 <= month <= 12:
        raise _error(NO_SUCH_MONTH, text, month=month)
    last = monthrange(year, month)[1]
    if len(parts) == 2:
        return ParsedDay(date(year, month, 1), date(year, month, last), "month", note)
    if not 1 <= day <= last:
        raise _error(NO_SUCH_DAY, text, day=day, month=month, year=str(year))
    return _exactly(date(year, month, day), text, note)


def _check_year(year: int, text: str) -> None:
    if not EARLIEST <= year <= LATEST:
        raise _error(YEAR_OUT_OF_REACH, text, year=str(year), first=str(EARLIEST), last=str(LATEST))


def _error(msgid: str, text: str, **values: str | int) -> DateError:
    return DateError(because(msgid, text=shorten(text.strip(), SHOWN), **values))
