"""The need's side of the formula: which terms it asks for, and what each counts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.counting import ALL_KINDS
from qunxing.matching.engine.index import Index
from qunxing.matching.engine.profiles import CODES, FIELDS, Profile
from qunxing.matching.engine.reading import Found, Tally
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.terms import KINDS, Terms, analyse
from qunxing.matching.engine.weights import Weights

Array = NDArray[Any]
# Points that the words of a need are worth in all: what a supply gets is its share of them, more where it repeats them.
POINTS = 100.0
Asked = Mapping[str, Mapping[str, float]]


class Query(NamedTuple):
    """``terms``, ascending, that some supply has, and the factor of each; the same by the columns of the index."""

    terms: Array
    factors: Array
    columns: Array
    given: Array


class Wanted(NamedTuple):
    """Terms by their numbers, the needs that want them, ascending, and what each counts there."""

    needs: Array
    terms: Array
    counts: Array


@dataclass(frozen=True)
class Asker:
    """Makes queries of needs, many at a time."""

    index: Index
    weights: Weights
    synonyms: Synonyms

    def queries(self, needs: Sequence[Profile]) -> list[Query]:
        """Terms that no supply has are left out."""
        sides = [
            self._scaled(self._codes(needs), self.weights.codes, len(needs)),
            self._scaled(self._said(needs), POINTS, len(needs)),
        ]
        wanted = Wanted(*map(np.concatenate, zip(*sides, strict=True)))
        order = np.argsort(wanted.needs, kind="stable")
        cuts = np.searchsorted(wanted.needs[order], np.arange(1, len(needs)))
        return list(map(self._query, np.split(wanted.terms[order], cuts), np.split(wanted.counts[order], cuts)))

    def _query(self, terms: Array, factors: Array) -> Query:
        """A term can be had in each field; a code has no field, and stands in the columns of the first."""
        codes = int(np.searchsorted(terms, self.index.first[1]))
        columns = [terms[codes:] + place * self.index.first[-1] for place in range(len(FIELDS))]
        given = [factors[codes:] * self.weights.fields[field] for field in FIELDS]
        return Query(
            terms, factors, np.concatenate((terms[:codes], *columns)), np.concatenate((factors[:codes], *given))
        )

    def _scaled(self, wanted: Wanted, points: float, needs: int) -> Wanted:
        """So that a supply that has each term once, at the usual length, gets `points`."""
        mass = wanted.counts * self._masses[wanted.terms]
        there = np.flatnonzero(mass > 0)
        owners, terms, counts = wanted.needs[there], wanted.terms[there], wanted.counts[there]
        total = np.bincount(owners, weights=mass[there], minlength=needs)
        return Wanted(owners, terms, counts * (points / np.where(total > 0, total, 1.0))[owners])

    @cached_property
    def _masses(self) -> Array:
        """What a supply gets that has a term once in each field, at the usual length."""
        weights = np.array([self.weights.fields[field] for field in FIELDS], np.float32)
        masses = weights @ self.index.inverse
        masses[: self.index.first[1]] = self.index.inverse[0, : self.index.first[1]]
        return masses

    def _said(self, needs: Sequence[Profile]) -> Wanted:
        """A term that is found by several synonyms of one field counts once, as the best of them."""
        pieces: list[tuple[Array, ...]] = []
        for place, field in enumerate(FIELDS):
            for found, counts in self._found([getattr(need, field) for need in needs]):
                for kind in KINDS:
                    worth = self.weights.need[field] * self.weights.kinds[kind]
                    for owners, terms, values in self._valued(found, kind, counts):
                        pieces.append((owners, terms, np.full(len(terms), place), worth * values))
        return summed(pieces)

    def _found(self, texts: Sequence[str]) -> Iterator[tuple[Found, float | None]]:
        """What stands in the texts, then what stands in the synonyms of each text and what that counts."""
        if any(texts):
            yield self.index.reader.read(texts), None
        others = ["。".join(self.synonyms.among(text)) for text in texts] if self.synonyms.groups else []
        if any(others):
            yield self.index.reader.read(others), self.weights.synonyms

    def _valued(self, found: Found, kind: str, counts: float | None) -> Iterator[tuple[Array, Array, Array]]:
        """(needs, terms, ln(1 + tf) and distinction) of the terms that are known."""
        first = self.index.first[ALL_KINDS.index(kind)]
        for tally, terms in ((found.letters, found.letters.terms), self._own(found, kind)):
            owners = np.repeat(np.arange(len(tally.sizes)), tally.sizes)
            said = np.log1p(tally.counts.astype(float) if counts is None else np.full(len(terms), counts))
            known = np.flatnonzero(terms >= 0)
            numbers = terms[known] + first
            yield owners[known], numbers, said[known] * self._distinctions[numbers]

    def _own(self, found: Found, kind: str) -> tuple[Tally, Array]:
        """A kind's own tally and its terms' numbers in the vocabulary, below 0 for unknown ones."""
        tally: Tally = getattr(found, kind)
        vocabularies = self.index.vocabularies
        if kind == "pairs":
            return tally, vocabularies.pairs.of_codes(tally.terms)
        numbers = tally.terms.astype(np.int64) + len(vocabularies.words.names)
        return tally, np.where(numbers < len(getattr(vocabularies, kind)), numbers, -1)

    @cached_property
    def _distinctions(self) -> Array:
        """That of each term."""
        found = np.ones(self.index.first[-1])
        for kind, first in zip(ALL_KINDS, self.index.first, strict=False):
            told = self.weights.distinctions.get(kind, {})
            numbers = getattr(self.index.vocabularies, kind).numbers(tuple(told))
            found[first + numbers[numbers >= 0]] = np.array(list(told.values()))[numbers >= 0]
        return found

    def _codes(self, needs: Sequence[Profile]) -> Wanted:
        """The vocabulary codes of the needs, each once."""
        known = self.index.vocabularies.codes.places
        held = [
            (place, term)
            for place, need in enumerate(needs)
            for term in sorted(known[code] for code in set(need.codes) if code in known)
        ]
        owners, terms = np.array(held, dtype=np.int64).reshape(-1, 2).T
        return Wanted(owners, terms, np.ones(len(terms)))


def summed(pieces: Sequence[tuple[Array, ...]]) -> Wanted:
    """Of (needs, terms, fields, values) the best value of each field, and the sum of those over the fields."""
    if not pieces:
        return Wanted(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    owners, terms, fields, values = (np.concatenate(part) for part in zip(*pieces, strict=True))
    keys = ((owners << 32 | terms) << 2) | fields
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order]
    best = np.flatnonzero(np.append(keys[1:] != keys[:-1], values[-1:] == values[-1:]))
    keys, values = keys[best] >> 2, values[best]
    first = np.flatnonzero(np.append(values[:1] == values[:1], keys[1:] != keys[:-1]))
    keys = keys[first]
    total = np.add.reduceat(values, first) if len(first) else values
    return Wanted(keys >> 32, keys & 0xFFFFFFFF, total)


# --- where in the need a term stands, for reasons --------------------------------------------------------------------


def shares_of(asked: Mapping[str, Asked], kind: str, term: str) -> Mapping[str, float]:
    """The need's fields in which the term stands, and the share of each; they add up to 1."""
    weights = asked[kind][term]
    total = sum(weights.values())
    return {field: weight / total for field, weight in weights.items()}


