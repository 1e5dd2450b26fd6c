"""The kinds of metric, as data, and a gate's choice of them. No Django in here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

Takes = Literal["label", "text", "number", "chance"]
Items = Literal["own", "linear", "none"]
Tokens = Literal["zh", "13a", "intl", "char", "none"]
TOKENS = get_args(Tokens)


@dataclass(frozen=True)
class Kind:
    """`best` and `worst` are the ends of its scale, where it has them.

    `items`: "own" where the whole is the mean over items; "linear" where it is not, and items get the linear part that
    each has in the whole, so that their mean is the whole and their spread its standard error (jackknife).
    `takes` is what it needs of the answers; `keyed` whether it needs true values.
    """

    name: str
    takes: Takes
    higher: bool = True
    worst: float | None = 0.0
    best: float | None = 1.0
    items: Items = "own"
    keyed: bool = True
    options: tuple[str, ...] = ()


def error(name: str, takes: Takes = "number", **more: Any) -> Kind:
    """A kind of metric of which less is better, without a worst."""
    return Kind(name, takes, higher=False, worst=None, best=0.0, **more)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("accuracy", "label"),
        Kind("f1_macro", "label", items="linear"),
        Kind("f1_micro", "label", items="linear"),
        Kind("auc", "chance", items="linear", options=("positive",)),
        error("mae"),
        error("rmse", items="linear"),
        error("mape"),
        Kind("exact_match", "text", options=("plain",)),
        Kind("bleu", "text", best=100.0, items="linear", options=("tokens",)),
        Kind("chrf", "text", best=100.0, items="linear"),
        Kind("rouge1", "text"),
        Kind("rouge2", "text"),
        Kind("rouge_l", "text"),
        Kind("edit_similarity", "text"),
        error("character_errors", "text"),
        Kind("mean", "number", worst=None, best=None, keyed=False),
        error("latency", keyed=False, options=("at",)),
        error("cost", keyed=False),
    )
}


class BadMetric(ValueError):
    """A choice of metrics that cannot stand; `where` is its dotted place."""

    def __init__(self, where: str, found: Any, expected: str) -> None:
        super().__init__(f"{where}: found {found!r}, expected {expected}")
        self.where, self.found, self.expected = where, found, expected


@dataclass(frozen=True)
class Metric:
    """One metric of a gate: its part of the whole, the columns it reads, and the ends of its scale.

    `worst` and `best` turn it into 0 and 1 where several metrics make one score. Options: `positive`, the label whose
    chance was answered (auc); `tokens`, sacrebleu's tokenizer (bleu; Chinese unless told); `plain`, whether width,
    case, spaces and punctuation count for nothing (exact_match); `at`, a quantile in place of the mean (latency).
    """

    name: str
    weight: float = 1.0
    answer: str = "answer"
    truth: str = "truth"
    worst: float | None = None
    best: float | None = None
    positive: str = ""
    tokens: Tokens = "zh"
    plain: bool = False
    at: float | None = None
    title: str = ""

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    @property
    def label(self) -> str:
        """What it is called where results are told."""
        return self.title or self.name

    @property
    def scale(self) -> tuple[float, float] | None:
        """(worst, best) as given, else as the kind has them; None where an end is open."""
        worst = self.worst if self.worst is not None else self.kind.worst
        best = self.best if self.best is not None else self.kind.best
        return None if worst is None or best is None else (worst, best)

    @property
    def items(self) -> Items:
        return "none" if self.at is not None else self.kind.items

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any], where: str = "metric") -> Self:
        """The metric from what was stored or typed."""
        name = data.get("name")
        if name not in KINDS:
            raise BadMetric(f"{where}.name", name, ", ".join(KINDS))
        unknown = sorted(set(data) - set(cls.__dataclass_fields__))
        if unknown:
            raise BadMetric(f"{where}.{unknown[0]}", data[unknown[0]], ", ".join(cls.__dataclass_fields__))
        metric = cls(**{key: value for key, value in data.items() if value is not None})
        for problem in problems_of(metric, where):
            raise problem
        return metric


def problems_of(metric: Metric, where: str) -> list[BadMetric]:
    """What cannot stand in one metric."""
    bad_ends = [name for name in ("worst", "best") if not is_open(getattr(metric, name))]
    bad_names = [
        name for name in ("answer", "truth", "positive", "title") if not isinstance(getattr(metric, name), str)
    ]
    allowed = "at" in metric.kind.options
    faults = [
        *([("weight", "a number above 0")] if not is_number(metric.weight) or metric.weight <= 0 else []),
        *((name, "a number") for name in bad_ends),
        *((name, "a name") for name in bad_names),
        *([("tokens", ", ".join(TOKENS))] if metric.tokens not in TOKENS else []),
        *(
            [("at", "above 0, below 1" if allowed else "nothing")]
            if not is_quantile(metric.at, allowed=allowed)
            else []
        ),
        *([("positive", "a label")] if metric.name == "auc" and not metric.positive else []),
    ]
    if not faults and metric.scale and is_turned(metric):
        faults.append(("best", "on the better side of the worst"))
    return [BadMetric(f"{where}.{name}", getattr(metric, name), expected) for name, expected in faults]


def is_open(value: Any) -> bool:
    return value is None or is_number(value)


def is_quantile(value: Any, *, allowed: bool) -> bool:
    return value is None or (allowed and is_number(value) and 0 < value < 1)


def is_turned(metric: Metric) -> bool:
    """Whether the best is no better than the worst."""
    worst, best = metric.scale or (0.0, 1.0)
    return best <= worst if metric.kind.higher else best >= worst


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_metrics(listed: Any) -> tuple[Metric, ...]:
    """A gate's metrics; where several make one score, each needs both ends of its scale."""
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        raise BadMetric("metrics", listed, "a list of metrics")
    for number, one in enumerate(listed, 1):
        if not isinstance(one, Mapping):
            raise BadMetric(f"metrics.{number}", one, "a metric")
    metrics = tuple(Metric.read(one, f"metrics.{number}") for number, one in enumerate(listed, 1))
    for number, metric in enumerate(metrics, 1):
        if len(metrics) > 1 and metric.scale is None:
            raise BadMetric(f"metrics.{number}.worst", metric.worst, "both ends of the scale")
    return metrics


