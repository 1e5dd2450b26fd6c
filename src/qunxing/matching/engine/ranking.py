"""The engine: supplies in an index, needs ranked over it, every score a sum of named parts."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.asking import Asked, Asker, Query, asked_of, shares_of
from qunxing.matching.engine.index import PARTS, Index
from qunxing.matching.engine.profiles import Hit, Part, Profile, Ranked
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.vectors import Vectors
from qunxing.matching.engine.weights import SHIPPED, Weights

Mask = NDArray[np.bool_]
Keys = Collection[str] | Mask
Allowed = Callable[[Profile], Keys | None]
Rows = NDArray[np.int64]

# Supplies that have up to so many terms together are all scored in full; of more, those that the most telling terms and
# meaning find first. One need alone is worth the second or two that more of them take; many needs are not.
ALONE: Final = 20_000_000
EXACT: Final = 500_000
# How many candidates are scored in full for each one that is asked for, and how many at least.
DEPTH: Final = 4
LEAST: Final = 200
# Needs that are read at once.
TOGETHER: Final = 256
# Entries of the index that the search for candidates reads, the most telling terms first.
BUDGET: Final = 100_000
# Low bits of a column: a table over them stays in the processor's cache.
LOW: Final = 0xFFFF
# Every so manieth supply tells about where the best begin.
EVERY: Final = 16
SAMPLE: Final = 1_000
MEANING: Final = PARTS.index("meaning")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A candidate with every term that gave something; the hits of a part of the text add up to it."""

    ranked: Ranked
    hits: tuple[Hit, ...]


