"""A figure broken down, followed over time, and compared between two days."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qunxing.core.columns import UNKNOWN, Coded, Days, Keys, codes_of
from qunxing.core.facttables import FactTable
from qunxing.indicators.engine.figures import Figure, Found, figure_of

# Years since the day, the lower end included: a band of ages is called after it.
AGES = ((0, 1), (1, 3), (3, 5), (5, 10), (10, 200))
DAYS_A_YEAR = 365.25


BANDS = tuple(f"{low}-{high}" if high < AGES[-1][1] else f"{low}-" for low, high in AGES)


def broken_down(table: FactTable, name: str, day: int, rows: Found, amount: str = "") -> list[tuple[str, Figure]]:
    """(code, figure) for each part of the dimension that has rows; the last one may be "": not told."""
    return [(code, figure_of(table, part, amount)) for code, part in parts_of(table, name, day, rows)]


def parts_of(table: FactTable, name: str, day: int, rows: Found) -> list[tuple[str, Found]]:
    """(code, its rows) for every code that some of the rows hold."""
    if name in table.births:
        return split(banded(table.births[name][rows.places], day), rows)
    column = table.dimensions[name].take(rows.places)
    words, places, owners = single_codes(column)
    return split(Coded(words, places), rows if owners is None else rows.only(owners))


def banded(days: Days, day: int) -> Coded:
    """The band of each by the years that have passed on that day, "" for no known day and for one to come."""
    years = (day - days.astype(np.float64)) / DAYS_A_YEAR
    place = np.searchsorted([low for low, _high in AGES], years, "right") - 1
    told = (days != UNKNOWN) & (years >= 0) & (years < AGES[-1][1])
    return Coded((*BANDS, ""), np.where(told, place, len(BANDS)).astype(np.int32))


def single_codes(column: Coded) -> tuple[tuple[str, ...], NDArray[np.int32], Keys | None]:
    """(codes, place of the code, row) with a row for each code that a row holds; None where each holds one."""
    if not any(word.startswith("|") for word in column.words):
        return column.words, column.places, None
    codes = [sorted(codes_of(word)) for word in column.words]
    known = {code: place for place, code in enumerate(dict.fromkeys(code for held in codes for code in held))}
    many = np.array([len(held) for held in codes], dtype=np.int64)
    begins = np.cumsum(many) - many
    flat = np.array([known[code] for held in codes for code in held], dtype=np.int32)
    counts = many[column.places]
    owners = np.repeat(np.arange(len(column)), counts)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    return tuple(known), flat[np.repeat(begins[column.places], counts) + within], owners


def split(column: Coded, rows: Found) -> list[tuple[str, Found]]:
    """The rows apart by their word, in the order of words, the empty one last."""
    small = column.places.astype(np.int16) if len(column.words) < 2**15 else column.places
    order = np.argsort(small, kind="stable")
    ends = np.cumsum(np.bincount(column.places, minlength=len(column.words))).tolist()
    found = {}
    for word, begin, end in zip(column.words, [0, *ends[:-1]], ends, strict=False):
        if end > begin:
            found[word] = rows.only(order[begin:end])
    return [(word, found[word]) for word in sorted(found, key=lambda code: (code == "", ordered(code)))]


def ordered(code: str) -> tuple[int, str]:
    """Bands by their years, words by their letters."""
    return (BANDS.index(code), "") if code in BANDS else (len(BANDS), code)


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
