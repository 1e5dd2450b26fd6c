"""Metrics of labels and of the chance of a label. No Django in here."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from qunxing.races.scoring.metrics.common import Numbers, Result, Undefinable, library, linear, mean_of
from qunxing.races.scoring.metrics.kinds import Metric

Codes = npt.NDArray[np.intp]
NOTHING = "\0"  # stands for a missing answer: no label is that


def texts(values: Sequence[Any]) -> list[str]:
    return [NOTHING if value is None else label(value) for value in values]


def label(value: Any) -> str:
    """The label as text; 1.0 is 1."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def accuracy(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    return mean_of(np.array([a == b for a, b in zip(texts(given), texts(truth), strict=True)], dtype=float))


def coded(given: Sequence[Any], truth: Sequence[Any]) -> tuple[Codes, Codes, list[str]]:
    """(codes of the answers, codes of the true labels, the true labels); what is no true label is one more code."""
    names = sorted(set(texts(truth)))
    place = {name: number for number, name in enumerate(names)}
    return (
        np.array([place.get(name, len(names)) for name in texts(given)], dtype=np.intp),
        np.array([place[name] for name in texts(truth)], dtype=np.intp),
        names,
    )


def by_sklearn(given: Codes, truth: Codes, size: int, average: str) -> float:
    """F1 over the labels of the key, so that all entries are judged over the same ones."""
    f1 = library("sklearn.metrics").f1_score
    return float(f1(truth, given, labels=list(range(size)), average=average, zero_division=0))


def counts(given: Codes, truth: Codes, size: int) -> tuple[Numbers, Numbers, Numbers]:
    """(right, wrongly given, wrongly not given) by label."""
    right = given == truth
    hits = np.bincount(truth[right], minlength=size + 1)[:size]
    extra = np.bincount(given[~right], minlength=size + 1)[:size]
    lost = np.bincount(truth[~right], minlength=size + 1)[:size]
    return hits.astype(float), extra.astype(float), lost.astype(float)


def ratio(hits: Numbers, extra: Numbers, lost: Numbers) -> Numbers:
    """F1 from counts, 0 where there is nothing."""
    below = 2 * hits + extra + lost
    return np.divide(2 * hits, below, out=np.zeros_like(below), where=below > 0)


def f1_macro(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    answers, true, names = coded(given, truth)
    size, right = len(names), answers == true
    hits, extra, lost = counts(answers, true, size)
    own = ratio(hits, extra, lost)
    # Without one item only its true label and the label given change.
    gone_hit = np.append(ratio(hits - 1, extra, lost) - own, 0.0)
    gone_lost = np.append(ratio(hits, extra, lost - 1) - own, 0.0)
    gone_extra = np.append(ratio(hits, extra - 1, lost) - own, 0.0)
    change = np.where(right, gone_hit[true], gone_lost[true] + gone_extra[answers])
    return linear(by_sklearn(answers, true, size, "macro"), own.mean() + change / size)


def f1_micro(given: Sequence[Any], truth: Sequence[Any], _metric: Metric) -> Result:
    answers, true, names = coded(given, truth)
    size, right = len(names), answers == true
    hits, extra, lost = (np.array([part.sum()]) for part in counts(answers, true, size))
    known = answers < size
    without = np.empty(len(true))
    without[right] = ratio(hits - 1, extra, lost)[0]
    without[~right & known] = ratio(hits, extra - 1, lost - 1)[0]
    without[~right & ~known] = ratio(hits, extra, lost - 1)[0]
    return linear(by_sklearn(answers, true, size, "micro"), without)


def auc(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    """Area under the curve of one label against all others."""
    positive = np.array([name == metric.positive for name in texts(truth)])
    if positive.all() or not positive.any():
        raise Undefinable("one_class", metric.positive)
    scores = np.array([float(value) for value in given])
    if np.isnan(scores).any():
        raise Undefinable("no_number")
    finite = np.nan_to_num(scores, posinf=beyond(scores, 1), neginf=beyond(scores, -1))
    whole = float(library("sklearn.metrics").roc_auc_score(positive, finite))
    return linear(whole, auc_without(finite, positive, whole))


def beyond(scores: Numbers, side: int) -> float:
    """A finite number past all the finite ones."""
    held = scores[np.isfinite(scores)]
    end = float(held.max() if side > 0 else held.min()) if len(held) else 0.0
    return end + side * max(1.0, abs(end))


def auc_without(scores: Numbers, positive: npt.NDArray[np.bool_], whole: float) -> Numbers:
    """The area without each item (DeLong's placements); the whole where its side has no other."""
    rank = library("scipy.stats").rankdata
    ups, downs = int(positive.sum()), int((~positive).sum())
    among, own = rank(scores), np.empty(len(scores))
    own[positive] = (among[positive] - rank(scores[positive])) / downs
    own[~positive] = 1 - (among[~positive] - rank(scores[~positive])) / ups
    sizes = np.where(positive, ups, downs)
    without: Numbers = np.where(sizes > 1, (sizes * whole - own) / np.maximum(sizes - 1, 1), whole)
    return without