class Tables(NamedTuple):
    """Room to work in that is kept, for making it costs more than filling it.

    By the low bits of a column, whether the query asks for one of these; by column, its factor; by row, its promise.
    """

    asked: NDArray[np.bool_]
    factors: NDArray[np.float64]
    promise: NDArray[np.float32]

    @classmethod
    def of(cls, index: Index) -> Self:
        width = len(index.inverse)
        return cls(np.zeros(LOW + 1, dtype=bool), np.zeros(width), np.zeros(len(index.keys), dtype=np.float32))


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
        for start in range(0, len(needs), TOGETHER):
            some = needs[start : start + TOGETHER]
            for need, query in zip(some, self.asker.queries(some), strict=True):
                found.append(self._rank(need, query, limit, allowed(need) if allowed else None, exact=EXACT))
        return found

    def _rank(self, need: Profile, query: Query, limit: int, among: Keys | None, *, exact: int) -> list[Ranked]:
        near = self._nearness(need)
        if self._terms_of(among) <= exact:
            rows = np.arange(len(self.keys)) if among is None else self._rows_of(among)
        else:
            rows = self._candidates(query, near, limit, among)
        values = self._parts(query, near, rows)
        totals = values.sum(axis=1)
        if among is None:
            rows, values, totals = (found[totals > 0] for found in (rows, values, totals))
        places = self._order(rows, totals, limit)
        return list(map(self._ranked, rows[places].tolist(), values[places].tolist()))

    def explain(self, need: Profile, key: str) -> Explanation:
        """How the score of this candidate comes about; KeyError for an unknown key."""
        query, row = self._ask(need), self.rows[key]
        values = self._parts(query, self._nearness(need), np.array([row]))[0].tolist()
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

    def _candidates(self, query: Query, near: Any, limit: int, among: Keys | None) -> Rows:
        """The rows to be scored in full: the most promising of those that are allowed."""
        promise = self._promise(query)
        if near is not None:
            promise += self.weights.meaning * near
        if isinstance(among, np.ndarray):
            promise *= among
        elif among is not None:
            rows = self._rows_of(among)
            kept, promise[:] = promise[rows], 0.0
            promise[rows] = kept
        return best_rows(promise, max(LEAST, DEPTH * limit))

    def _terms_of(self, among: Keys | None) -> int:
        """How many terms these supplies, or all, have together, taking the mean of all."""
        total, entries = len(self.keys), len(self.index.columns)
        some = total if among is None else np.count_nonzero(among) if isinstance(among, np.ndarray) else len(among)
        return entries * int(some) // max(total, 1)

    def _promise(self, query: Query) -> Any:
        """About what the most telling terms of the query give to every supply; often used ones are not looked up."""
        starts = self.index.term_starts
        first, last = starts[query.columns], starts[query.columns + 1]
        worth = query.factors * self.index.inverse[query.columns]
        order = np.argsort(-worth, kind="stable")
        sizes = (last - first)[order]
        chosen = order[: np.searchsorted(np.cumsum(sizes), max(BUDGET, len(self.keys)), side="right")]
        rows = self.index.term_rows
        spans = [rows[start:end] for start, end in zip(first[chosen].tolist(), last[chosen].tolist(), strict=True)]
        promise = self._tables().promise
        promise.fill(0.0)
        if spans:
            gains = np.repeat(worth[chosen].astype(np.float32), sizes[: len(chosen)])
            np.add.at(promise, np.concatenate(spans), gains)
        return promise

    def _rows_of(self, among: Keys) -> Rows:
        if isinstance(among, np.ndarray):
            return np.flatnonzero(among)
        return np.array(sorted({self.rows[key] for key in among if key in self.rows}), dtype=np.int64)

    def _parts(self, query: Query, near: Any, rows: Rows) -> Any:
        """(rows, parts): what each part gives to each of the supplies."""
        slots, gains = self._gains(query, rows)
        # Of nothing at all bincount makes whole numbers.
        sums = np.bincount(slots, weights=gains, minlength=len(rows) * len(PARTS)).astype(np.float64, copy=False)
        values = sums.reshape(len(rows), len(PARTS))
        if near is not None:
            values[:, MEANING] = self.weights.meaning * near[rows].astype(np.float64)
        return values

    def _gains(self, query: Query, rows: Rows) -> tuple[Any, Any]:
        """(slots, values) of every term that the query and one of the supplies have; a slot is a place in `_parts`."""
        starts, ends = self.index.starts[rows], self.index.starts[rows + 1]
        columns = self._columns(starts, ends)
        tables = self._tables()
        tables.asked[query.columns & LOW], tables.factors[query.columns] = True, query.factors
        hit = np.flatnonzero(tables.asked.take(columns & LOW))
        factors = tables.factors[columns[hit]]
        asked = np.flatnonzero(factors)
        hit, factors = hit[asked], factors[asked]
        tables.asked[query.columns & LOW], tables.factors[query.columns] = False, 0.0
        upto = np.cumsum(ends - starts)
        hits = np.diff(np.searchsorted(hit, upto), prepend=0)
        owner = np.repeat(np.arange(len(rows)), hits)
        gains = factors * self.index.impacts[hit + np.repeat(ends - upto, hits)]
        return owner * len(PARTS) + self.index.parts[columns[hit]], gains

    def _columns(self, starts: Rows, ends: Rows) -> Any:
        """The columns of the supplies that stand from these starts to these ends."""
        if len(starts) == len(self.keys):
            return self.index.columns
        spans = [self.index.columns[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int32)

    def _tables(self) -> "Tables":
        if not hasattr(self.scratch, "tables"):
            self.scratch.tables = Tables.of(self.index)
        tables: Tables = self.scratch.tables
        return tables

    def _order(self, rows: Rows, totals: NDArray[np.float64], limit: int) -> list[int]:
        """Places of the best, best first, ties by key."""
        places = np.arange(len(rows))
        if len(rows) > limit > 0:
            places = np.flatnonzero(totals >= np.partition(totals, -limit)[-limit])
        return sorted(places.tolist(), key=lambda place: (-totals[place], self.keys[rows[place]]))[:limit]

    def _ranked(self, row: int, values: Sequence[float]) -> Ranked:
        shown = tuple(map(Part._make, zip(compress(PARTS, values), filter(None, values), strict=True)))
        return Ranked(self.keys[row], sum(values), shown)

    def _hits(self, query: Query, asked: Mapping[str, Asked], row: int) -> list[Hit]:
        """What every term of the query gave to the supply, by the need's field it stands in."""
        factor_of = dict(zip(query.columns.tolist(), query.factors.tolist(), strict=True))
        span = slice(int(self.index.starts[row]), int(self.index.starts[row + 1]))
        found = []
        for column, impact in zip(self.index.columns[span].tolist(), self.index.impacts[span].tolist(), strict=True):
            if factor_of.get(column):
                here, term = self.index.term(column)
                value = factor_of[column] * impact
                shares = shares_of(asked, here.kind, term).items()
                found += [Hit(term, field, here.field, value * share, PARTS[here.part]) for field, share in shares]
        return found


def best_rows(promise: NDArray[np.float32], depth: int) -> Rows:
    """The rows of at most `depth` of the highest above 0."""
    enough = 2 * depth // EVERY
    sample = promise[::EVERY]
    guess = np.partition(sample, -enough)[-enough] if 0 < enough < len(sample) else 0.0
    rows = np.flatnonzero(promise > guess)
    if len(rows) < depth:
        rows = np.flatnonzero(promise > 0)
    if len(rows) > depth:
        rows = np.sort(rows[np.argsort(-promise[rows], kind="stable")[:depth]])
    return rows
