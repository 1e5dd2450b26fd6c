"""How alike two routes read, by the words and characters that the matching counts. No Django in here."""

import math
from collections import Counter
from collections.abc import Mapping

from qunxing.matching.engine.terms import KINDS, Terms, analyse

# From here on staff say in what two routes differ before the race goes on.
ALIKE = 0.6
# What so short a text tells is nothing.
SHORTEST = 20


def likeness(first: str, second: str) -> float:
    """From 0, nothing in common, to 1, the same words as often; 0 where one of both says next to nothing."""
    if min(len(first.strip()), len(second.strip())) < SHORTEST:
        return 0.0
    one, other = analyse(first), analyse(second)
    found = [cosine(damped(one, kind), damped(other, kind)) for kind in KINDS[:2]]
    return round(sum(found) / len(found), 4)


def damped(terms: Terms, kind: str) -> Mapping[str, float]:
    """A term that stands there often counts little more than one that stands there twice."""
    counts: Counter[str] = getattr(terms, kind)
    return {term: math.log1p(count) for term, count in counts.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(value * other[term] for term, value in one.items() if term in other)
    length = math.sqrt(sum(value * value for value in one.values()) * sum(value * value for value in other.values()))
    return shared / length if length else 0.0
