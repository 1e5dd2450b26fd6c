"""The board's guard against fitting to it: a public score moves only when it is better by more than noise.

No Django in here. After Blum and Hardt, "The Ladder" (2015), without a parameter: the step to be taken is the standard
error of the difference, item by item, between this entry and the best before it. An answer that says "not better"
tells next to nothing of the hidden items, however often one asks.
"""

from dataclasses import dataclass
from math import floor, inf, log10, sqrt

import numpy as np

from qunxing.races.scoring.metrics.common import Numbers


@dataclass(frozen=True)
class Rung:
    """What the board answers to an entry: `shown` is its public score, of the best entry so far where this one is not
    better beyond noise. `step` is how much better it had to be; it is kept for staff: telling it would tell the score.
    """

    shown: float
    moved: bool
    step: float


def climb(best: Numbers | None, shown: float | None, entry: Numbers, *, factor: float = 1.0) -> Rung:
    """The board's answer to a lane's entry. `best` are the item scores of the entry that `shown` was given for, None
    at the first; NaN counts as nothing. `factor`: how many standard errors it takes.
    """
    given = np.nan_to_num(np.asarray(entry, dtype=float), nan=0.0)
    if not len(given):
        raise ValueError("a board needs an item that counts")
    if best is None or shown is None:
        return Rung(rounded(float(given.mean()), resolution(given)), moved=True, step=0.0)
    difference = given - np.nan_to_num(np.asarray(best, dtype=float), nan=0.0)
    step = factor * error_of(difference)
    moved = bool(difference.mean() > max(step, 0.0))
    return Rung(rounded(float(given.mean()), resolution(given)) if moved else shown, moved=moved, step=step)


def error_of(values: Numbers) -> float:
    """The standard error of the mean; endless for a single item, which shows nothing."""
    return float(values.std(ddof=1) / sqrt(len(values))) if len(values) > 1 else inf


def resolution(values: Numbers) -> float:
    """The power of ten just under the standard error: digits beyond it would say more than is known."""
    error = error_of(values)
    return 10.0 ** floor(log10(error)) if 0 < error < inf else 0.0


def rounded(value: float, step: float) -> float:
    return value if step <= 0 else round(round(value / step) * step, 12)
