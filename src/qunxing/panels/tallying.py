"""What the scores come to: means, spread, quorum, calibrated levels, ranks. Plain data in and out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from qunxing.panels.calibration import Calibration, Score, calibrate
from qunxing.panels.terms import ScoringTerms

TRIMMED_FROM = 5  # with fewer scores nothing is dropped
SAME = 1e-9


@dataclass(frozen=True)
class Given:
    """A score of an item by a reviewer, with what both belong to."""

    item: str
    reviewer: str
    total: float
    item_home: str = ""
    reviewer_home: str = ""


@dataclass(frozen=True)
class Counted:
    """The result of an item; what cannot be told is None."""

    item: str
    scores: int
    abstained: int
    wanted: int
    needed: int
    raw_mean: float | None = None
    trimmed_mean: float | None = None
    spread: float | None = None
    disagreement: bool = False
    calibrated: float | None = None
    low: float | None = None
    high: float | None = None
    raw_rank: int | None = None
    calibrated_rank: int | None = None
    band: int | None = None

    @property
    def quorum(self) -> bool:
        return self.scores >= self.needed


@dataclass(frozen=True)
class Tally:
    """The results of all items, and what calibration found beside them."""

    items: tuple[Counted, ...]
    calibration: Calibration | None


def trimmed_mean(values: Sequence[float]) -> float:
    """The mean without the highest and the lowest, from five scores on."""
    ordered = sorted(values)
    return fmean(ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered)


def count(
    given: Sequence[Given], wanted: Mapping[str, int], abstained: Mapping[str, int], marking: ScoringTerms
) -> Tally:
    """Every item of `wanted` ({item: reviews}) in its order, scored or not."""
    found = calibrate([score_of(one) for one in given]) if given else None
    levels = {entry.entry: entry for entry in found.entries} if found else {}
    values: dict[str, list[float]] = {item: [] for item in wanted}
    for one in given:
        values[one.item].append(one.total)
    decided = {item: mean_of(scores, marking) for item, scores in values.items() if scores}
    raw = ranks(decided)
    calibrated = ranks({item: entry.calibrated.estimate for item, entry in levels.items()})
    return Tally(
        tuple(
            counted(
                item, values[item], wanted[item], abstained.get(item, 0), marking, levels.get(item), raw, calibrated
            )
            for item in wanted
        ),
        found,
    )


def score_of(one: Given) -> Score:
    return Score("", one.item, one.reviewer, one.total, one.item_home, one.reviewer_home)


def mean_of(values: Sequence[float], marking: ScoringTerms) -> float:
    """The mean that the rules name, to nine digits, so that equal means are equal."""
    return round(trimmed_mean(values) if marking.mean == "trimmed" else fmean(values), 9)


def counted(
    item: str,
    values: Sequence[float],
    wanted: int,
    abstained: int,
    marking: ScoringTerms,
    level: Any,
    raw: Mapping[str, int],
    calibrated: Mapping[str, int],
) -> Counted:
    needed = marking.needed(wanted)
    if not values:
        return Counted(item, 0, abstained, wanted, needed)
    spread = round(max(values) - min(values), 6)
    return Counted(
        item,
        len(values),
        abstained,
        wanted,
        needed,
        raw_mean=round(fmean(values), 6),
        trimmed_mean=round(trimmed_mean(values), 6),
        spread=spread,
        disagreement=len(values) > 1 and spread >= marking.disagreement,
        calibrated=rounded(level.calibrated.estimate),
        low=rounded(level.calibrated.low),
        high=rounded(level.calibrated.high),
        raw_rank=raw[item],
        calibrated_rank=calibrated[item],
        band=level.band,
    )


def rounded(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 6)


def ranks(values: Mapping[str, float]) -> dict[str, int]:
    """From 1, highest first; what is equal shares a rank."""
    found, rank, before = {}, 0, math.inf
    for number, (item, value) in enumerate(sorted(values.items(), key=lambda pair: (-pair[1], pair[0])), 1):
        rank = number if before - value > SAME else rank
        found[item], before = rank, value
    return found
