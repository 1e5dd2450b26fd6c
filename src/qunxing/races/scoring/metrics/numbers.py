"""Metrics of numbers; a missing answer errs by the worst of the scale. No Django in here."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from qunxing.races.scoring.metrics.common import Numbers, Result, Undefinable, linear, mean_of
from qunxing.races.scoring.metrics.kinds import Metric


def floats(values: Sequence[Any]) -> Numbers:
    """The values as numbers; Undefinable where one is none."""
    try:
        return np.array([float(value) for value in values])
    except (TypeError, ValueError) as error:
        raise Undefinable("no_number") from error


def errors(given: Sequence[Any], truth: Sequence[Any], metric: Metric, *, part: bool = False) -> Numbers:
    """How far each answer is off; as a part of the true value where asked, which none is of nothing."""
    answers, true = floats(given), floats(truth)
    missing = np.isnan(answers)
    off = np.abs(np.where(missing, 0.0, answers) - true)
    if part:
        off = np.divide(off, np.abs(true), out=np.full(len(true), np.nan), where=true != 0)
    return np.where(missing & ~np.isnan(off), np.nan if metric.worst is None else metric.worst, off)


def mae(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    return mean_of(errors(given, truth, metric))


def rmse(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    squares = errors(given, truth, metric) ** 2
    whole = float(np.sqrt(squares.mean()))
    if len(squares) == 1:
        return linear(whole, np.array([whole]))
    return linear(whole, np.sqrt(np.maximum(squares.sum() - squares, 0.0) / (len(squares) - 1)))


def mape(given: Sequence[Any], truth: Sequence[Any], metric: Metric) -> Result:
    """As a share, not in percent; an item whose true value is 0 has none."""
    return mean_of(errors(given, truth, metric, part=True), "true_value_zero")


def mean(given: Sequence[Any], _truth: Sequence[Any], metric: Metric) -> Result:
    """Numbers that are scores themselves; a quantile of them says nothing of single items."""
    values = floats(given)
    values = np.where(np.isnan(values), np.nan if metric.worst is None else metric.worst, values)
    if metric.at is not None:
        return Result(float(np.quantile(values, metric.at)), None)
    return mean_of(values)
