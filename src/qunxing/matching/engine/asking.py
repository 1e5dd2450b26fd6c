"""The need's side of the formula: which terms it asks for, and what each counts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.counting import CODES
from qunxing.matching.engine.index import Channel, Index
from qunxing.matching.engine.profiles import FIELDS, Profile
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.terms import KINDS, Terms, analyse
from qunxing.matching.engine.vocabulary import Vocabulary
from qunxing.matching.engine.weights import Weights

# Points that the words of a need are worth in all: what a supply gets is its share of them, more where it repeats them.
POINTS = 100.0
Asked = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Query:
    """``columns`` of an index and the factor of each, and what was asked: where in the need a term stands."""

    columns: NDArray[np.int64]
    factors: NDArray[np.float64]
    asked: Mapping[str, Asked]

    def shares(self, here: Channel, term: str) -> Mapping[str, float]:
        """The need's fields in which the term stands, and the share of each; they add up to 1."""
        weights = self.asked[here.kind][term]
        total = sum(weights.values())
        return {field: weight / total for field, weight in weights.items()}


def ask(need: Profile, index: Index, weights: Weights, synonyms: Synonyms) -> Query:
    """The need as a query of the index; terms that no supply has are left out."""
    asked = asked_of(need, weights, synonyms)
    numbered = {kind: known(getattr(index.vocabularies, kind), terms) for kind, terms in asked.items()}
    words = [one for one in index.channels if one.kind != CODES]
    codes = [one for one in index.channels if one.kind == CODES]
    text = scaled(*gathered(words, numbered, weights), index, POINTS)
    shared = scaled(*gathered(codes, numbered, weights), index, weights.codes)
    return Query(np.concatenate((text[0], shared[0])), np.concatenate((text[1], shared[1])), asked)


def gathered(channels: Sequence[Channel], numbered: Mapping[str, tuple[Any, Any]], weights: Weights) -> tuple[Any, Any]:
    """(columns, factors) of the known terms in these channels."""
    columns = [one.start + numbered[one.kind][0] for one in channels]
    factors = [worth_of(one, weights) * numbered[one.kind][1] for one in channels]
    return np.concatenate(columns), np.concatenate(factors)


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


def known(vocabulary: Vocabulary, asked: Asked) -> tuple[Any, Any]:
    """(numbers, weights) of the terms that are known."""
    columns = vocabulary.numbers(tuple(asked))
    weights = np.array([sum(fields.values()) for fields in asked.values()])
    there = columns >= 0
    return columns[there], weights[there]


def worth_of(here: Channel, weights: Weights) -> float:
    return 1.0 if here.kind == CODES else weights.kinds[here.kind] * weights.fields[here.field]


def scaled(columns: Any, factors: Any, index: Index, points: float) -> tuple[Any, Any]:
    """The factors on a scale on which a supply that has each term once, at the usual length, gets `points`."""
    mass = float(index.inverse[columns] @ factors)
    return columns, factors * (points / mass if mass else 0.0)
