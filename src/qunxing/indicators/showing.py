"""A claim as a reader sees it."""

from decimal import Decimal

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from qunxing.core.money import show_money
from qunxing.indicators.models import Claim
from qunxing.indicators.names import UNITS
from qunxing.indicators.quantities import Quantity, notation, plain

CALENDAR = frozenset({"year", "year-month", "year-month-day"})


def quantity_of(claim: Claim) -> Quantity:
    return Quantity(claim.value_low, claim.value_high, claim.low_open, claim.high_open, claim.unit)


def show_claim(claim: Claim, language: str = "") -> str:
    """The value in signs with its unit, in that language (the active one by default): <400家, >100 organisations."""
    with override(language or get_language() or "zh-hans"):
        quantity = quantity_of(claim)
        if claim.unit in CALENDAR and quantity.low is not None:
            return calendar(int(quantity.low), claim.unit)
        if claim.currency:
            return notation(quantity, lambda end: money(end, claim.currency))
        return with_unit(notation(quantity), claim.unit)


def calendar(number: int, unit: str) -> str:
    """A day that is kept as a number: 202309 is 2023年9月, 2023-09 in English."""
    year, month, day = {
        "year": (number, 0, 0),
        "year-month": (number // 100, number % 100, 0),
        "year-month-day": (number // 10_000, number // 100 % 100, number % 100),
    }[unit]
    if (get_language() or "").startswith("zh"):
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return f"{year}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def say_number(claim: Claim) -> str:
    """The value without its unit, in words where one end is open: nearly 400 (近400), over 100 (超100)."""
    quantity = quantity_of(claim)
    if quantity.high_open and quantity.low is None:
        return _("nearly %(value)s") % {"value": plain(quantity.high or Decimal())}
    if quantity.low_open and quantity.high is None:
        return _("over %(value)s") % {"value": plain(quantity.low or Decimal())}
    return notation(quantity)


def unit_word(unit: str) -> str:
    """The unit in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return unit if chinese else str(UNITS.get(unit, unit))


def money(amount: Decimal, currency: str) -> str:
    """The amount in the reader's way; to the cent where it is not whole."""
    if amount != amount.to_integral_value():
        return f"{currency} {plain(amount)}"
    return show_money(int(amount), currency)


def with_unit(number: str, unit: str) -> str:
    """43个 in Chinese, 43 items in English, 30 EFLOPS in both, 61% without a space."""
    chinese = (get_language() or "").startswith("zh")
    word = unit_word(unit)
    if not word:
        return number
    close = word.startswith(("%", "‰")) or (chinese and not word[0].isascii())
    return f"{number}{word}" if close else f"{number} {word}"


def scope_name(claim: Claim) -> str:
    """The circle in which it was counted."""
    return claim.scope_text or str(claim.scope or "")
