"""Rows of a ledger read whole, as columns of numpy arrays; plain data, no Django.

Days are counted from 1970-01-01; words are kept once, rows hold their places.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
Keys = NDArray[np.int64]
Mask = NDArray[np.bool_]

FIRST_DAY = date(1970, 1, 1).toordinal()
ALWAYS = -(2**31) + 1
NEVER = 2**31 - 1
UNKNOWN = -(2**31)
NOBODY = -1


def day_number(day: date) -> int:
    return day.toordinal() - FIRST_DAY


def day_of(number: int) -> date:
    return date.fromordinal(int(number) + FIRST_DAY)


def as_days(values: Iterable[Any]) -> Days:
    """Day numbers of dates or ISO texts, UNKNOWN for None."""
    found = np.array(list(values), dtype="datetime64[D]")
    numbers = found.astype(np.int64)
    return np.where(np.isnat(found), UNKNOWN, numbers).astype(np.int32)


@dataclass(frozen=True)
class Coded:
    """A column of words: for each row the place of its word. A word may be a set of codes, ``|a|b|``."""

    words: tuple[str, ...]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, values: Iterable[Any]) -> "Coded":
        held = [value or "" for value in values]
        known = {word: place for place, word in enumerate(dict.fromkeys(held))}
        places = np.fromiter(map(known.__getitem__, held), dtype=np.int32, count=len(held))
        return cls(tuple(known), places)

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: NDArray[Any]) -> "Coded":
        return Coded(self.words, self.places[rows])

    def is_in(self, wanted: Collection[str]) -> Mask:
        """The rows whose word is one of these, or holds one of these codes."""
        held = [word in wanted or not codes_of(word).isdisjoint(wanted) for word in self.words]
        return np.array(held, dtype=bool)[self.places] if self.words else np.zeros(len(self), dtype=bool)

    def starting(self, beginning: str) -> Mask:
        held = [bool(word) and word.startswith(beginning) for word in self.words]
        return np.array(held, dtype=bool)[self.places] if self.words else np.zeros(len(self), dtype=bool)

    def codes(self) -> list[str]:
        """Every single code that stands in the words, the empty one last."""
        found = {code for word in self.words for code in codes_of(word)}
        return [*sorted(found - {""}), *([""] if "" in found else [])]


def codes_of(word: str) -> frozenset[str]:
    """The codes that a stored word stands for; the word itself where it is no set."""
    return frozenset(word[1:-1].split("|")) if word.startswith("|") else frozenset({word})


Column = NDArray[Any] | Coded
BLANKS: dict[str, Any] = {"i": NOBODY, "f": np.nan, "b": False}


@dataclass(frozen=True)
class Columns:
    """Columns of one length under their names; `id` is the key of the record."""

    data: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.data.values()))) if self.data else 0

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def take(self, rows: NDArray[Any]) -> "Columns":
        """The rows of a mask or of places, in that order."""
        return Columns({name: taken(column, rows) for name, column in self.data.items()})

    def of_keys(self, keys: Keys) -> "Columns":
        """A row for each key, in that order; blank where there is none: -1, NaN, False, no word, UNKNOWN day."""
        places = places_of(keys, self.data["id"])
        return Columns({name: filled(column, places) for name, column in self.data.items()})


def places_of(keys: Keys, known: Any) -> Keys:
    """For each key its place among the known ones, -1 for none."""
    if not len(known):
        return np.full(len(keys), NOBODY, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    found = order[np.minimum(np.searchsorted(known, keys, sorter=order), len(known) - 1)]
    return np.where(known[found] == keys, found, NOBODY)


def taken(column: Column, rows: NDArray[Any]) -> Column:
    return column.take(rows) if isinstance(column, Coded) else column[rows]


def filled(column: Column, places: Keys) -> Column:
    missing = places == NOBODY
    if isinstance(column, Coded):
        words = (*column.words, "")
        rows = column.places[places] if len(column) else np.zeros(len(places), dtype=np.int32)
        return Coded(words, np.where(missing, len(words) - 1, rows).astype(np.int32))
    blank = UNKNOWN if column.dtype == np.int32 else BLANKS.get(column.dtype.kind, "")
    if not len(column):
        return np.full(len(places), blank, dtype=column.dtype)
    return np.where(missing, blank, column[places]).astype(column.dtype)
