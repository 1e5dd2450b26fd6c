"""A quantity: a range with a unit, written in signs and held against another."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


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

    @property
    def open(self) -> bool:
        """Whether the wording leaves the number open, as 近, 余, 超 and 约 do; both ends told do not."""
        return self.low is None or self.high is None or self.low_open or self.high_open

    def scaled(self, factor: Decimal, unit: str) -> "Quantity":
        """The same in another unit."""
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        return Quantity(low, high, self.low_open, self.high_open, unit)


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
