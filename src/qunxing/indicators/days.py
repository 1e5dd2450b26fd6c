"""The day, month, quarter, year or period that a figure speaks of."""

import re
from calendar import monthrange
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunxing.core.dates import parse_day
from qunxing.core.formats import show_day
from qunxing.indicators.models import Claim, Precision

QUARTER = re.compile(r"(\d{4})(?:年?第?([1-4一二三四])季度|[-年]?q([1-4]))", re.IGNORECASE)
NUMBERS = {sign: number for number, sign in enumerate("一二三四", start=1)}
BETWEEN = re.compile(r"\s*(?:至|到|~|～|–|—|\s-\s|\sto\s)\s*")

Span = tuple[date, date, str]


def parse_as_of(text: str) -> Span:
    """(first day, last day, precision) of what is written: 2025-04-29, 2025年5月, 2025Q1, 2025, 2025-01 至 2025-03.

    DateError with the reason for anything else.
    """
    if found := QUARTER.fullmatch("".join(text.split())):
        sign = found[2] or found[3]
        return quarter(int(found[1]), NUMBERS.get(sign) or int(sign))
    parts = [parse_day(part) for part in BETWEEN.split(text.strip())]
    if len(parts) == 2:
        return parts[0].low, parts[1].high, Precision.PERIOD
    only = parse_day(text) if len(parts) != 1 else parts[0]
    return only.low, only.high, only.precision


def quarter(year: int, number: int) -> Span:
    last = number * 3
    return date(year, last - 2, 1), date(year, last, monthrange(year, last)[1]), Precision.QUARTER


def typed_as_of(claim: Claim) -> str:
    """The day as it can be typed again."""
    low, high = claim.as_of_low, claim.as_of_high
    match claim.as_of_precision:
        case Precision.MONTH:
            return f"{low:%Y-%m}"
        case Precision.QUARTER:
            return f"{low:%Y}Q{quarter_number(low)}"
        case Precision.YEAR:
            return f"{low:%Y}"
        case Precision.PERIOD:
            return f"{low.isoformat()} – {high.isoformat()}"
        case _:
            return low.isoformat()


def quarter_number(day: date) -> int:
    return (day.month + 2) // 3


def show_as_of(claim: Claim) -> str:
    """The day as the reader's language writes it, no more exact than it is known."""
    low, high = claim.as_of_low, claim.as_of_high
    if claim.as_of_precision == Precision.PERIOD:
        return f"{show_day(low)} – {show_day(high)}"
    if claim.as_of_precision == Precision.QUARTER:
        return _("Q%(quarter)s %(year)s") % {"quarter": quarter_number(low), "year": low.year}
    if not (get_language() or "").startswith("zh") or claim.as_of_precision == Precision.DAY:
        return show_day(low) if claim.as_of_precision == Precision.DAY else typed_as_of(claim)
    return f"{low.year}年{low.month}月" if claim.as_of_precision == Precision.MONTH else f"{low.year}年"
