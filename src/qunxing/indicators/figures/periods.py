"""Periods that end with a day, and the days that growth looks back to."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from qunxing.core.columns import day_number
from qunxing.indicators.engine.figures import Period


class Span(StrEnum):
    """How far back a period goes from its day: to the beginning of that month, quarter or year."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


def first_of(day: date, span: Span) -> date:
    length = MONTHS[span]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def period_of(day: date, span: Span) -> Period:
    return Period(day_number(first_of(day, span)), day_number(day))


def before(day: date, span: Span) -> date:
    """The last day of the period before."""
    return first_of(day, span) - timedelta(days=1)


def year_before(day: date) -> date:
    return months_before(day, 12)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a month stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if ends else min(day.day, last))


def month_ends(day: date, months: int) -> list[date]:
    """The ends of so many months up to the day, which stands for the end of its own."""
    ends = [months_before(first_of(day, Span.MONTH), back) - timedelta(days=1) for back in range(months - 1)]
    return [*reversed(ends), day]
