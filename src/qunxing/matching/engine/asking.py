"""The need's side of the formula: which terms it asks for, and what each counts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.counting import CODES
from qunxing.matching.engine.index import Channel, Index
from qunxing.matching.engine.profiles import FIELDS, Profile
from qunxing.matching.engine.reading import Found, Tally
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.terms import KINDS, Terms, analyse
from qunxing.matching.engine.weights import Weights

Array = NDArray[Any]
# Points that the words of a need are worth in all: what a supply gets is its share of them, more where it repeats them.
POINTS = 100.0
Asked = Mapping[str, Mapping[str, float]]


class Query(NamedTuple):
    """``columns`` of an index that some supply has, and the factor of each."""

    columns: Array
    factors: Array


class Wanted(NamedTuple):
    """Terms of a kind by their numbers, the needs that want them, ascending, and what each counts there."""

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
        wanted = self._wanted(needs)
        text = [one for one in self.index.channels if one.kind != CODES]
        codes = [one for one in self.index.channels if one.kind == CODES]
        sides = (
            self._scaled(text, wanted, POINTS, len(needs)),
            self._scaled(codes, wanted, self.weights.codes, len(needs)),
        )
        owners, columns, factors = (np.concatenate(pair) for pair in zip(*sides, strict=True))
        order = np.argsort(owners, kind="stable")
        cuts = np.searchsorted(owners[order], np.arange(1, len(needs)))
        return list(map(Query, np.split(columns[order], cuts), np.split(factors[order], cuts)))

    def _scaled(self, channels: Sequence[Channel], wanted: Mapping[str, Wanted], points: float, needs: int) -> Any:
        """(needs, columns, factors) so that a supply that has each term once, at the usual length, gets `points`."""
        owners = np.concatenate([wanted[one.kind].needs for one in channels])
        columns = np.concatenate([wanted[one.kind].terms + one.start for one in channels])
        factors = np.concatenate([wanted[one.kind].counts * worth_of(one, self.weights) for one in channels])
        inverse = self.index.inverse[columns]
        there = np.flatnonzero((inverse > 0) & (factors > 0))
        owners, columns, factors = owners[there], columns[there], factors[there]
        mass = np.bincount(owners, weights=inverse[there] * factors, minlength=needs)
        return owners, columns, factors * (points / np.where(mass > 0, mass, 1.0))[owners]

    def _wanted(self, needs: Sequence[Profile]) -> dict[str, Wanted]:
        """By kind; a term that is found by several synonyms of one field counts once, as the best of them."""
        pieces: dict[str, list[tuple[Array, ...]]] = {kind: [] for kind in KINDS}
        for place, field in enumerate(FIELDS):
            for found, counts in self._found([getattr(need, field) for need in needs]):
                for kind in KINDS:
                    for owners, terms, values in self._valued(found, kind, counts):
                        value = self.weights.need[field] * values
                        pieces[kind].append((owners, terms, np.full(len(terms), place), value))
        return {CODES: self._codes(needs), **{kind: summed(found) for kind, found in pieces.items()}}

    def _found(self, texts: Sequence[str]) -> Iterator[tuple[Found, float | None]]:
        """What stands in the texts, then what stands in the synonyms of each text and what that counts."""
        if any(texts):
            yield self.index.reader.read(texts), None
        others = ["。".join(self.synonyms.among(text)) for text in texts] if self.synonyms.groups else []
        if any(others):
            yield self.index.reader.read(others), self.weights.synonyms

    def _valued(self, found: Found, kind: str, counts: float | None) -> Iterator[tuple[Array, Array, Array]]:
        """(needs, terms, ln(1 + tf) and distinction) of the terms that are known."""
        for tally, terms in ((found.letters, found.letters.terms), self._own(found, kind)):
            owners = np.repeat(np.arange(len(tally.sizes)), tally.sizes)
            said = np.log1p(tally.counts.astype(float) if counts is None else np.full(len(terms), counts))
            known = np.flatnonzero(terms >= 0)
            yield owners[known], terms[known], said[known] * self._distinctions[kind][terms[known]]

    def _own(self, found: Found, kind: str) -> tuple[Tally, Array]:
        """A kind's own tally and its terms' numbers in the vocabulary, below 0 for unknown ones."""
        tally: Tally = getattr(found, kind)
        vocabularies = self.index.vocabularies
        if kind == "pairs":
            return tally, vocabularies.pairs.of_codes(tally.terms)
        numbers = tally.terms.astype(np.int64) + len(vocabularies.words.names)
        return tally, np.where(numbers < len(getattr(vocabularies, kind)), numbers, -1)

    @cached_property
    def _distinctions(self) -> dict[str, Array]:
        """By kind, that of each term."""
        found = {}
        for kind in KINDS:
            told = self.weights.distinctions.get(kind, {})
            vocabulary = getattr(self.index.vocabularies, kind)
            numbers = vocabulary.numbers(tuple(told))
            found[kind] = np.ones(len(vocabulary))
            found[kind][numbers[numbers >= 0]] = np.array(list(told.values()))[numbers >= 0]
        return found

    def _codes(self, needs: Sequence[Profile]) -> Wanted:
        """The vocabulary codes of the needs, each once."""
        known = self.index.vocabularies.codes.places
        held = [(place, known[code]) for place, need in enumerate(needs) for code in set(need.codes) if code in known]
        owners, terms = np.array(held, dtype=np.int64).reshape(-1, 2).T
        return Wanted(owners, terms, np.ones(len(terms)))


def summed(pieces: Sequence[tuple[Array, ...]]) -> Wanted:
    """Of (needs, terms, fields, values) the best value of each field, and the sum of those over the fields."""
    if not pieces:
        return Wanted(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    owners, terms, fields, values = (np.concatenate(part) for part in zip(*pieces, strict=True))
    order = np.lexsort((values, fields, terms, owners))
    owners, terms, fields, values = owners[order], terms[order], fields[order], values[order]
    other = (owners[1:] != owners[:-1]) | (terms[1:] != terms[:-1])
    best = np.flatnonzero(np.append(other | (fields[1:] != fields[:-1]), values[-1:] == values[-1:]))
    owners, terms, values = owners[best], terms[best], values[best]
    other = (owners[1:] != owners[:-1]) | (terms[1:] != terms[:-1])
    first = np.flatnonzero(np.append(values[:1] == values[:1], other))
    return Wanted(owners[first], terms[first], np.add.reduceat(values, first) if len(first) else values)


def worth_of(here: Channel, weights: Weights) -> float:
    return 1.0 if here.kind == CODES else weights.kinds[here.kind] * weights.fields[here.field]


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
