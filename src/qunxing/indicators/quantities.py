"""Quantities from Chinese prose: ranges with a unit, read and written.

近400家 is under 400, 100余家 is over 100, 约5万张 is about 50,000, 1-2周 is from 1 to 2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from qunxing.core.money import parse_bounds
from qunxing.core.text import fold

LONGEST = 80
# 400家以上, 100家左右: the word stands behind the unit, but speaks of the number.
BEHIND = re.compile(
    r"(.*[0-9零一二三四五六七八九十百千万亿])([^0-9零一二三四五六七八九十百千万亿]+?)(及?以上|及?以下|以内|左右|上下)"
)
EITHER = re.compile(r"([一两二三四五六七八九])([两二三四五六七八九])(?=[^一二三四五六七八九十百千万亿])")
DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
SIGNS = str.maketrans({"≈": "约", "~": "-", "〜": "-"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """From `low` to `high`; None where no end was told, an open end is not itself meant.

    Both ends the same: that number, or when both are open, about that number.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    unit: str = ""

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.low_open and not self.high_open

    @property
    def about(self) -> bool:
        return self.low is not None and self.low == self.high and self.low_open and self.high_open


def parse_quantity(text: str) -> Quantity | None:
    """The range that the text tells, with its unit; None for what is no quantity."""
    bare = "".join(text.split())
    if not 0 < len(bare) <= LONGEST:
        return None
    words = EITHER.sub(lambda found: f"{DIGITS[found[1]]}-{DIGITS[found[2]]}", fold(bare).translate(SIGNS))
    if found := BEHIND.fullmatch(words):
        words, unit = found[1] + found[3], found[2]
        return with_bounds(words, unit)
    for end in range(len(words), 0, -1):
        if quantity := with_bounds(words[:end], as_written(words[end:], bare)):
            return quantity
    return None


def with_bounds(number: str, unit: str) -> Quantity | None:
    bounds = None if "元" in number else parse_bounds(number)
    return Quantity(*bounds, unit=unit) if bounds is not None else None


def as_written(unit: str, text: str) -> str:
    """The unit in its own letters, where the text ends with it."""
    tail = text[len(text) - len(unit) :] if unit else ""
    return tail if fold(tail) == unit else unit


def plain(value: Decimal) -> str:
    """The number without trailing zeros, its thousands set apart."""
    return f"{value.normalize():,f}"


def notation(quantity: Quantity, write: Callable[[Decimal], str] = plain) -> str:
    """The range in signs: 43, <400, >100, ≥5, ≈400, 1–2; `write` shows one number."""
    low = None if quantity.low is None else write(quantity.low)
    high = None if quantity.high is None else write(quantity.high)
    if quantity.about:
        return f"≈{low}"
    if low is not None and low == high:
        return low
    if low is None:
        return f"{'<' if quantity.high_open else '≤'}{high}"
    if high is None:
        return f"{'>' if quantity.low_open else '≥'}{low}"
    if quantity.low_open or quantity.high_open:
        return f"{'>' if quantity.low_open else '≥'}{low}, {'<' if quantity.high_open else '≤'}{high}"
    return f"{low}–{high}"


def disjoint(one: Quantity, other: Quantity) -> bool:
    """Whether no number lies in both ranges; an "about" is taken for a tenth on either side."""
    return ends_before(one, other) or ends_before(other, one)


def ends_before(one: Quantity, other: Quantity) -> bool:
    high, low = widened(one)[1], widened(other)[0]
    if high is None or low is None:
        return False
    touching = high == low and (one.high_open or other.low_open)
    return high < low or touching


def widened(quantity: Quantity) -> tuple[Decimal | None, Decimal | None]:
    if not quantity.about or quantity.low is None:
        return quantity.low, quantity.high
    margin = abs(quantity.low) / 10
    return quantity.low - margin, quantity.low + margin
