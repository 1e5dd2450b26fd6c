"""Standings that tell the truth: scores of all contestants on the same items, and what they can and cannot tell apart.

No Django in here. Items are what is sampled: every interval and every comparison asks what another draw of as many
items would have shown. Comparisons are paired, item by item, and corrected for how many of them are made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Method = Literal["bootstrap", "analytic"]
Missing = Literal["zero", "own", "drop"]
DIGITS = 12  # of a score; what is beyond is the noise of sums
CHUNK = 4_000_000  # draws times items held at once
# How often an item comes in a draw, by a random byte: Poisson of mean 1 (Chamandy et al. 2012), its chances in parts of
# 256 chosen so that mean and variance are 1 exactly.
TIMES = bytes([0] * 94 + [1] * 95 + [2] * 46 + [3] * 16 + [4] * 4 + [5])


@dataclass(frozen=True)
class Table:
    """Scores of contestants (rows) on items (columns), higher is better, NaN where an item has no score.

    `strata` names the stratum of each item and `shares` its part of the whole; without them items count alike.
    """

    contestants: tuple[str, ...]
    scores: Numbers
    strata: tuple[str, ...] = ()
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """How a standing is computed. `missing`: an item without a score counts nothing ("zero"), counts for nobody
    ("drop"), or is left out for whoever lacks it ("own"). `level` is the coverage of the intervals.
    """

    method: Method = "analytic"
    draws: int = 2_000
    seed: int = 0
    level: float = 0.95
    missing: Missing = "zero"


@dataclass(frozen=True)
class Place:
    """One contestant's place; `better` and `worse` are how many are better and worse beyond chance."""

    contestant: str
    rank: int
    score: float
    low: float
    high: float
    rank_low: int
    rank_high: int
    group: int


@dataclass(frozen=True)
class Standing:
    """Places in order, and all differences: row minus column in the order of the places.

    `apart` says which differences are beyond chance when all are looked at together; `low` and `high` are the
    intervals of each difference by itself; `spread` is the standard error of each difference.
    """

    places: tuple[Place, ...]
    difference: Numbers
    low: Numbers
    high: Numbers
    spread: Numbers
    apart: Truths
    items: int


@dataclass(frozen=True)
class Sample:
    """The scores as they are counted, one row a contestant in the order of the table, with their item weights."""

    scores: Numbers  # contestants x items
    weights: Numbers  # items; they make 1
    strata: tuple[npt.NDArray[np.intp], ...]  # the items of each stratum

    @property
    def means(self) -> Numbers:
        """Rounded, so that the order of a sum parts nobody who is equal, nor from a threshold that was reached."""
        means: Numbers = np.round(self.scores @ self.weights, DIGITS)
        return means


def standing(table: Table, settings: Settings = Settings()) -> Standing:
    """Everybody's place. Equal scores share the better rank; ValueError where there is nothing to rank."""
    sample = sample_of(table, settings.missing)
    order = np.argsort(-sample.means, kind="stable")
    sample = Sample(sample.scores[order], sample.weights, sample.strata)
    found = bootstrapped(sample, settings) if settings.method == "bootstrap" else computed(sample, settings)
    names = [table.contestants[index] for index in order]
    difference = np.subtract.outer(sample.means, sample.means)
    places = tuple(places_of(names, sample.means, found))
    return Standing(places, difference, found.low, found.high, found.spread, found.apart, sample.scores.shape[1])


def sample_of(table: Table, missing: Missing) -> Sample:
    """What is counted: blanks by the rule, items weighed by their strata."""
    scores = np.asarray(table.scores, dtype=float)
    if scores.ndim != 2 or not scores.shape[0] or scores.shape != (len(table.contestants), scores.shape[1]):
        raise ValueError("a standing needs a row of scores for each contestant")
    blank = np.isnan(scores)
    kept = ~blank.any(axis=0) if missing == "drop" else ~blank.all(axis=0)
    if not kept.any():
        raise ValueError("a standing needs an item that counts")
    scores, blank = scores[:, kept], blank[:, kept]
    names = np.asarray(table.strata)[kept] if table.strata else np.zeros(scores.shape[1], dtype=int)
    strata = tuple(np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist()))
    weights = item_weights(names, strata, table.shares)
    return Sample(filled(scores, blank, weights, missing), weights, strata)


def item_weights(
    names: npt.NDArray[np.generic], strata: Sequence[npt.NDArray[np.intp]], shares: dict[str, float]
) -> Numbers:
    """The weight of each item: its stratum's share parted evenly; all alike where no shares are given."""
    weights = np.full(len(names), 1 / len(names))
    if shares:
        for items in strata:
            weights[items] = shares[str(names[items[0]])] / len(items)
        weights /= weights.sum()
    return weights


