"""Severe and lenient reviewers, home bias, and what an entry's score would be without them.

What a score is made of stands in `mixed`, how its unknown variances are met in `integration`, the reasons and measured
figures in docs/panels.md. `calibrated + effect`, and the home bias where reviewer and entry share an affiliation,
predicts a score.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from qunxing.core.text import fold_name
from qunxing.panels.integration import Fit, HomeBias, Model, Moments
from qunxing.panels.mixed import Block, Floats

SEPARATORS = re.compile(r"[;；|、\n]")
UNKNOWN = frozenset({"", "-", "—", "–", "/", "无", "未知", "na", "none", "null", "unknown"})  # folded: N/A is na
MOST_REVIEWERS = 3_000
SAME = 1e-9  # of the largest score: what differs by less is a tie


class CalibrationError(ValueError):
    """Scores that say nothing: none at all, one that is no number, two of one reviewer for one entry."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a reviewer gave an entry of a panel. Several affiliations are parted by ; or 、; none known is empty."""

    panel: str
    entry: str
    reviewer: str
    value: float
    entry_affiliation: str = ""
    reviewer_affiliation: str = ""

    @property
    def home(self) -> bool:
        return not affiliations(self.entry_affiliation).isdisjoint(affiliations(self.reviewer_affiliation))


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its 95% interval; the ends are None where the scores leave no room to tell."""

    estimate: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class CalibratedEntry:
    """Ranks are within the panel, from 1, ties share one; entries of one band are too close to call."""

    panel: str
    entry: str
    scores: int
    raw_mean: float
    calibrated: Interval
    raw_rank: int
    calibrated_rank: int
    band: int


@dataclass(frozen=True, slots=True)
class ReviewerEffect:
    """How much higher than their fellows a reviewer scores: over all their panels, and in each."""

    reviewer: str
    scores: int
    effect: Interval
    panels: tuple[tuple[str, Interval], ...]


@dataclass(frozen=True, slots=True)
class HomeEffect:
    """What a shared affiliation adds: the estimate used here, the one by itself with its interval, and the pairs."""

    bias: Interval
    by_itself: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations: of the noise, of entries in a panel, of effects that last, and of those of one panel."""

    noise: float
    entries: float
    reviewers: float
    seats: float


@dataclass(frozen=True, slots=True)
class Calibration:
    entries: tuple[CalibratedEntry, ...]
    reviewers: tuple[ReviewerEffect, ...]
    home: HomeEffect | None
    spread: Spread | None


def calibrate(scores: Iterable[Score]) -> Calibration:
    """Entries and reviewers in the order in which they first appear."""
    sheet = Sheet(list(scores))
    if sheet.model.freedom < 1:
        return sheet.uncalibrated()
    found = sheet.model.home_bias()
    fit = sheet.model.fit(found)
    home = home_effect(found, sheet) if found else None
    reach = quantile(sheet.model.freedom)
    entries = tuple(entry for place in range(len(sheet.panels)) for entry in sheet.entries_of(place, fit, reach))
    return Calibration(entries, sheet.reviewer_effects(fit, reach), home, spread_of(fit))


class Panel:
    """The scores of one panel as arrays, taken from the panel's mean."""

    def __init__(self, name: str, scores: Sequence[Score], numbers: dict[str, int]) -> None:
        self.name = name
        self.entries, self.reviewers = places(s.entry for s in scores), places(s.reviewer for s in scores)
        shape = (len(self.entries), len(self.reviewers))
        seats, values, home = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.centre = math.fsum(s.value for s in scores) / len(scores)
        for score in scores:
            at = self.entries[score.entry], self.reviewers[score.reviewer]
            if seats[at]:
                raise CalibrationError(f"{score.reviewer} scored {score.entry} of {name} twice")
            seats[at], values[at], home[at] = 1, score.value - self.centre, score.home
        self.block = Block(np.array([numbers[name] for name in self.reviewers]), seats, values, home)

    @cached_property
    def counts(self) -> Floats:
        return np.asarray(self.block.seats.sum(axis=1))

    @cached_property
    def means(self) -> Floats:
        return np.asarray(self.block.values.sum(axis=1) / self.counts)


