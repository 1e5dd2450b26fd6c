"""The engine: supplies in an index, needs ranked over it, every score a sum of named parts."""

import gc
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.asking import Asked, Asker, Query, asked_of, shares_of
from qunxing.matching.engine.candidates import Room, best_of, best_rows, promises
from qunxing.matching.engine.counting import ALL_KINDS
from qunxing.matching.engine.index import Index
from qunxing.matching.engine.profiles import CODES, FIELDS, PARTS, TERM_PARTS, Hit, Profile, Ranked
from qunxing.matching.engine.sums import Taken, take, weighed
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.vectors import Vectors
from qunxing.matching.engine.weights import SHIPPED, Weights

Mask = NDArray[np.bool_]
Keys = Collection[str] | Mask
Allowed = Callable[[Profile], Keys | None]
Rows = NDArray[np.int32]
Sums = NDArray[np.float64]

# Supplies that have up to so many terms together are all scored in full; of more, those that the most telling terms and
# meaning find first. One need alone is worth the second or two that more of them take; many needs are not.
ALONE: Final = 20_000_000
EXACT: Final = 500_000
# Needs that are read at once.
TOGETHER: Final = 256
# How many supplies are looked at again for each one that is asked for, and how many of these are then scored in full.
DEPTH: Final = 5
KEPT: Final = 1.6
LEAST: Final = 60
# The kind that most of what is known of supplies is about, and that decides most: as a part, and as places of parts.
CHARACTERS: Final = "characters"
APART: Final = np.array([PARTS.index(CHARACTERS)])
TERMS: Final = np.arange(len(TERM_PARTS))
OTHERS: Final = np.setdiff1d(TERMS, APART)
SAMPLE: Final = 1_000
MEANING: Final = PARTS.index("meaning")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A candidate with every term that gave something; the hits of a part of the text add up to it."""

    ranked: Ranked
    hits: tuple[Hit, ...]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles: very many small objects are made, and none of them is in one."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Kept(NamedTuple):
    """Zeros by column, and room to find candidates in."""

    table: NDArray[np.float64]
    room: Room

    @classmethod
    def of(cls, index: Index) -> Self:
        return cls(np.zeros(index.inverse.size), Room.of(len(index.keys)))


class Engine:
    """Ranks supplies for a need.

    The text of a supply gets about 0 to 100 points, the share of what the need asks for that it answers; codes and
    meaning add theirs. `Vectors` hold the needs' keys as well as the supplies'.
    """

    def __init__(
        self,
        supplies: Sequence[Profile],
        *,
        weights: Weights = SHIPPED,
        synonyms: Synonyms | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self._set_up(Index.of(supplies, weights), weights, synonyms, vectors)

    def _set_up(self, index: Index, weights: Weights, synonyms: Synonyms | None, vectors: Vectors | None) -> None:
        self.index, self.weights, self.vectors = index, weights, vectors
        self.synonyms = synonyms or Synonyms.none()
        self.keys = index.keys
        self.rows = {key: row for row, key in enumerate(self.keys)}
        self.meanings = vectors.of_keys(self.keys) if vectors else None
        self.asker = Asker(index, weights, self.synonyms)
        self.scratch = threading.local()

    def save(self, folder: Path) -> None:
        """Keep the index and its weights in a folder; synonyms and vectors are given anew to `load`."""
        self.index.save(folder)
        self.weights.write(folder / "weights.json")

    @classmethod
    def load(cls, folder: Path, *, synonyms: Synonyms | None = None, vectors: Vectors | None = None) -> Self:
        """The engine of a folder, its arrays mapped from the disk. Raises OSError or ValueError if it is none."""
        engine = cls.__new__(cls)
        engine._set_up(Index.load(folder), Weights.read(folder / "weights.json"), synonyms, vectors)  # noqa: SLF001
        return engine

    def weighed(self, weights: Weights) -> Self:
        """The same engine with other weights; ``k1`` and ``b`` are in the index and stay as they are."""
        engine = copy(self)
        engine.weights = replace(weights, k1=self.weights.k1, b=self.weights.b)
        engine.asker = Asker(self.index, engine.weights, self.synonyms)
        return engine

    def rank(self, need: Profile, *, limit: int = 50, among: Keys | None = None) -> list[Ranked]:
        """The best candidates, best first, ties by key.

        Without `among` only those that have something to do with the need; with it (keys, or a mask over `keys`) all of
        them, as many as are asked for.
        """
        return self._rank(need, self._ask(need), limit, among, exact=ALONE)

    def rank_many(
        self, needs: Sequence[Profile], *, limit: int = 50, allowed: Allowed | None = None
    ) -> list[list[Ranked]]:
        """`rank` for each need; over more than EXACT terms quickly: scores stay the same, a candidate may be missed.

        `allowed` gives the keys (or the mask) that may be proposed for a need, None for all.
        """
        found = []
        with uncollected():
            for start in range(0, len(needs), TOGETHER):
                some = needs[start : start + TOGETHER]
                for need, query in zip(some, self.asker.queries(some), strict=True):
                    found.append(self._rank(need, query, limit, allowed(need) if allowed else None, exact=EXACT))
        return found

    def _rank(self, need: Profile, query: Query, limit: int, among: Keys | None, *, exact: int) -> list[Ranked]:
        near = self._nearness(need)
        if self._terms_of(among) <= exact:
            rows = np.arange(len(self.keys), dtype=np.int32) if among is None else self._rows_of(among)
            values = self._parts(query, near, rows)
        else:
            rows, characters = self._candidates(query, near, limit, among)
            values = self._parts(query, near, rows, characters)
        totals = values.sum(axis=1)
        if among is None:
            rows, values, totals = (found[totals > 0] for found in (rows, values, totals))
        places = self._order(rows, totals, limit)
        return list(map(self._ranked, rows[places].tolist(), values[places].tolist()))

    def explain(self, need: Profile, key: str) -> Explanation:
        """How the score of this candidate comes about; KeyError for an unknown key."""
        query, row = self._ask(need), self.rows[key]
        values = self._parts(query, self._nearness(need), np.array([row], np.int32))[0].tolist()
        asked = asked_of(need, self.weights, self.synonyms)
        hits = sorted(self._hits(query, asked, row), key=lambda hit: (-hit.value, hit.term, hit.part, hit.need_field))
        return Explanation(self._ranked(row, values), tuple(hits))

    def _ask(self, need: Profile) -> Query:
        return self.asker.queries([need])[0]

    def _nearness(self, need: Profile) -> NDArray[np.float32] | None:
        """By how many standard deviations each supply is nearer in meaning than is usual for this need, at least 0."""
        if self.vectors is None or self.meanings is None or need.key not in self.vectors.rows or not len(self.keys):
            return None
        cosines = self.meanings @ self.vectors.of_keys([need.key])[0]
        sample = cosines[:: max(1, len(cosines) // SAMPLE)]
        near: NDArray[np.float32] = np.maximum((cosines - sample.mean()) / (sample.std() or 1.0), 0.0)
        return near

    def _candidates(self, query: Query, near: Any, limit: int, among: Keys | None) -> tuple[Rows, Sums]:
        """The rows to be scored in full, the most promising of those that are allowed, and their part of characters.

        What the best have in single characters, of which only a part was read, is added up in full first.
        """
        mask = among if among is None or isinstance(among, np.ndarray) else self._mask_of(among)
        apart = self.index.first[ALL_KINDS.index(CHARACTERS)]
        others, promise = promises(query, self.index.postings, self._kept.room, apart)
        if near is not None:
            others += self.weights.meaning * near
            promise += self.weights.meaning * near
        rows = best_rows(promise, max(LEAST, DEPTH * limit), mask)
        characters = self._sums(query, rows, APART)
        best = best_of(others[rows] + characters[:, 0], max(LEAST, int(KEPT * limit)))
        return rows[best], characters[best]

    def _mask_of(self, among: Keys) -> Mask:
        mask = np.zeros(len(self.keys), dtype=bool)
        mask[self._rows_of(among)] = True
        return mask

    def _terms_of(self, among: Keys | None) -> int:
        """How many terms these supplies, or all, have together, taking the mean of all."""
        total, entries = len(self.keys), len(self.index.columns)
        some = total if among is None else np.count_nonzero(among) if isinstance(among, np.ndarray) else len(among)
        return entries * int(some) // max(total, 1)

    def _rows_of(self, among: Keys) -> Rows:
        if isinstance(among, np.ndarray):
            return np.flatnonzero(among).astype(np.int32)
        return np.array(sorted({self.rows[key] for key in among if key in self.rows}), dtype=np.int32)

    def _parts(self, query: Query, near: Any, rows: Rows, characters: Sums | None = None) -> Sums:
        """(rows, parts): what each part gives to each of the supplies; that of characters may be known."""
        values = np.zeros((len(rows), len(PARTS)))
        others = TERMS if characters is None else OTHERS
        values[:, others] = self._sums(query, rows, others)
        if characters is not None:
            values[:, APART] = characters
        if near is not None:
            values[:, MEANING] = self.weights.meaning * near[rows].astype(np.float64)
        return values

    def _sums(self, query: Query, rows: Rows, parts: NDArray[np.int64]) -> Sums:
        """(rows, parts): what the terms give to these parts of each of the supplies."""
        index, table = self.index, self._kept.table
        matrix = index.starts, index.columns, index.impacts
        places = (rows[:, None] * np.int32(len(TERMS)) + parts.astype(np.int32)).ravel()
        found = Taken(*matrix) if len(places) == len(index.starts) - 1 else take(places, *matrix)
        table[query.columns] = query.given
        sums = weighed(found, table)
        table[query.columns] = 0.0
        return sums.reshape(len(rows), len(parts))

    @property
    def _kept(self) -> "Kept":
        """What this thread works in."""
        if not hasattr(self.scratch, "kept"):
            self.scratch.kept = Kept.of(self.index)
        kept: Kept = self.scratch.kept
        return kept

    def _order(self, rows: Rows, totals: Sums, limit: int) -> list[int]:
        """Places of the best, best first, ties by key."""
        places = np.arange(len(rows))
        if len(rows) > limit > 0:
            places = np.flatnonzero(totals >= np.partition(totals, -limit)[-limit])
        places = places[np.argsort(-totals[places])]
        found: list[int] = places.tolist()
        if (np.diff(totals[places]) == 0).any():
            found.sort(key=lambda place: (-totals[place], self.keys[rows[place]]))
        return found[:limit]

    def _ranked(self, row: int, values: Sequence[float]) -> Ranked:
        return Ranked(self.keys[row], sum(values), tuple(values))

    def _hits(self, query: Query, asked: Mapping[str, Asked], row: int) -> list[Hit]:
        """What every term of the query gave to the supply, by the need's field it stands in."""
        index = self.index
        factors = dict(zip(query.columns.tolist(), query.given.tolist(), strict=True))
        found = []
        for part, name in enumerate(TERM_PARTS):
            place = row * len(TERM_PARTS) + part
            span = slice(int(index.starts[place]), int(index.starts[place + 1]))
            for column, impact in zip(index.columns[span].tolist(), index.impacts[span].tolist(), strict=True):
                if factors.get(column):
                    found += self._told(asked, column, factors[column] * impact, name)
        return found

    def _told(self, asked: Mapping[str, Asked], column: int, value: float, part: str) -> list[Hit]:
        """What a term gave, shared among the need's fields."""
        place, term = divmod(column, self.index.first[-1])
        kind, word = self.index.spelled(term)
        field = CODES if kind == CODES else FIELDS[place]
        return [Hit(word, one, field, value * share, part) for one, share in shares_of(asked, kind, word).items()]