def filled(scores: Numbers, blank: Truths, weights: Numbers, missing: Missing) -> Numbers:
    """Scores without blanks. Whoever is judged on their own items gets their mean of those for the others."""
    if missing != "own":
        return np.where(blank, 0.0, scores)
    held = np.where(blank, 0.0, weights)
    own = (np.where(blank, 0.0, scores) * held).sum(axis=1) / np.maximum(held.sum(axis=1), 1e-300)
    return np.where(blank, own[:, None], scores)


# --- what the sample tells ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """Intervals of scores (n) and differences (n x n), and which differences are beyond chance."""

    score_low: Numbers
    score_high: Numbers
    low: Numbers
    high: Numbers
    spread: Numbers
    apart: Truths


def residuals(sample: Sample) -> Numbers:
    """Weighed deviations from the mean of the stratum, scaled so that their products sum to unbiased covariances."""
    scaled = np.empty_like(sample.scores)
    for items in sample.strata:
        part = sample.scores[:, items]
        stretch = np.sqrt(len(items) / max(len(items) - 1, 1))
        scaled[:, items] = (part - part.mean(axis=1, keepdims=True)) * sample.weights[items] * stretch
    return scaled


def computed(sample: Sample, settings: Settings) -> Found:
    """Intervals from Student's t, all pairs corrected together by Holm's steps."""
    means, covariance = sample.means, covariance_of(sample)
    spread = spread_of(covariance)
    reach = student(1 - (1 - settings.level) / 2, freedom(sample))
    difference = np.subtract.outer(means, means)
    own = reach * np.sqrt(np.diag(covariance))
    apart = holm(tails(difference, spread, freedom(sample)), 1 - settings.level)
    return Found(means - own, means + own, difference - reach * spread, difference + reach * spread, spread, apart)


def covariance_of(sample: Sample) -> Numbers:
    """Covariances of the contestants' scores."""
    scaled = residuals(sample)
    product: Numbers = scaled @ scaled.T
    return product


def spread_of(covariance: Numbers) -> Numbers:
    """Standard errors of all differences; those within rounding of nothing are nothing."""
    own = np.diag(covariance)
    variance = own[:, None] + own[None, :] - 2 * covariance
    floor = 1e-12 * (own[:, None] + own[None, :])
    return np.sqrt(np.where(variance > floor, variance, 0.0))


def freedom(sample: Sample) -> int:
    return max(int(sample.scores.shape[1]) - len(sample.strata), 1)


def tails(difference: Numbers, spread: Numbers, free: int) -> Numbers:
    """Two-sided p-values; equal rows differ by nothing, unequal ones without spread surely."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(difference) / spread
    ratio[(spread == 0) & (difference == 0)] = 0.0
    return two_sided(ratio, free)


def holm(p_values: Numbers, alpha: float) -> Truths:
    """Which pairs stand apart: the smallest p-values, each against alpha over the pairs that are left (Holm 1979)."""
    size = len(p_values)
    upper = np.triu_indices(size, 1)
    values = p_values[upper]
    order = np.argsort(values, kind="stable")
    holds = values[order] <= alpha / np.arange(len(values), 0, -1)
    stands = np.zeros(len(values), dtype=bool)
    stands[order[: len(holds) if holds.all() else int(np.argmin(holds))]] = True
    apart = np.zeros((size, size), dtype=bool)
    apart[upper] = stands
    return apart | apart.T


def bootstrapped(sample: Sample, settings: Settings) -> Found:
    """Intervals from draws of items, within each stratum; all pairs corrected together by the largest
    standardised difference of each draw (single-step max-t, Westfall and Young 1993).
    """
    means, spread = sample.means, spread_of(covariance_of(sample))
    moves = np.concatenate(list(drawn(sample, settings)))  # draws x contestants, around the means
    moves *= stretch_of(sample, settings)
    tail = 100 * (1 - settings.level) / 2
    score_low, score_high = np.percentile(moves, [tail, 100 - tail], axis=0)
    low, high, largest = pair_ends(moves, spread, tail)
    difference = np.subtract.outer(means, means)
    bar = np.quantile(largest, settings.level) if len(means) > 1 else 0.0
    apart = (np.abs(difference) > bar * spread) & (difference != 0)
    return Found(means + score_low, means + score_high, difference + low, difference + high, spread, apart)


def stretch_of(sample: Sample, settings: Settings) -> float:
    """Draws of m items spread by a factor sqrt((m - 1) / m) too little, and are normal where Student's t is due."""
    items, free = sample.scores.shape[1], freedom(sample)
    edge = 1 - (1 - settings.level) / 2
    return float(np.sqrt(items / max(free, 1)) * student(edge, free) / NormalDist().inv_cdf(edge))


