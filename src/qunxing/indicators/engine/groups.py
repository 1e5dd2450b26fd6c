"""A figure broken down, followed over time, and compared between two days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qunxing.core.columns import UNKNOWN, Keys, Mask
from qunxing.core.facttables import FactTable
from qunxing.indicators.engine.figures import Figure, Hold

# Years since the day, the lower end included: a band of ages is called after it.
AGES = ((0, 1), (1, 3), (3, 5), (5, 10), (10, 200))
DAYS_A_YEAR = 365.25
Ask = Callable[[Hold], Figure]


def age_band(low: int, high: int) -> str:
    return f"{low}-{high}" if high < AGES[-1][1] else f"{low}-"


def bands(table: FactTable, name: str, day: int) -> list[tuple[str, Mask]]:
    """(band, its rows) by the years that have passed on that day; the last one holds those of no known day."""
    days = table.births[name]
    known = days != UNKNOWN
    years = (day - days.astype(np.float64)) / DAYS_A_YEAR
    found = [(age_band(low, high), known & (years >= low) & (years < high)) for low, high in AGES]
    return [*found, ("", ~known | (years < 0))]


def parts_of(table: FactTable, name: str, day: int) -> list[tuple[str, Mask]]:
    """(code, the rows that hold it) for every code of the dimension; the last one may be "": not told."""
    if name in table.births:
        return bands(table, name, day)
    column = table.dimensions[name]
    return [(code, column.is_in({code})) for code in column.codes()]


def broken_down(table: FactTable, name: str, day: int, within: Hold, ask: Ask) -> list[tuple[str, Figure]]:
    """(code, figure) for each part of the dimension that has rows."""
    parts = [(code, ask(within.within(Hold(mask, mask)))) for code, mask in parts_of(table, name, day)]
    return [(code, found) for code, found in parts if len(found.rows) or len(found.perhaps)]


@dataclass(frozen=True)
class Change:
    """What stands between two figures: keys of rows that came, that left, and that were corrected in or out.

    A correction is what we would say today otherwise of the first day than we said then.
    """

    came: Keys
    left: Keys
    corrected_in: Keys
    corrected_out: Keys


def change(before: Sequence[int], before_now: Sequence[int], after: Sequence[int]) -> Change:
    """`before` the rows of the first day as known then, `before_now` the same as known later, `after` the second's."""
    first, again, second = (np.unique(np.asarray(keys, dtype=np.int64)) for keys in (before, before_now, after))
    return Change(
        came=np.setdiff1d(second, again),
        left=np.setdiff1d(again, second),
        corrected_in=np.setdiff1d(again, first),
        corrected_out=np.setdiff1d(first, again),
    )
