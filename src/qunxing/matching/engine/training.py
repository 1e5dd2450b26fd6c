"""Fitting the weights on judged needs, and finding out whether they are really better."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from qunxing.matching.engine.judging import Figures, Judged, Marks, beside, figures, mark, ranks
from qunxing.matching.engine.metrics import SEED
from qunxing.matching.engine.profiles import Profile
from qunxing.matching.engine.ranking import Engine
from qunxing.matching.engine.terms import KINDS, analyse
from qunxing.matching.engine.weights import Weights

FOLDS: Final = 5
ROUNDS: Final = 2
FEWEST: Final = 2 * FOLDS
# A step is taken when it brings at least so much: less is the last digit.
WORTH: Final = 0.002
# What at least so many of the needs say is how needs are written; what fewer say is what they are about.
USUAL_SHARE: Final = 0.05
Turn = Callable[[Weights, float], Weights]


@dataclass(frozen=True)
class Trained:
    """Weights fitted on all labels, and what such a fitting gives on needs it has not seen, beside the present ones."""

    weights: Weights
    needs: int
    present: Figures
    fitted: Figures
    gain: Figures

    @property
    def better(self) -> bool:
        """Better beyond doubt: the interval of the gain in nDCG@10 lies above zero."""
        return self.gain["ndcg_at_10"].low > 0


def train(engine: Engine, judged: Judged, told: Callable[[int, int], None] = lambda _done, _of: None) -> Trained:
    """Fit by cross-validation over needs, and on all of them. Raises ValueError for fewer than FEWEST judged needs."""
    needs = judged.judged
    if len(needs) < FEWEST:
        raise ValueError(f"{len(needs)} < {FEWEST}")
    present = mark(ranks(engine), judged, needs)
    fitted: dict[str, Marks] = {}
    for fold in range(FOLDS):
        told(fold, FOLDS + 1)
        held = [need for place, need in zip(places(len(needs)), needs, strict=True) if place % FOLDS == fold]
        keys = {need.key for need in held}
        weights = fit(engine, judged, [need for need in needs if need.key not in keys])
        marks = mark(ranks(engine.weighed(weights)), judged, held)
        fitted.update((need.key, one) for need, one in zip(held, marks, strict=True))
    told(FOLDS, FOLDS + 1)
    crossed = [fitted[need.key] for need in needs]
    return Trained(fit(engine, judged, needs), len(needs), figures(present), figures(crossed), beside(crossed, present))


def places(count: int) -> list[int]:
    """A fixed random order: which need goes into which fold."""
    return [int(place) for place in np.random.default_rng(SEED).permutation(count)]


def fit(engine: Engine, judged: Judged, needs: Sequence[Profile]) -> Weights:
    """Coordinate ascent on nDCG@10 from the defaults, one number after another on a coarse grid (Metzler 2007)."""
    best = replace(Weights(), usual=usual_of(needs), k1=engine.weights.k1, b=engine.weights.b)
    reached = quality(engine, judged, needs, best)
    for _round in range(ROUNDS):
        for turn, grid in knobs(engine, judged):
            tried = [
                (quality(engine, judged, needs, turn(best, value)), -number, value) for number, value in enumerate(grid)
            ]
            found, _number, value = max(tried)
            if found > reached + WORTH:
                best, reached = turn(best, value), found
    return best


def quality(engine: Engine, judged: Judged, needs: Sequence[Profile], weights: Weights) -> float:
    return figures(mark(ranks(engine.weighed(weights)), judged, needs, whole=False))["ndcg_at_10"].mean


def knobs(engine: Engine, judged: Judged) -> Iterator[tuple[Turn, tuple[float, ...]]]:
    """What can be turned, and to which values; only what these profiles have."""
    if any(need.text for need in judged.needs):
        yield (
            lambda weights, value: replace(weights, need={**weights.need, "text": value}),
            (0.1, 0.2, 0.3, 0.45, 0.6, 1.0),
        )
    yield lambda weights, value: replace(weights, plain=value), (0.25, 0.5, 0.75, 1.0)
    for kind in ("words", "pairs"):
        yield kind_turn(kind), (0.0, 0.2, 0.4, 0.8)
    for field in ("text", "history"):
        if any(getattr(supply, field) for supply in judged.supplies):
            yield field_turn(field), (0.15, 0.3, 0.5, 0.8)
    if any(need.codes for need in judged.needs):
        yield lambda weights, value: replace(weights, codes=value), (0.0, 5.0, 10.0, 20.0)
    if engine.vectors is not None:
        yield lambda weights, value: replace(weights, meaning=value), (0.0, 0.5, 1.0, 1.5, 2.0)


def kind_turn(kind: str) -> Turn:
    return lambda weights, value: replace(weights, kinds={**weights.kinds, kind: value})


def field_turn(field: str) -> Turn:
    return lambda weights, value: replace(weights, fields={**weights.fields, field: value})


def usual_of(needs: Sequence[Profile]) -> dict[str, dict[str, float]]:
    """By kind, the share of the needs that have a term, for the terms that are usual among them."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for need in needs:
        for kind, count in zip(KINDS, analyse(f"{need.title}\n{need.text}"), strict=True):
            counts[kind].update(count.keys())
    return {kind: dict(shares(count, len(needs))) for kind, count in counts.items()}


def shares(count: Counter[str], total: int) -> Iterator[tuple[str, float]]:
    often = sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    return ((term, round(number / total, 3)) for term, number in often if number >= USUAL_SHARE * total)
