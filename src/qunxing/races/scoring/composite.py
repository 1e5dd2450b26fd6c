"""Several metrics made into one score, higher always better. No Django in here."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qunxing.races.scoring.metrics import BadMetric, Metric, Part, Undefined, measured
from qunxing.races.scoring.metrics.common import Numbers
from qunxing.races.scoring.metrics.working import Missing
from qunxing.races.scoring.values import Answers, Key


@dataclass(frozen=True)
class Scored:
    """An entry's score, higher always better, None where a metric is undefined; and each item's in the key's order.

    `scores` is NaN for items without a score, and empty where a metric says nothing of items; its mean is `overall`.
    """

    overall: float | None
    names: tuple[str, ...]
    scores: Numbers
    parts: tuple[Part, ...]

    @property
    def items(self) -> dict[str, float | None]:
        """The score of each item; empty where there are none."""
        if not len(self.scores):
            return {}
        values = (None if math.isnan(value) else value for value in self.scores.tolist())
        return dict(zip(self.names, values, strict=True))

    @property
    def undefined(self) -> tuple[Undefined, ...]:
        """Metrics without a value, and items without one, each with the reason."""
        return tuple(reason for part in self.parts for reason in part.undefined)

    def as_json(self) -> dict[str, Any]:
        return {
            "overall": self.overall,
            "parts": {part.metric.label: part.value for part in self.parts},
            "undefined": [vars(reason) for reason in self.undefined],
            "items": self.items,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of all that was found; the same entry gives the same one."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def score(metrics: Sequence[Metric], answers: Answers, key: Key, *, missing: Missing = "zero") -> Scored:
    """The entry by these metrics. `missing`: an item without an answer counts as badly as can be ("zero"), or is left
    out for this entry ("own"; "drop" leaves it to the standing to leave it out for all).

    BadMetric where the metrics make no one score.
    """
    if not metrics:
        raise BadMetric("metrics", [], "a list of metrics")
    for metric in metrics:
        if len(metrics) > 1 and metric.scale is None:
            raise BadMetric(metric.label, None, "both ends of the scale")
    parts = tuple(measured(metric, answers, key, missing) for metric in metrics)
    values = [part.value for part in parts]
    overall = None
    if all(value is not None for value in values):
        overall = float(together(metrics, [np.float64(value) for value in values]))
    return Scored(overall, key.items, item_scores(metrics, parts, len(key.items)), parts)


def item_scores(metrics: Sequence[Metric], parts: Sequence[Part], size: int) -> Numbers:
    """Each item's score: all metrics' together, so that one without a value leaves the item without."""
    if any(not len(part.items) for part in parts) and size:
        return np.empty(0)
    return np.asarray(together(metrics, [part.items for part in parts]), dtype=float)


def together(metrics: Sequence[Metric], values: Sequence[Any]) -> Any:
    """The weighed mean of the metrics, each from 0 (worst) to 1 (best) of its scale.

    One metric alone keeps its own scale, an error turned round, unless its ends were given.
    """
    if len(metrics) == 1 and not (metrics[0].worst is not None and metrics[0].scale):
        return values[0] if metrics[0].kind.higher else -values[0]
    whole = sum(metric.weight for metric in metrics)
    return sum(metric.weight / whole * on_scale(metric, value) for metric, value in zip(metrics, values, strict=True))


def on_scale(metric: Metric, value: Any) -> Any:
    """Not cut off at the ends: below the worst is below 0, so that means of items and of wholes agree."""
    worst, best = metric.scale or (0.0, 1.0)
    return (value - worst) / (best - worst)


def table_of(scored: Mapping[str, Scored]) -> tuple[tuple[str, ...], Numbers]:
    """(contestants, item scores by contestant) of entries over the same key, as a standing takes them."""
    names = tuple(scored)
    return names, np.array([scored[name].scores for name in names])
