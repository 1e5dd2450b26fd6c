"""One metric over one entry: what is missing is settled, what is undefined is told. No Django in here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from qunxing.races.scoring.metrics import labels, numbers, texts
from qunxing.races.scoring.metrics.common import Numbers, Result, Undefinable
from qunxing.races.scoring.metrics.kinds import Metric
from qunxing.races.scoring.values import Answers, Key, Value

Missing = Literal["zero", "own", "drop"]


@dataclass(frozen=True)
class Undefined:
    """A metric that has no value here, and why; `item` where it lacks one for that item alone."""

    metric: str
    code: str
    found: str = ""
    item: str = ""


@dataclass(frozen=True)
class Part:
    """One metric of an entry: its value on its own scale, and each item's, NaN where there is none.

    `items` is empty where the metric has nothing to say of items.
    """

    metric: Metric
    value: float | None
    items: Numbers
    undefined: tuple[Undefined, ...] = ()


WORKS: Mapping[str, Callable[[Sequence[Any], Sequence[Any], Metric], Result]] = {
    "accuracy": labels.accuracy,
    "f1_macro": labels.f1_macro,
    "f1_micro": labels.f1_micro,
    "auc": labels.auc,
    "mae": numbers.mae,
    "rmse": numbers.rmse,
    "mape": numbers.mape,
    "exact_match": texts.exact_match,
    "bleu": texts.bleu,
    "chrf": texts.chrf,
    "rouge1": texts.rouge1,
    "rouge2": texts.rouge2,
    "rouge_l": texts.rouge_l,
    "edit_similarity": texts.edit_similarity,
    "character_errors": texts.character_errors,
    "mean": numbers.mean,
    "latency": numbers.mean,
    "cost": numbers.mean,
}


def measured(metric: Metric, answers: Answers, key: Key, missing: Missing) -> Part:
    """The metric over all items of the key, in the key's order."""
    size = len(key.items)
    given = answers.column(metric.answer, key.items)
    truth = key.column(metric.truth, key.items)
    try:
        held = judged(metric, given, truth, missing)
        result = WORKS[metric.name](
            [given_value(metric, given[i], truth[i]) for i in held], [truth[i] for i in held], metric
        )
    except Undefinable as reason:
        return Part(metric, None, np.full(size, np.nan), (Undefined(metric.label, reason.code, reason.found),))
    items = np.full(size, np.nan)
    if result.items is None:
        return Part(metric, result.value, np.empty(0))
    items[held] = result.items
    blanks = [held[place] for place in np.flatnonzero(np.isnan(result.items))]
    told = tuple(Undefined(metric.label, result.blank, str(truth[i])[:60], key.items[i]) for i in blanks)
    return Part(metric, result.value, items, told)


def judged(metric: Metric, given: Sequence[Value], truth: Sequence[Value], missing: Missing) -> npt.NDArray[np.intp]:
    """The items that count: those with a true value, and by the rule those without an answer."""
    keyed = np.array([value is not None for value in truth]) if metric.kind.keyed else np.ones(len(given), dtype=bool)
    answered = np.array([value is not None for value in given], dtype=bool)
    if not len(given) or not keyed.any():
        raise Undefinable("no_items")
    if not answered.any():
        raise Undefinable("no_answers")
    if missing != "zero":
        keyed &= answered
    elif not answered[keyed].all() and metric.kind.takes == "number" and metric.worst is None:
        raise Undefinable("missing_without_worst", str(int((~answered & keyed).sum())))
    if not keyed.any():
        raise Undefinable("no_answers")
    found: npt.NDArray[np.intp] = np.flatnonzero(keyed)
    return found


def given_value(metric: Metric, value: Value, truth: Value) -> Any:
    """The answer; what stands for a missing one is the worst there is."""
    if value is not None:
        return value
    if metric.kind.takes == "chance":
        return -np.inf if str(truth) == metric.positive else np.inf
    if metric.kind.takes == "number":
        return np.nan
    return None