def drawn(sample: Sample, settings: Settings) -> Iterator[npt.NDArray[np.float32]]:
    """Moves of the scores around their means, in chunks of draws; each stratum is drawn by itself."""
    chance = np.random.default_rng(settings.seed)
    parts = [(float(sample.weights[items].sum()), centred(sample, items)) for items in sample.strata]
    step = max(1, CHUNK // sample.scores.shape[1])
    for start in range(0, settings.draws, step):
        draws = min(step, settings.draws - start)
        yield sum(share * means_drawn(part, draws, chance) for share, part in parts)  # type: ignore[misc]


def centred(sample: Sample, items: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """Deviations from the stratum's mean, items by contestants."""
    part = sample.scores[:, items]
    return np.ascontiguousarray((part - part.mean(axis=1, keepdims=True)).T, dtype=np.float32)


def means_drawn(part: npt.NDArray[np.float32], draws: int, chance: np.random.Generator) -> npt.NDArray[np.float32]:
    """Means over items that come as often as chance has it (draws x contestants)."""
    items = len(part)
    counts = np.frombuffer(chance.bytes(draws * items).translate(TIMES), dtype=np.uint8).reshape(draws, items)
    weights = counts.astype(np.float32)
    means: npt.NDArray[np.float32] = (weights @ part) / np.maximum(weights.sum(axis=1, keepdims=True), 1)
    return means


def pair_ends(moves: Numbers, spread: Numbers, tail: float) -> tuple[Numbers, Numbers, Numbers]:
    """(lower ends, upper ends of the moves of all differences, the largest standardised move of each draw)."""
    size = moves.shape[1]
    low, high = np.zeros((size, size)), np.zeros((size, size))
    largest = np.zeros(len(moves))
    by_row = np.ascontiguousarray(moves.T)
    for row in range(size - 1):
        apart = by_row[row] - by_row[row + 1 :]
        low[row, row + 1 :], high[row, row + 1 :] = ends_of(apart, tail)
        unit = np.where(spread[row, row + 1 :] > 0, spread[row, row + 1 :], np.inf).astype(apart.dtype)
        np.maximum(largest, np.abs(apart / unit[:, None]).max(axis=0), out=largest)
    return low - high.T, high - low.T, largest


def ends_of(apart: Numbers, tail: float) -> tuple[Numbers, Numbers]:
    """The draws at both tails of each row."""
    at = (round(tail / 100 * (apart.shape[1] - 1)), round((1 - tail / 100) * (apart.shape[1] - 1)))
    sorted_there = np.partition(apart, at, axis=1)
    return sorted_there[:, at[0]], sorted_there[:, at[1]]


# --- places -----------------------------------------------------------------------------------------------------------


def places_of(names: Sequence[str], means: Numbers, found: Found) -> Iterator[Place]:
    """Places in order; a group ends where somebody is worse, beyond chance, than the first of it."""
    above = found.apart & (means[:, None] > means[None, :])  # the row is better than the column
    better, worse = above.sum(axis=0), above.sum(axis=1)
    group = first = 0
    for index, name in enumerate(names):
        if index == 0 or above[first, index]:
            group, first = group + 1, index
        rank = 1 + int((means > means[index]).sum())
        ends = (float(found.score_low[index]), float(found.score_high[index]))
        ranks = (1 + int(better[index]), len(names) - int(worse[index]))
        yield Place(name, rank, float(means[index]), *ends, *ranks, group)


def items_to_part(difference: float, spread: float, items: int, *, level: float = 0.95, power: float = 0.8) -> int:
    """How many more items of the same kind would part two contestants with that power; -1 where none would."""
    if difference == 0:
        return -1
    reach = NormalDist().inv_cdf(1 - (1 - level) / 2) + NormalDist().inv_cdf(power)
    needed = int(np.ceil(items * (reach * spread / difference) ** 2))
    return max(needed - items, 0)


# --- Student's t ----------------------------------------------------------------------------------------------------


def student(quantile: float, free: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 - as below

    return float(stdtrit(free, quantile))


def two_sided(ratio: Numbers, free: int) -> Numbers:
    from scipy.special import stdtr  # noqa: PLC0415 - many megabytes that most commands never need

    p_values: Numbers = 2 * stdtr(free, -ratio)
    return p_values
