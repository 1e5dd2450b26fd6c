"""The engine: supplies in an index, needs ranked over it, every score a sum of named parts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.postings import Channel, channel
from qunxing.matching.engine.profiles import FIELDS, Hit, Part, Profile, Ranked
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.terms import pairs, words
from qunxing.matching.engine.vectors import Vectors
from qunxing.matching.engine.weights import SHIPPED, Weights

# The parts of a score in the order in which they are shown: words by the field of the supply they stand in,
# pairs of characters in any of its fields, vocabulary codes of both, nearness of meaning.
PARTS: Final = ("title", "text", "history", "pairs", "codes", "meaning")
Allowed = Callable[[Profile], Collection[str] | None]
Share = tuple[str, str, str, str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A candidate with every term that gave something; the hits of a part add up to it."""

    ranked: Ranked
    hits: tuple[Hit, ...]


class Engine:
    """Ranks supplies for a need. Scores of two needs are on different scales; within one need they compare."""

    def __init__(
        self,
        supplies: Sequence[Profile],
        *,
        weights: Weights = SHIPPED,
        synonyms: Synonyms | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self.keys = [supply.key for supply in supplies]
        self.rows = {key: row for row, key in enumerate(self.keys)}
        self.weights = weights
        self.synonyms = synonyms or Synonyms.none()
        self.vectors = vectors
        self.meanings = vectors.of_keys(self.keys) if vectors else None
        self.channels = channels_of(supplies, weights)

    def rank(self, need: Profile, *, limit: int = 50, among: Collection[str] | None = None) -> list[Ranked]:
        """The best candidates, best first, ties by key; only those that have something to do with the need."""
        parts = self._parts(need)
        totals = parts.sum(axis=0)
        rows = np.arange(len(self.keys)) if among is None else self._rows_of(among)
        rows = rows[totals[rows] > 0] if among is None else rows
        best = sorted(rows.tolist(), key=lambda row: (-totals[row], self.keys[row]))[:limit]
        return [self._ranked(row, parts[:, row]) for row in best]

    def rank_many(
        self, needs: Sequence[Profile], *, limit: int = 50, allowed: Allowed | None = None
    ) -> list[list[Ranked]]:
        """`rank` for each need; `allowed` gives the keys that may be proposed for it, None for all."""
        return [self.rank(need, limit=limit, among=allowed(need) if allowed else None) for need in needs]

    def explain(self, need: Profile, key: str) -> Explanation:
        """How the score of this candidate comes about; KeyError for an unknown key."""
        row = self.rows[key]
        shares = [share for share in self._shares(need, row) if share[4]]
        hits = [Hit(term, here, there, value, part) for part, term, here, there, value in shares]
        hits.sort(key=lambda hit: (-hit.value, hit.term))
        return Explanation(self._ranked(row, self._parts(need)[:, row]), tuple(hits))

    def _rows_of(self, keys: Collection[str]) -> NDArray[np.int64]:
        return np.array(sorted({self.rows[key] for key in keys if key in self.rows}), dtype=np.int64)

    def _ranked(self, row: int, values: NDArray[np.float64]) -> Ranked:
        shown = tuple(Part(name, float(value)) for name, value in zip(PARTS, values, strict=True) if value)
        return Ranked(self.keys[row], sum(part.value for part in shown), shown)

    def _parts(self, need: Profile) -> NDArray[np.float64]:
        """(parts, supplies): what each part gives to each supply."""
        found = np.zeros((len(PARTS), len(self.keys)))
        for here in self.channels:
            for term, weight in self._asked(need, here).items():
                rows, impacts = here.column(term)
                found[PARTS.index(part_of(here)), rows] += weight * impacts.astype(np.float64)
        self._add_meaning(need, found)
        return found

    def _add_meaning(self, need: Profile, found: NDArray[np.float64]) -> None:
        if self.vectors is None or self.meanings is None or need.key not in self.vectors.rows:
            return
        near = self.meanings @ self.vectors.of_keys([need.key])[0]
        found[PARTS.index("meaning")] = self.weights.parts["meaning"] * np.maximum(near, 0).astype(np.float64)

    def _asked(self, need: Profile, here: Channel) -> dict[str, float]:
        """The need's terms that the channel knows, with the weight each has."""
        terms = need_terms(need, here.name, self.weights, self.synonyms)
        factor = self.weights.parts[part_of(here)]
        return {term: factor * sum(fields.values()) for term, fields in terms.items() if term in here.columns}

    def _shares(self, need: Profile, row: int) -> list[Share]:
        """(part, term, need's field, supply's field, value) of everything that matched."""
        found: list[Share] = []
        for here in self.channels:
            part, there = part_of(here), here.name.partition(".")[2]
            for term, fields in need_terms(need, here.name, self.weights, self.synonyms).items():
                impact = impact_at(here, term, row) * self.weights.parts[part]
                found += [(part, term, field, there, weight * impact) for field, weight in fields.items()]
        return found


def channels_of(supplies: Sequence[Profile], weights: Weights) -> tuple[Channel, ...]:
    k1, b = weights.k1, weights.b
    found = [channel("codes.codes", [dict.fromkeys(s.codes, 1) for s in supplies], k1=k1, b=0)]
    for field in FIELDS:
        texts = [getattr(supply, field) for supply in supplies]
        found.append(channel(f"words.{field}", [words(text) for text in texts], k1=k1, b=b))
        found.append(channel(f"pairs.{field}", [pairs(text) for text in texts], k1=k1, b=b))
    return tuple(found)


def part_of(here: Channel) -> str:
    kind, _dot, field = here.name.partition(".")
    return field if kind == "words" else kind


def impact_at(here: Channel, term: str, row: int) -> float:
    if term not in here.columns:
        return 0.0
    rows, impacts = here.column(term)
    place = int(np.searchsorted(rows, row))
    return float(impacts[place]) if place < len(rows) and rows[place] == row else 0.0


def need_terms(need: Profile, name: str, weights: Weights, synonyms: Synonyms) -> Mapping[str, Mapping[str, float]]:
    """For each term of the need in a channel's kind, the weight it has by the need's field."""
    kind = name.partition(".")[0]
    if kind == "codes":
        return {code: {"codes": 1.0} for code in need.codes}
    found: dict[str, dict[str, float]] = {}
    cut = words if kind == "words" else pairs
    for field in FIELDS:
        text = getattr(need, field)
        text = "。".join((text, *synonyms.among(text))) if synonyms.groups else text
        for term, count in cut(text).items():
            found.setdefault(term, {})[field] = weights.need[field] * count / (count + 1) * 2
    return found
