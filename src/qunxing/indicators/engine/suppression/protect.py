"""Counts with their small cells hidden."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csc_array

from qunxing.indicators.engine.suppression.tables import Counts, Name, from_sets
from qunxing.indicators.engine.suppression.worlds import Flags, Numbers, Problem, hide

THRESHOLD = 3
DOT = "·"


@dataclass(frozen=True)
class Hidden:
    """A count that is not shown: from `low` to `high`, None where nothing more is told than that it is hidden."""

    low: int = 1
    high: int | None = None

    def __str__(self) -> str:
        return DOT if self.high is None else f"<{self.high + 1}"


@dataclass(frozen=True)
class Protected:
    """`cells` {name: the count, or Hidden}, of everything published; `sums` as they came."""

    cells: Mapping[Name, int | Hidden]
    sums: tuple[tuple[Name, tuple[Name, ...]], ...] = ()
    silent: frozenset[Name] = field(default=frozenset())
    zeros: frozenset[Name] = field(default=frozenset())

    @cached_property
    def hidden(self) -> frozenset[Name]:
        return frozenset(name for name, value in self.cells.items() if isinstance(value, Hidden))

    def shown(self, name: Name) -> str:
        """What a table prints: 12, <3 or ·."""
        return str(self.cells[name])


def protect(table: Counts, threshold: int = THRESHOLD, *, keep: Collection[Name] = ()) -> Protected:
    """The table with every count from 1 to below the threshold hidden, and what would give it back.

    Cells to `keep`, such as a total that everybody knows, are hidden only where nothing else helps. A threshold of 1
    hides nothing; ValueError for 2, where telling that a cell is below it would tell the cell.
    """
    if threshold == 2 or threshold < 1:
        raise ValueError("a threshold is 1 (hides nothing) or 3 at least")
    names = list(table.cells)
    values = np.array([table.cells[name] for name in names], dtype=float)
    small = (values >= 1) & (values < threshold)
    problem = problem_of(table, names, values, small, threshold, keep)
    hide(problem, np.flatnonzero(small).tolist(), np.ones(values.size))
    cells: dict[Name, int | Hidden] = {}
    for at, name in enumerate(names):
        if name not in table.silent:
            cells[name] = told(problem, at) if problem.hidden[at] else int(values[at])
    zeros = frozenset(name for name in table.silent if not table.cells[name])
    return Protected(cells, table.sums, table.silent, zeros)


def told(problem: Problem, at: int) -> Hidden:
    high = problem.mark_high[at]
    return Hidden() if np.isinf(high) else Hidden(int(problem.mark_low[at]), int(high))


def problem_of(
    table: Counts, names: list[Name], values: Numbers, small: Flags, threshold: int, keep: Collection[Name]
) -> Problem:
    silent = np.array([name in table.silent for name in names], dtype=bool)
    kept = np.array([name in keep for name in names], dtype=bool)
    most = max(values.max(initial=0), 1.0)
    # First as few cells as possible, then the smallest of them.
    loss = values + 2 * most + np.where(kept, 1_000 * most, 0)
    marked = small & ~silent
    return Problem(
        values=values,
        sums=matrix_of(table.sums, names),
        low=np.minimum(values, 1.0),
        mark_low=np.minimum(values, 1.0),
        mark_high=np.where(marked, threshold - 1.0, np.inf),
        hidden=small | (silent & (values > 0)),
        fixed=values == 0,
        loss=loss,
        unmark=most,
    )


def matrix_of(sums: Sequence[tuple[Name, tuple[Name, ...]]], names: Sequence[Name]) -> Any:
    """One row for each sum: 1 for a part, -1 for the total; sparse, for tables are."""
    at = {name: index for index, name in enumerate(names)}
    rows, columns, signs = [], [], []
    for row, (total, parts) in enumerate(sums):
        rows += [row] * (len(parts) + 1)
        columns += [*(at[part] for part in parts), at[total]]
        signs += [*(1.0 for _part in parts), -1.0]
    return csc_array((signs, (rows, columns)), shape=(len(sums), len(names)))


def protect_related(
    figures: Mapping[Name, Collection[Hashable]], threshold: int = THRESHOLD, *, keep: Collection[Name] = ()
) -> Protected:
    """Figures about sets of rows that overlap: two days, a space and its surroundings, a tag and another.

    `figures` is {name: the rows it counts}. Hidden are small figures, and one of any two whose difference is small.
    """
    return protect(from_sets(figures), threshold, keep=keep)
