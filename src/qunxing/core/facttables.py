"""Fact tables: what holds from one day to another, with the words and amounts by which it is counted; no Django.

A day may be known only within bounds: a month, or not at all. Such a row surely holds on some days and perhaps on
others, so that a figure over it is a range.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qunxing.core.columns import ALWAYS, NEVER, UNKNOWN, Coded, Days, Keys

Numbers = NDArray[np.float64]


class Measure(StrEnum):
    """What a figure tells of a day, or of the period that ends with it."""

    STOCK = "stock"  # holds on the day
    ENTERED = "entered"  # began within the period
    LEFT = "left"  # ended within the period
    AHEAD = "ahead"  # is to begin after the day
    EVER = "ever"  # had begun by the day, whether or not it has ended since


@dataclass(frozen=True)
class Bounds:
    """The earliest and the latest day that a row's day can be."""

    low: Days
    high: Days

    def take(self, rows: NDArray[Any]) -> "Bounds":
        return Bounds(self.low[rows], self.high[rows])


@dataclass(frozen=True)
class Amounts:
    """An amount a row: from `low` to `high` (NaN where that end was not told), an open end is not itself meant."""

    low: Numbers
    high: Numbers
    low_open: NDArray[np.bool_]
    high_open: NDArray[np.bool_]

    def take(self, rows: NDArray[Any]) -> "Amounts":
        return Amounts(self.low[rows], self.high[rows], self.low_open[rows], self.high_open[rows])

    @classmethod
    def exact(cls, values: Numbers) -> "Amounts":
        closed = np.zeros(len(values), dtype=bool)
        return cls(values, values, closed, closed)


@dataclass(frozen=True)
class FactTable:
    """Rows that hold from `since` (that day included) to `until` (that day excluded).

    `rows` are the keys of the records behind, `things` what is counted once however many rows speak of it,
    `organizations` whose it is (-1 for nobody's): by it, and by `divisions` (GB/T 2260, as many digits as are known),
    a scope takes its rows.
    """

    rows: Keys
    things: Keys
    since: Bounds
    until: Bounds
    organizations: Keys
    divisions: Coded
    dimensions: Mapping[str, Coded] = field(default_factory=dict)
    amounts: Mapping[str, Amounts] = field(default_factory=dict)
    births: Mapping[str, Days] = field(default_factory=dict)
    widths: Days | None = None
    communities: Keys | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, rows: NDArray[Any]) -> "FactTable":
        return FactTable(
            self.rows[rows],
            self.things[rows],
            self.since.take(rows),
            self.until.take(rows),
            self.organizations[rows],
            self.divisions.take(rows),
            {name: column.take(rows) for name, column in self.dimensions.items()},
            {name: column.take(rows) for name, column in self.amounts.items()},
            {name: days[rows] for name, days in self.births.items()},
            None if self.widths is None else self.widths[rows],
            None if self.communities is None else self.communities[rows],
        )


def beginnings(days: Days, recorded: Days, last: Days | None = None) -> Bounds:
    """Bounds of the days from which rows hold; `last` is the last day of a month or year of which no more is known.

    A row without a day surely holds since it was recorded, and perhaps always did.
    """
    unknown = days == UNKNOWN
    latest = days if last is None else last
    return Bounds(
        np.where(unknown, ALWAYS, days).astype(np.int32), np.where(unknown, recorded, latest).astype(np.int32)
    )


def endings(days: Days, ended: NDArray[np.bool_], changed: Days, since: Bounds) -> Bounds:
    """Bounds of the days from which rows no longer hold: never while they have not `ended`.

    An end without a day came after the beginning, and at the latest when the row was last changed.
    """
    unknown = (days == UNKNOWN) & ended
    low = np.where(unknown, np.minimum(since.low, changed), np.where(days == UNKNOWN, NEVER, days))
    high = np.where(unknown, changed, np.where(days == UNKNOWN, NEVER, days))
    return Bounds(low.astype(np.int32), high.astype(np.int32))


def forever(rows: int) -> Bounds:
    """The ends of rows that never end."""
    return Bounds(np.full(rows, NEVER, dtype=np.int32), np.full(rows, NEVER, dtype=np.int32))


def month_ends(days: Days, precision: Coded) -> Days:
    """The last day that each day can be: of its month or year where only that is known."""
    dates = np.where(days == UNKNOWN, 0, days).astype("datetime64[D]")
    month = (dates.astype("datetime64[M]") + 1).astype("datetime64[D]").astype(np.int64) - 1
    year = (dates.astype("datetime64[Y]") + 1).astype("datetime64[D]").astype(np.int64) - 1
    found = np.where(precision.is_in({"month"}), month, np.where(precision.is_in({"year"}), year, days))
    return np.where(days == UNKNOWN, UNKNOWN, found).astype(np.int32)
