"""Counts told as bands, where no more is allowed; what hangs together is told no narrower than is safe."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qunxing.indicators.engine.suppression.protect import matrix_of
from qunxing.indicators.engine.suppression.tables import Counts, Name
from qunxing.indicators.engine.suppression.worlds import Problem, hide

# The first number of each band; zero is told as zero.
BANDS = (1, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Band:
    """A count that lies from `low` to `high`; no end where that is None."""

    low: int
    high: int | None

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low}+"
        return f"{self.low}–{self.high}" if self.low != self.high else str(self.low)


def band(count: int, starts: Sequence[int] = BANDS) -> Band:
    """The band of one count; ValueError where a band would hold one number only."""
    if list(starts) != sorted(starts) or starts[0] != 1 or min(np.diff(starts), default=2) < 2:
        raise ValueError("bands begin at 1 and hold two numbers at least")
    if count == 0:
        return Band(0, 0)
    at = int(np.searchsorted(starts, count, side="right"))
    return Band(starts[at - 1], starts[at] - 1 if at < len(starts) else None)


def banded(table: Counts, starts: Sequence[int] = BANDS) -> dict[Name, Band]:
    """{name: band} of everything published, such that sums and differences of bands give no count back.

    Four bands of 1-4 below a total of 1-4 would tell that each is one: such a total is told as 1+.
    """
    names = list(table.cells)
    values = np.array([table.cells[name] for name in names], dtype=float)
    bands = [band(int(value), starts) for value in values]
    silent = np.array([name in table.silent for name in names], dtype=bool)
    low = np.where(silent, np.minimum(values, 1.0), [float(each.low) for each in bands])
    high = np.where(silent, np.inf, [np.inf if each.high is None else float(each.high) for each in bands])
    some = values > 0
    problem = Problem(
        values=values,
        sums=matrix_of(table.sums, names),
        low=np.minimum(values, 1.0),
        mark_low=low,
        mark_high=high,
        hidden=some,
        fixed=~some,
        loss=values,
        unmark=max(float(values.max(initial=0)), 1.0),
    )
    hide(problem, np.flatnonzero(some).tolist(), np.ones(values.size))
    return {name: told(problem, at) for at, name in enumerate(names) if name not in table.silent}


def told(problem: Problem, at: int) -> Band:
    high = problem.mark_high[at]
    return Band(int(problem.mark_low[at]), None if np.isinf(high) else int(high))