def planned(listed: Sequence[Mapping[str, Any]]) -> tuple[Metric, ...]:
    """The metrics of a gate's plan (name, direction, weight, low, high, options).

    `low` and `high`, what counts as nothing and as full marks, give way to the kind's own scale where they stand at 0
    and 1. A name that is no kind is a column of a testing body's table, the scores themselves.
    """
    alone = len(listed) == 1
    return read_metrics([planned_one(one, f"metrics.{number}", alone=alone) for number, one in enumerate(listed, 1)])


def planned_one(data: Mapping[str, Any], where: str, *, alone: bool) -> dict[str, Any]:
    name, lower = str(data.get("name") or ""), data.get("direction") == "lower"
    kind = KINDS.get(name)
    if kind and lower == kind.higher:
        raise BadMetric(f"{where}.direction", data.get("direction"), "higher" if kind.higher else "lower")
    ends: dict[str, Any] = {}
    low, high = data.get("low", 0.0), data.get("high", 1.0)
    if (low, high) != (0.0, 1.0) or not (kind or alone):
        ends = {"worst": low, "best": high}
    options = data.get("options") or {}
    if not name:
        raise BadMetric(f"{where}.name", name, "a name")
    if not isinstance(options, Mapping):
        raise BadMetric(f"{where}.options", options, "names and values")
    own = {} if kind else {"name": "cost" if lower else "mean", "answer": name, "title": name}
    return {"name": name, "weight": data.get("weight", 1.0), **ends, **own, **options}
