"""How good an order is, and how sure one can be of it."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

CUT: Final = 10
RELEVANT: Final = 3
DRAWS: Final = 2_000
SEED: Final = 20_250_429


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over needs with its 95% interval."""

    mean: float
    low: float
    high: float


def gain(level: int) -> float:
    """What an offer of this level is worth: 0, 1, 3, 7 for 1 to 4."""
    return float(2 ** (level - 1) - 1)


def ndcg(levels: Sequence[int], cut: int = CUT) -> float | None:
    """Normalised discounted cumulative gain of levels in the order shown; None where no offer is worth anything.

    Järvelin and Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques; place i is divided by log2(i + 1).
    """
    best = discounted(sorted(levels, reverse=True)[:cut])
    return discounted(levels[:cut]) / best if best else None


def discounted(levels: Sequence[int]) -> float:
    return sum(gain(level) / math.log2(place + 1) for place, level in enumerate(levels, start=1))


def average_precision(levels: Sequence[int]) -> float | None:
    """The mean over the relevant offers of the share of relevant ones down to each; None where none is relevant."""
    places = [place for place, level in enumerate(levels, start=1) if level >= RELEVANT]
    return sum(found / place for found, place in enumerate(places, start=1)) / len(places) if places else None


def recall(shown: Collection[str], relevant: Collection[str]) -> float | None:
    """The share of the relevant offers that are among those shown; None where none is relevant."""
    return len(set(shown) & set(relevant)) / len(relevant) if relevant else None


def estimate(values: Sequence[float | None]) -> Estimate:
    """The mean of what is known, with the interval of the percentile bootstrap over needs (Efron 1979).

    The draws are always the same ones, so that the same figures give the same interval.
    """
    known = np.array([value for value in values if value is not None])
    if not len(known):
        return Estimate(0.0, 0.0, 0.0)
    draws = np.random.default_rng(SEED).integers(len(known), size=(DRAWS, len(known)))
    low, high = np.quantile(known[draws].mean(axis=1), (0.025, 0.975))
    return Estimate(float(known.mean()), float(low), float(high))


def difference(ours: Sequence[float | None], theirs: Sequence[float | None]) -> Estimate:
    """Ours less theirs, need by need."""
    pairs = zip(ours, theirs, strict=True)
    return estimate([None if a is None or b is None else a - b for a, b in pairs])
