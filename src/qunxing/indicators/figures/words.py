"""A figure in words: its number with its unit, and what a reader must know of it."""

import math
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunxing.core.errors import Text
from qunxing.core.money import CURRENCIES, show_money
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.quantities import Quantity, notation
from qunxing.indicators.showing import with_unit

YUAN = "元"
PLACES, SMALL_PLACES = 2, 4


def quantity_of_figure(figure: Figure, unit: str = "") -> Quantity | None:
    """The figure as a range, rounded; None where nothing is known."""
    if not figure.known:
        return None
    return Quantity(decimal(figure.low), decimal(figure.high), figure.low_open, figure.high_open, unit)


def decimal(value: float) -> Decimal | None:
    return None if math.isnan(value) else Decimal(repr(rounded(value))).normalize()


def rounded(value: float) -> float:
    """To two places; below one to four, so that little does not become nothing or twice as much."""
    return round(float(value), PLACES if abs(value) >= 1 else SMALL_PLACES)


def show_figure(figure: Figure, unit: str, part: str = "", *, undefined: bool = False) -> str:
    """The number with its unit: 43家, 0–7家, CNY 180 million; `part` is the currency of a sum of money."""
    quantity = quantity_of_figure(figure)
    if quantity is None:
        return str(_("cannot be told")) if undefined or not figure.undisclosed else str(_("undisclosed"))
    currency = currency_of(part)
    if unit == YUAN:
        return notation(quantity, lambda end: show_money(int(end), currency))
    return with_unit(notation(quantity), unit)


def currency_of(part: str) -> str:
    """The currency that a part names, perhaps behind another word; yuan where it names none."""
    last = part.rpartition("·")[2]
    return last if last in CURRENCIES else "CNY"


def remarks(figure: Figure, *, undefined: bool = False) -> list[Text]:
    """What a reader must know beside the number."""
    found: list[Text] = []
    if undefined:
        found.append(_("It would be divided by nothing."))
    if doubtful := len(figure.perhaps):
        found.append(
            ngettext("%(rows)s row counts perhaps: its day is not known exactly.",
                     "%(rows)s rows count perhaps: their day is not known exactly.", doubtful) % {"rows": doubtful}
        )  # fmt: skip
    if figure.undisclosed:
        found.append(
            ngettext("%(rows)s row more without an amount.", "%(rows)s rows more without an amount.",
                     figure.undisclosed) % {"rows": figure.undisclosed}
        )  # fmt: skip
    if figure.undated:
        found.append(
            ngettext("%(rows)s row without a day is left out.", "%(rows)s rows without a day are left out.",
                     figure.undated) % {"rows": figure.undated}
        )  # fmt: skip
    return found


def middle(figure: Figure) -> float | None:
    """The number to draw: the sure end, or the other where there is none; None where nothing is known."""
    return next((drawn(end) for end in (figure.low, figure.high) if not math.isnan(end)), None)


def upper(figure: Figure) -> float | None:
    """The most it can be, to draw."""
    return None if math.isnan(figure.high) else drawn(figure.high)


def drawn(end: float) -> float:
    return int(end) if float(end).is_integer() else rounded(end)


def number_alone(figure: Figure) -> Figure:
    """The number, for those who may not know which rows are behind it, nor how many lack an amount or a day."""
    return Figure(figure.low, figure.high, figure.low_open, figure.high_open)
