"""The mixed model with its variances integrated out.

One estimate of each variance would be zero too often in a small panel, and every interval too short. So the ratios of
the three standard deviations to that of the noise are weighed by their restricted likelihood over a grid, and means and
variances are taken over it. The prior of each ratio is half-Cauchy with scale one (Gelman 2006), whose equal shares are
the steps of the grid; a second, finer grid covers where the first has weight.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from qunxing.panels.mixed import Block, Floats, Joined, Reduced, Seats

COARSE, FINE = 8, 6  # steps on each axis of the first and of the second grid
NEGLIGIBLE = 1e-3  # a step that weighs less, all others taken together, is not looked at more closely
KEPT = 0.995  # share of the weight that means are taken over
MOST_JOINT = 2_000  # entries of a panel whose covariances are kept
TINY = 1e-12
LIKELY_BIAS = 0.5  # over the standard deviation of the noise: as often exceeded as not
FIXED = 1e4  # ratio at which effects are as good as free
TRUST = 10  # reviewers that the model is worth when its error is held against what is seen
REACH = 8  # standard errors that an integral goes to either side

Axis = tuple[float, float]  # between two quantiles of the prior
FREE, NONE, WHOLE = (1.0, 1.0), (0.0, 0.0), (0.0, 1.0)


@dataclass(frozen=True)
class HomeBias:
    """What a shared affiliation adds to a score: as found by itself, and held towards zero as far as it is unsure."""

    found: float
    found_error: float
    freedom: int
    estimate: float
    error: float


@dataclass(frozen=True)
class Point:
    """A step of the grid: ratios of levels, parts of one panel, lasting parts; cost is minus the log-likelihood."""

    levels: float
    seats: float
    lasting: float
    cost: float
    noise: float  # variance
    bias: float = 0.0
    error: float = 0.0  # variance


@dataclass
class Moments:
    """Means and variances gathered over the grid; of the levels of a panel that is not too big also covariances."""

    mean: Floats
    square: Floats
    products: Floats | None = None

    @classmethod
    def empty(cls, size: int, *, joint: bool = False) -> "Moments":
        products = np.zeros((size, size)) if joint and size <= MOST_JOINT else None
        return cls(np.zeros(size), np.zeros(size), products)

    def add(self, weight: float, mean: Floats, variance: Floats) -> None:
        self.mean += weight * mean
        self.square += weight * (variance + mean**2)

    @property
    def variance(self) -> Floats:
        return np.maximum(self.square - self.mean**2, 0)

    @property
    def error(self) -> Floats:
        return np.sqrt(self.variance)

    def apart(self, one: int, others: Sequence[int]) -> Floats:
        """Standard errors of the differences between one and others; too wide where covariances were not kept."""
        them = list(others)
        shared = 0.0 if self.products is None else self.products[one, them] - self.mean[one] * self.mean[them]
        return np.asarray(np.sqrt(np.maximum(self.variance[one] + self.variance[them] - 2 * shared, 0)))


@dataclass
class Fit:
    """The integrated model: levels and effects of each panel, mean effect of each reviewer, the noise."""

    levels: list[Moments]
    seats: list[Moments]
    effects: Moments
    noise: float = 0.0
    ratios: Floats = field(default_factory=lambda: np.zeros(3))


class Model:
    """The panels of one file. Where nobody sits in two, a lasting part and one of the panel cannot be told apart."""

    def __init__(self, blocks: Sequence[Block], reviewers: int) -> None:
        self.blocks, self.reviewers = blocks, reviewers
        self.scores = int(sum(block.seats.sum() for block in blocks))
        self.entries = sum(len(block.seats) for block in blocks)
        sat = np.bincount(np.concatenate([block.reviewers for block in blocks]), minlength=reviewers)
        self.seat_axis = WHOLE if (sat > 1).any() else NONE
        self.given = np.zeros(reviewers)
        for block in blocks:
            self.given[block.reviewers] += block.seats.sum(axis=0)
        self.scale = sum(float((block.values**2).sum()) for block in blocks)

    def home_bias(self) -> HomeBias | None:
        """Found inside entries, their levels taken as they are; None where no entry has both kinds of scores."""
        freedom = self.scores - self.entries - 1
        pairs = sum(Reduced(block, np.inf).squares[1, 1] for block in self.blocks)
        if freedom <= 0 or pairs <= TINY * self.scores:
            return None
        points, weights = self.search(FREE, freedom, None)
        bias, errors = (np.array([getattr(point, name) for point in points]) for name in ("bias", "error"))
        found = float(weights @ bias)
        error = float(np.sqrt(weights @ (errors + (bias - found) ** 2)))
        noise = float(np.sqrt(weights @ np.array([point.noise for point in points])))
        excess, freedom = self.clustering(points[int(np.argmax(weights))], freedom)
        error *= math.sqrt(excess)
        return HomeBias(found, error, freedom, *held(found, error, LIKELY_BIAS * noise))

    def clustering(self, point: Point, freedom: int) -> tuple[float, int]:
        """How much wider the variance is where one reviewer's home scores hang together, and the degrees of freedom.

        The variance that is robust to any dependence inside a reviewer (Liang and Zeger 1986) over that of the model,
        held towards one as far as few reviewers have home pairs, and never below it. What is known only by comparing
        reviewers with each other is worth no more than there are reviewers (after Satterthwaite).
        """
        pulls, weights = np.zeros(self.reviewers), np.zeros(self.reviewers)
        joined, _point, _weight = next(self.joined([point], np.ones(1)))
        lasting, spread = joined.lasting(point.lasting)
        for panel in joined.panels:
            effects = joined.seats(panel, lasting, spread).effects
            home, missed = left_over(panel, effects, point.bias)
            np.add.at(pulls, panel.block.reviewers, (home * missed).sum(axis=0))
            np.add.at(weights, panel.block.reviewers, (home**2).sum(axis=0))
        clusters = float(weights.sum() ** 2 / (weights**2).sum())
        known = float(joined.left(point.lasting)[0][1, 1])
        inside = min(1.0, max(0.0, float(joined.left(FIXED)[0][1, 1]) / known))
        scale = known * point.noise * freedom / self.scores
        ratio = float((pulls**2).sum() / scale) if scale > 0 else 1.0
        among = (1 - inside) ** 2 / max(1, self.reviewers - 2)
        worth = 1 / (inside**2 / min(freedom, TRUST + clusters) + among)
        return max(1.0, (TRUST + clusters * ratio) / (TRUST + clusters)), max(1, round(worth))

    def fit(self, home: HomeBias | None) -> Fit:
        """Levels and effects at this home bias, whose own uncertainty is passed on to them."""
        bias, error = (home.estimate, home.error) if home else (0.0, 0.0)
        points, weights = self.search(WHOLE, self.freedom, bias)
        fit = Fit(
            [Moments.empty(len(block.seats), joint=True) for block in self.blocks],
            [Moments.empty(len(block.reviewers)) for block in self.blocks],
            Moments.empty(self.reviewers),
        )
        for joined, point, weight in self.joined(points, weights):
            At(self, joined, point, bias, error).add_to(fit, float(weight))
        return fit

    @property
    def freedom(self) -> int:
        return self.scores - len(self.blocks)

    def search(self, levels: Axis, freedom: int, bias: float | None) -> tuple[list[Point], Floats]:
        """The weighty steps of the fine grid, in the order of the grid, with their weights."""
        axes = (levels, self.seat_axis, WHOLE)
        coarse = list(self.grid(axes, COARSE, freedom, bias))
        fine = list(self.grid(narrowed(coarse, axes), FINE, freedom, bias))
        weights = weights_of(fine)
        order = np.argsort(-weights, kind="stable")
        enough = int(np.searchsorted(np.cumsum(weights[order]), KEPT)) + 1
        kept = np.sort(order[:enough])
        return [fine[place] for place in kept], weights[kept] / weights[kept].sum()

    def grid(self, axes: Sequence[Axis], count: int, freedom: int, bias: float | None) -> Iterator[Point]:
        for level in steps(axes[0], count):
            panels = [Reduced(block, level) for block in self.blocks]
            for seat in steps(axes[1], count):
                joined = Joined(panels, self.reviewers, seat)
                for lasting in steps(axes[2], count):
                    yield self.point(joined, (level, seat, lasting), freedom, bias)

    def point(self, joined: Joined, ratios: tuple[float, float, float], freedom: int, bias: float | None) -> Point:
        """With no home bias given it is estimated; a perfect fit is taken as noise too small to see."""
        squares, determinant = joined.left(ratios[2])
        found = squares[0, 1] / squares[1, 1] if bias is None else bias
        left = squares[0, 0] - 2 * found * squares[0, 1] + found**2 * squares[1, 1]
        noise = max(left, TINY * self.scale) / freedom
        if bias is None:
            determinant += float(np.log(squares[1, 1]))
        cost = (freedom * float(np.log(noise or 1.0)) + determinant) / 2
        return Point(*ratios, cost, noise, found, noise / squares[1, 1] if bias is None else 0.0)

    def joined(self, points: Sequence[Point], weights: Floats) -> Iterator[tuple[Joined, Point, float]]:
        pairs = list(zip(points, weights, strict=True))
        for level, group in groupby(pairs, key=lambda pair: pair[0].levels):
            panels = [Reduced(block, level) for block in self.blocks]
            for seat, same in groupby(group, key=lambda pair: pair[0].seats):
                joined = Joined(panels, self.reviewers, seat)
                for point, weight in same:
                    yield joined, point, weight


class At:
    """Means and variances at one step of the grid."""

    def __init__(self, model: Model, joined: Joined, point: Point, bias: float, error: float) -> None:
        self.model, self.joined, self.point = model, joined, point
        self.column, self.error = np.array([1.0, -bias]), error
        self.lasting, self.spread = joined.lasting(point.lasting)

    def add_to(self, fit: Fit, weight: float) -> None:
        size = self.model.reviewers
        mean, own, carried = np.zeros((size, 2)), np.zeros(size), np.zeros((size, size))
        for number, panel in enumerate(self.joined.panels):
            seats = self.joined.seats(panel, self.lasting, self.spread)
            places = panel.block.reviewers
            share = panel.block.seats.sum(axis=0) / self.model.given[places]
            mean[places] += share[:, None] * seats.effects
            own[places] += share**2 * np.diag(seats.own)
            carried[np.ix_(places, places)] += share[:, None] * seats.carried
            self.add(fit.seats[number], weight, seats.effects, np.diag(seats.spread))
            self.add_levels(fit.levels[number], weight, panel, seats)
        self.add(fit.effects, weight, mean, own + ((carried @ self.spread) * carried).sum(axis=1))
        fit.noise += weight * self.point.noise
        fit.ratios += weight * np.array([self.point.levels, self.point.seats, self.point.lasting])

    def add_levels(self, into: Moments, weight: float, panel: Reduced, seats: Seats) -> None:
        pull, levels = panel.pull(), panel.levels(seats.effects)
        drawn = pull @ seats.spread
        self.add(into, weight, levels, panel.alone() + (drawn * pull).sum(axis=1))
        if into.products is not None:
            mean = np.outer(panel.rest, panel.rest) / panel.mass if panel.mass > 0 else 0.0
            shared = np.diag(panel.weight) + mean + drawn @ pull.T
            home, found = levels[:, 1], levels @ self.column
            into.products += weight * (
                self.point.noise * shared + self.error**2 * np.outer(home, home) + np.outer(found, found)
            )

    def add(self, into: Moments, weight: float, parts: Floats, variance: Floats) -> None:
        into.add(weight, parts @ self.column, self.point.noise * variance + (self.error * parts[:, 1]) ** 2)


def left_over(panel: Reduced, effects: Floats, bias: float) -> tuple[Floats, Floats]:
    """Home pairs as the model cannot foretell them, and what the scores are off their entry's level."""
    block, levels = panel.block, panel.levels(effects)
    home = block.seats * (block.home - effects[:, 1] - levels[:, 1:])
    missed = block.seats * (block.values - bias * block.home - (levels @ np.array([1.0, -bias]))[:, None])
    return home, missed


