"""Figures over fact tables: how many hold on a day, how many came or left in a period, how much they come to.

Where a row's day is known only within bounds, the figure runs from what is sure to what is possible.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from qunxing.core.columns import ALWAYS, Keys, Mask
from qunxing.core.facttables import Amounts, Bounds, FactTable, Measure

FEW = 50
NO_KEYS: Keys = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Period:
    """Day numbers, both included; of a stock only the last day counts."""

    first: int
    last: int


@dataclass(frozen=True)
class Hold:
    """Which rows surely count, and which do so perhaps (the sure ones among them)."""

    sure: Mask
    perhaps: Mask

    def within(self, other: "Hold") -> "Hold":
        return Hold(self.sure & other.sure, self.perhaps & other.perhaps)


@dataclass(frozen=True)
class Figure:
    """A number from `low` to `high`; an open end is not itself meant, NaN is not known.

    `rows` are the keys of the records that surely count, `perhaps` of those that may; `undisclosed` rows have no
    amount, `undated` ones no day and are left out of a period.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False
    rows: Keys = field(default_factory=lambda: NO_KEYS)
    perhaps: Keys = field(default_factory=lambda: NO_KEYS)
    undisclosed: int = 0
    undated: int = 0

    @property
    def exact(self) -> bool:
        return self.low == self.high and not self.low_open and not self.high_open

    @property
    def known(self) -> bool:
        return not (np.isnan(self.low) and np.isnan(self.high))


def held(table: FactTable, measure: Measure, period: Period) -> Hold:
    """The rows that the measure counts."""
    match measure:
        case Measure.STOCK:
            begun, ended = reached(table.since, period.last), reached(table.until, period.last)
            return Hold(begun.sure & ~ended.perhaps, begun.perhaps & ~ended.sure)
        case Measure.ENTERED:
            return happened(table.since, period)
        case Measure.LEFT:
            return happened(table.until, period)
        case Measure.AHEAD:
            ahead = table.since.low > period.last
            return Hold(ahead, ahead)
        case Measure.EVER:
            return reached(table.since, period.last)


def reached(days: Bounds, day: int) -> Hold:
    return Hold(days.high <= day, days.low <= day)


def happened(days: Bounds, period: Period) -> Hold:
    """Rows whose day lies in the period; one without a day is left out."""
    sure = (days.low >= period.first) & (days.high <= period.last)
    perhaps = (days.low <= period.last) & (days.high >= period.first) & (days.low != ALWAYS)
    return Hold(sure, perhaps)


def undated(table: FactTable, measure: Measure, within: Hold) -> int:
    """How many of the rows a period leaves out because nobody knows their day."""
    if measure not in {Measure.ENTERED, Measure.LEFT}:
        return 0
    return int(np.count_nonzero(within.perhaps & dateless(table, measure)))


def dateless(table: FactTable, measure: Measure) -> Mask:
    """The rows of whose day nothing at all is known."""
    mask: Mask = (table.until if measure is Measure.LEFT else table.since).low == ALWAYS
    return mask


@dataclass(frozen=True)
class Found:
    """Places of the rows that count, each surely or perhaps; `undated` are left out."""

    places: Keys
    sure: Mask
    undated: int = 0

    def only(self, rows: Any) -> "Found":
        return Found(self.places[rows], self.sure[rows], self.undated)


def found(table: FactTable, measure: Measure, period: Period, within: Hold | None = None) -> Found:
    """The rows that the measure counts, as far as they lie `within`."""
    within = within or everywhere(table)
    hold = held(table, measure, period).within(within)
    places = np.flatnonzero(hold.perhaps)
    return Found(places, hold.sure[places], undated(table, measure, within))


def figure(table: FactTable, measure: Measure, period: Period, within: Hold | None = None, amount: str = "") -> Figure:
    """The figure over the rows that the measure counts, as far as they lie `within`."""
    return figure_of(table, found(table, measure, period, within), amount)


def figure_of(table: FactTable, rows: Found, amount: str = "") -> Figure:
    """The figure over the rows that were found to count."""
    every = bool(rows.sure.all())
    sure = rows.places if every else rows.places[rows.sure]
    made = (
        summed(table.amounts[amount], rows)
        if amount
        else counted(table.things[sure], None if every else table.things[rows.places])
    )
    doubtful = NO_KEYS if every else table.rows[rows.places[~rows.sure]]
    return replace(made, rows=table.rows[sure], perhaps=doubtful, undated=rows.undated)


def everywhere(table: FactTable) -> Hold:
    whole = np.ones(len(table), dtype=bool)
    return Hold(whole, whole)


def counted(sure: Keys, perhaps: Keys | None) -> Figure:
    """Each thing once; `perhaps` holds the sure ones too, and is None where there are no others."""
    low = distinct(sure)
    return Figure(low, low if perhaps is None else distinct(perhaps))


def distinct(things: Keys) -> int:
    """How many different keys; a field of flags is quicker than sorting them."""
    if len(things) < FEW:
        return len(set(things.tolist()))
    base = int(things.min())
    span = int(things.max()) - base + 1
    if span > 50 * len(things) + 1_000_000:
        return len(np.unique(things))
    flags = np.zeros(span, dtype=bool)
    flags[things - base] = True
    return int(np.count_nonzero(flags))


def summed(amounts: Amounts, rows: Found) -> Figure:
    """The sum from the low ends of what is sure to the high ends of what is possible; the undisclosed are counted.

    An amount that is only "over" something leaves the sum without a high end.
    """
    mine, sure = amounts.take(rows.places), rows.sure
    told = ~(np.isnan(mine.low) & np.isnan(mine.high))
    undisclosed = int(np.count_nonzero(~told))
    if undisclosed and not told.any():
        return Figure(np.nan, np.nan, undisclosed=undisclosed)
    endless = bool((told & np.isnan(mine.high)).any())
    return Figure(
        float(np.nansum(mine.low[sure])),
        np.nan if endless else float(np.nansum(mine.high)),
        bool((mine.low_open & told & sure).any()),
        bool((mine.high_open & told).any()) and not endless,
        undisclosed=undisclosed,
    )


def narrowed(table: FactTable, where: Mapping[str, tuple[str, ...]]) -> FactTable:
    """The rows for which one of the codes holds in every named dimension."""
    mask = np.ones(len(table), dtype=bool)
    for name, codes in where.items():
        mask &= table.dimensions[name].is_in(codes)
    return table if mask.all() else table.take(mask)
