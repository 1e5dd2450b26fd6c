"""Amounts as a reader wants them: 1.8亿元, 18,000万元, 180,000千元; CNY 180 million."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from django.utils.translation import get_language

from qunxing.core.money.amounts import CURRENCIES, MoneyRange
from qunxing.core.numerals import WAN, YI

Style = Literal["auto", "wan", "yi", "thousand", "one"]
STYLES: Final = ("auto", "wan", "yi", "thousand", "one")
EXACT_PLACES = 4
ROUNDED_PLACES = 2
MILLION, BILLION = 10**6, 10**9

CHINESE_UNITS = {"one": (1, ""), "thousand": (1000, "千"), "wan": (WAN, "万"), "yi": (YI, "亿")}
ENGLISH_UNITS = {
    "one": (1, ""),
    "thousand": (1000, " thousand"),
    "wan": (1000, " thousand"),
    "yi": (MILLION, " million"),
    "million": (MILLION, " million"),
    "billion": (BILLION, " billion"),
}
# (low told, high told, ends open): the sentence around one or two amounts.
CHINESE_RANGES = {
    "undisclosed": "未披露",
    "over": "超过{low}",
    "least": "不低于{low}",
    "under": "不到{high}",
    "most": "不超过{high}",
    "about": "约{low}",
    "between": "介于{low}与{high}之间",
    "order": "{low}至{high}",
}
ENGLISH_RANGES = {
    "undisclosed": "undisclosed",
    "over": "over {low}",
    "least": "at least {low}",
    "under": "under {high}",
    "most": "up to {high}",
    "about": "about {low}",
    "between": "between {low} and {high}",
    "order": "{low} to {high}",
}


def show_money(amount: int, currency: str = "CNY", style: Style = "auto", language: str | None = None) -> str:
    """The amount in the reader's language (the active one by default) and unit; English has no 万 and 亿.

    Exact when four decimals suffice, else rounded half up to two.
    """
    if _is_chinese(language):
        divisor, unit = CHINESE_UNITS[_chinese_unit(amount) if style == "auto" else style]
        name = CURRENCIES[currency][0] if currency in CURRENCIES else f" {currency}"
        return f"{_number(amount, divisor)}{unit}{name}"
    divisor, unit = ENGLISH_UNITS[_english_unit(amount) if style == "auto" else style]
    return f"{currency} {_number(amount, divisor)}{unit}"


def show_range(money: MoneyRange, style: Style = "auto", language: str | None = None) -> str:
    """The range in words: 超过5亿元, 500万元至1,000万元, 未披露."""
    chinese = _is_chinese(language)
    shown = {
        name: show_money(end, money.currency, style, "zh-hans" if chinese else "en")
        for name, end in (("low", money.low), ("high", money.high))
        if end is not None
    }
    if money.amount is not None:
        return shown["low"]
    return (CHINESE_RANGES if chinese else ENGLISH_RANGES)[_kind(money)].format(**shown)


def _kind(money: MoneyRange) -> str:
    if money.undisclosed:
        return "undisclosed"
    if money.high is None:
        return "over" if money.low_open else "least"
    if money.low is None:
        return "under" if money.high_open else "most"
    if money.about:
        return "about"
    return "between" if money.low_open and money.high_open else "order"


def _is_chinese(language: str | None) -> bool:
    return (language or get_language() or "zh-hans").startswith("zh")


def _chinese_unit(amount: int) -> str:
    return "yi" if abs(amount) >= YI else "wan" if abs(amount) >= WAN else "one"


def _english_unit(amount: int) -> str:
    return "billion" if abs(amount) >= BILLION else "million" if abs(amount) >= MILLION else "one"


def _number(amount: int, divisor: int) -> str:
    exact = Decimal(amount) / divisor
    places = EXACT_PLACES if exact == _rounded(exact, EXACT_PLACES) else ROUNDED_PLACES
    text = f"{_rounded(exact, places):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
