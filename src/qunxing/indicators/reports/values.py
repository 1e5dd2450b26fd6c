"""A figure as JSON keeps it, and how what lies between two figures is said."""

import math
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.money import show_money
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.figures.words import YUAN, currency_of, decimal, quantity_of_figure, show_figure
from qunxing.indicators.quantities import notation, plain

DIGITS = 6
Value = int | float | dict[str, Any] | None


def value_of(figure: Figure) -> Value:
    """A number where it is exact, its two ends where it is not, None where it cannot be told."""
    if not figure.known:
        return None
    low, high = number(figure.low), number(figure.high)
    if low == high and not figure.low_open and not figure.high_open:
        return low
    return {"low": low, "high": high, "low_open": bool(figure.low_open), "high_open": bool(figure.high_open)}


def number(value: float) -> int | float | None:
    if math.isnan(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), DIGITS)


def text_of(figure: Figure, unit: str, part: str, form: str, *, thousands: bool = False) -> str:
    """The figure in words, in the way the form asks for."""
    if form in {"change", "change_year", "growth", "growth_year"}:
        return moved(figure, unit, part, growth=form.startswith("growth"), thousands=thousands)
    if form == "count":
        quantity = quantity_of_figure(figure)
        return show_figure(figure, unit, part) if quantity is None else notation(quantity)
    return in_thousands(figure, part) if thousands and unit == YUAN else show_figure(figure, unit, part)


def in_thousands(figure: Figure, part: str) -> str:
    """An amount in thousands of its currency, as statistics have it."""
    quantity = quantity_of_figure(figure)
    if quantity is None:
        return show_figure(figure, YUAN, part)
    return notation(quantity, lambda end: show_money(int(end), currency_of(part), style="thousand"))


def moved(figure: Figure, unit: str, part: str, *, growth: bool, thousands: bool = False) -> str:
    """What lies between two figures: up 12%, 3 fewer, unchanged."""
    if not figure.known:
        return str(_("cannot be told"))
    if figure.low == figure.high == 0:
        return pgettext("figure", "unchanged")
    if figure.low < 0 < figure.high or math.isnan(figure.low) or math.isnan(figure.high):
        return text_of(figure, "%" if growth else unit, part, "", thousands=thousands)
    size = figure if figure.low >= 0 else turned(figure)
    shown = percent(size) if growth else text_of(size, unit, part, "", thousands=thousands)
    return direction(growth=growth, rose=figure.low >= 0) % {"value": shown}


def turned(figure: Figure) -> Figure:
    return Figure(-figure.high, -figure.low, figure.high_open, figure.low_open)


def percent(figure: Figure) -> str:
    ends = [decimal(round(end, 1)) or Decimal() for end in (figure.low, figure.high)]
    low, high = (plain(end) for end in ends)
    return f"{low}%" if low == high else f"{low}–{high}%"


def direction(*, growth: bool, rose: bool) -> str:
    if growth:
        return _("up %(value)s") if rose else _("down %(value)s")
    return _("%(value)s more") if rose else _("%(value)s fewer")