def asked_of(need: Profile, weights: Weights, synonyms: Synonyms) -> dict[str, Asked]:
    """For each kind and term what it counts by the need's field.

    A term that stands in a text tf times counts ln(1 + tf), times the field's weight and the term's distinction.
    """
    found: dict[str, dict[str, dict[str, float]]] = {kind: {} for kind in KINDS}
    distinct = {kind: weights.distinctions.get(kind, {}) for kind in KINDS}
    for field in FIELDS:
        text = getattr(need, field)
        for kind, term, count in terms_of(text, weights, synonyms):
            value = weights.need[field] * math.log1p(count) * distinct[kind].get(term, 1.0)
            if value:
                fields = found[kind].setdefault(term, {})
                fields[field] = max(fields.get(field, 0.0), value)
    return {**found, CODES: {code: {CODES: 1.0} for code in need.codes}}


def terms_of(text: str, weights: Weights, synonyms: Synonyms) -> list[tuple[str, str, float]]:
    """(kind, term, how often) in a text and, counted less, in its synonyms."""
    said = [(kind, term, float(n)) for kind, count in zip(KINDS, read(text), strict=True) for term, n in count.items()]
    others = synonyms.among(text)
    if not others:
        return said
    meant = analyse("。".join(others))
    return said + [(kind, term, weights.synonyms) for kind, count in zip(KINDS, meant, strict=True) for term in count]


@lru_cache(maxsize=512)
def read(text: str) -> Terms:
    """The terms of a need's text; one need is often asked again with other weights."""
    return analyse(text)