class Sheet:
    """All scores, sorted into panels."""

    def __init__(self, scores: Sequence[Score]) -> None:
        if not scores or not all(math.isfinite(score.value) for score in scores):
            raise CalibrationError("there is no score, or one that is no number")
        self.numbers = places(score.reviewer for score in scores)
        if len(self.numbers) > MOST_REVIEWERS:
            raise CalibrationError(f"more than {MOST_REVIEWERS} reviewers")
        by_panel: dict[str, list[Score]] = {}
        for score in scores:
            by_panel.setdefault(score.panel, []).append(score)
        self.panels = [Panel(name, own, self.numbers) for name, own in by_panel.items()]
        self.model = Model([panel.block for panel in self.panels], len(self.numbers))
        self.same = SAME * max(abs(score.value) for score in scores)

    @property
    def pairs(self) -> int:
        return int(sum(panel.block.home.sum() for panel in self.panels))

    def entries_of(self, place: int, fit: Fit, reach: float) -> list[CalibratedEntry]:
        panel, levels = self.panels[place], fit.levels[place]
        bands = bands_of(levels, reach, self.same)
        return self.listed(panel, intervals(levels, reach, panel.centre), levels.mean, bands)

    def listed(
        self, panel: Panel, found: Sequence[Interval], levels: Floats, bands: Sequence[int]
    ) -> list[CalibratedEntry]:
        raw, calibrated = ranks(panel.means, self.same), ranks(levels, self.same)
        return [
            CalibratedEntry(
                panel.name, name, int(panel.counts[at]), float(panel.means[at]) + panel.centre, found[at],
                raw[at], calibrated[at], bands[at],
            )
            for name, at in panel.entries.items()
        ]  # fmt: skip

    def reviewer_effects(self, fit: Fit, reach: float) -> tuple[ReviewerEffect, ...]:
        seats: dict[str, list[tuple[str, Interval]]] = {name: [] for name in self.numbers}
        for panel, moments in zip(self.panels, fit.seats, strict=True):
            for name, found in zip(panel.reviewers, intervals(moments, reach), strict=True):
                seats[name].append((panel.name, found))
        effects = intervals(fit.effects, reach)
        return tuple(
            ReviewerEffect(name, int(self.model.given[at]), effects[at], tuple(seats[name]))
            for name, at in self.numbers.items()
        )

    def uncalibrated(self) -> Calibration:
        """Too few scores to tell anything: means as they are, all of one band."""
        entries = [
            entry
            for panel in self.panels
            for entry in self.listed(
                panel, [Interval(float(mean) + panel.centre) for mean in panel.means], panel.means,
                [1] * len(panel.means),
            )
        ]  # fmt: skip
        reviewers = [
            ReviewerEffect(name, int(self.model.given[at]), Interval(0.0), ()) for name, at in self.numbers.items()
        ]
        return Calibration(tuple(entries), tuple(reviewers), None, None)


def places(names: Iterable[str]) -> dict[str, int]:
    """Each name's number, in the order of first appearance."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


@cache
def affiliations(text: str) -> frozenset[str]:
    return frozenset(fold_name(part) for part in SEPARATORS.split(text)) - UNKNOWN


def intervals(moments: Moments, reach: float, centre: float = 0.0) -> list[Interval]:
    found, error = moments.mean + centre, reach * moments.error
    return [Interval(float(at), float(at - by), float(at + by)) for at, by in zip(found, error, strict=True)]


def home_effect(found: HomeBias, sheet: Sheet) -> HomeEffect:
    """The interval is that of the estimate by itself, so that it covers what is there 95 times in 100."""
    by = quantile(found.freedom) * found.found_error
    return HomeEffect(Interval(found.estimate, found.found - by, found.found + by), found.found, sheet.pairs)


def spread_of(fit: Fit) -> Spread:
    noise = math.sqrt(fit.noise)
    entries, seats, lasting = (float(ratio) * noise for ratio in fit.ratios)
    return Spread(noise, entries, lasting, seats)


def ranks(values: Floats, same: float) -> list[int]:
    """From 1, highest first; values that differ by no more than `same` from the next share a rank."""
    found, rank = [0] * len(values), 1
    before = math.inf
    for number, at in enumerate(np.argsort(-values, kind="stable").tolist(), 1):
        rank = number if before - values[at] > same else rank
        found[at], before = rank, float(values[at])
    return found


def bands_of(moments: Moments, reach: float, same: float) -> list[int]:
    """A band is an entry and those after it that cannot be told from it; the first that can begins the next."""
    levels = moments.mean
    order = np.argsort(-levels, kind="stable").tolist()
    found, band, start = [0] * len(levels), 0, 0
    while start < len(order):
        head, rest, band = order[start], order[start:], band + 1
        apart = levels[head] - levels[rest] > np.maximum(reach * moments.apart(head, rest), same)
        length = int(np.argmax(apart)) if apart.any() else len(rest)
        for at in rest[:length]:
            found[at] = band
        start += length
    return found


def quantile(freedom: int) -> float:
    """Student's t, 97.5%; exact at 1 and 2, to 1% at 3, closer above (Abramowitz and Stegun 26.7.5)."""
    if freedom <= 2:
        return 12.7062047 if freedom == 1 else 4.30265273
    z = 1.959963985
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))
