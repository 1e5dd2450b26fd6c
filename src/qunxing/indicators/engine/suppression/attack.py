"""Whoever subtracts: what follows from what is published, for tests and to look before something is issued."""

import numpy as np

from qunxing.indicators.engine.suppression.protect import Hidden, Protected, matrix_of
from qunxing.indicators.engine.suppression.tables import Name

Range = tuple[float, float]


def attack(published: Protected) -> dict[Name, Range]:
    """{hidden or silent name: the least and the most it can be}, by the sums and what is told of each cell."""
    from scipy.optimize import linprog  # noqa: PLC0415 - most commands solve nothing

    bounds = {name: range_of(value) for name, value in published.cells.items()}
    bounds |= {name: (0.0, 0.0) if name in published.zeros else (1.0, np.inf) for name in published.silent}
    names = list(bounds)
    matrix = matrix_of(published.sums, names)
    nothing = np.zeros(matrix.shape[0])
    found: dict[Name, Range] = {}
    for at, name in enumerate(names):
        if bounds[name][0] == bounds[name][1]:
            continue
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(names))
            goal[at] = sign
            answer = linprog(goal, A_eq=matrix, b_eq=nothing, bounds=list(bounds.values()), method="highs")
            ends.append(sign * answer.fun if answer.success else sign * -np.inf)
        found[name] = (ends[0], ends[1])
    return found


def range_of(value: int | Hidden) -> Range:
    if isinstance(value, Hidden):
        return float(value.low), np.inf if value.high is None else float(value.high)
    return float(value), float(value)