def held(found: float, error: float, scale: float) -> tuple[float, float]:
    """Mean and standard deviation of what was found so, under a Cauchy prior around zero: it spares what is sure."""
    if error == 0:
        return found, error
    values = found + error * np.linspace(-REACH, REACH, 2001)
    weights = np.exp(-(((values - found) / error) ** 2) / 2) / (1 + (values / scale) ** 2)
    weights /= weights.sum()
    mean = float(weights @ values)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2))


def steps(axis: Axis, count: int) -> Floats:
    """Ratios in the middle of equal shares of the prior; one where the axis is a point."""
    low, high = axis
    if low == high:
        return np.array([np.inf if high == 1 else np.tan(low * np.pi / 2)])
    return np.asarray(np.tan((low + (np.arange(count) + 0.5) * (high - low) / count) * np.pi / 2))


def weights_of(points: Sequence[Point]) -> Floats:
    cost = np.array([point.cost for point in points])
    weight = np.exp(cost.min() - cost)
    return np.asarray(weight / weight.sum())


def narrowed(points: Sequence[Point], axes: Sequence[Axis]) -> list[Axis]:
    """Of each axis the part in which the steps of the coarse grid weigh something."""
    sizes = [COARSE if low < high else 1 for low, high in axes]
    weights = weights_of(points).reshape(sizes)
    found = []
    for number, (low, high) in enumerate(axes):
        others = tuple(place for place in range(len(axes)) if place != number)
        heavy = np.flatnonzero(weights.sum(axis=others) > NEGLIGIBLE)
        width = (high - low) / sizes[number]
        found.append((low + heavy[0] * width, low + (heavy[-1] + 1) * width) if width else (low, high))
    return found
