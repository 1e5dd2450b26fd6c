"""Other tables that show the same: found by linear programming, at the least loss."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CLOSE = 1e-6
# Of what is hidden anyway; above nothing, so that a world moves no more than it must.
FREE = 1e-3


@dataclass
class Problem:
    """The values, the sums among them (each row of `sums` adds up to nothing), and what is told of each.

    Whoever knows a hidden cell's mark knows it lies in `mark_low`..`mark_high`; without a mark, from `low` on.
    `loss` is what it costs to hide a cell that is shown, `unmark` what it costs to tell of a hidden one no more than
    that it is hidden. `fixed` cells are never hidden: zeros.
    """

    values: Numbers
    sums: Any
    low: Numbers
    mark_low: Numbers
    mark_high: Numbers
    hidden: Flags
    fixed: Flags
    loss: Numbers
    unmark: float
    whole: bool = True

    def marked(self) -> Flags:
        return self.hidden & ((self.mark_low > self.low) | np.isfinite(self.mark_high))

    def drop_marks(self, cells: Flags) -> None:
        self.mark_low[cells] = self.low[cells]
        self.mark_high[cells] = np.inf


@dataclass(frozen=True)
class Arcs:
    """Ways in which cells can move: up or down by at most `room`, at `price` a unit."""

    cell: npt.NDArray[np.int64]
    sign: Numbers
    room: Numbers
    price: Numbers


def arcs_of(problem: Problem, *, shown: bool) -> Arcs:
    """All ways to move; of cells that are shown, too, where these may be hidden."""
    values, told = problem.values, problem.hidden
    every = np.arange(values.size)
    free = np.full(values.size, FREE)
    beyond = free + problem.unmark
    found = [
        (every[told], 1.0, (problem.mark_high - values)[told], free[told]),
        (every[told], -1.0, (values - problem.mark_low)[told], free[told]),
    ]
    if shown:
        bare, open_ = problem.marked(), ~told & ~problem.fixed
        found += [
            (every[bare], 1.0, np.full(int(bare.sum()), np.inf), beyond[bare]),
            (every[bare], -1.0, (values - problem.low)[bare], beyond[bare]),
            (every[open_], 1.0, np.full(int(open_.sum()), np.inf), problem.loss[open_]),
            (every[open_], -1.0, (values - problem.low)[open_], problem.loss[open_]),
        ]
    cell, room = np.concatenate([a[0] for a in found]), np.concatenate([a[2] for a in found])
    sign, price = np.concatenate([np.full(a[0].size, a[1]) for a in found]), np.concatenate([a[3] for a in found])
    some = room > CLOSE
    return Arcs(cell[some], sign[some], room[some], price[some])


def solved(problem: Problem, arcs: Arcs, price: Numbers, room: Numbers, least: Numbers) -> Numbers | None:
    """How far each cell moves in the cheapest world; None where there is none.

    Sums over rows, columns and trees are networks, whose corners are whole; other systems are solved in whole numbers.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - most commands solve nothing

    matrix = problem.sums[:, arcs.cell].multiply(arcs.sign).tocsr()
    nothing = np.zeros(matrix.shape[0])
    answer = linprog(price, A_eq=matrix, b_eq=nothing, bounds=np.column_stack([least, room]), method="highs")
    moves = answer.x if answer.success else None
    if moves is not None and problem.whole and np.abs(moves - np.round(moves)).max(initial=0) > CLOSE:
        moves = whole_moves(matrix, price, room, least)
    if moves is None:
        return None
    moved = np.zeros(problem.values.size)
    np.add.at(moved, arcs.cell, moves * arcs.sign)
    return np.where(np.abs(moved) < CLOSE, 0, moved)


def whole_moves(matrix: Any, price: Numbers, room: Numbers, least: Numbers) -> Numbers | None:
    """The cheapest moves in whole numbers; None where there are none, or none was found in time."""
    from scipy.optimize import LinearConstraint, milp  # noqa: PLC0415 - as above

    nothing = np.zeros(matrix.shape[0])
    found = milp(
        price,
        integrality=np.ones(price.size),
        bounds=(least, room),
        constraints=LinearConstraint(matrix, nothing, nothing),
        options={"time_limit": 2.0},
    )
    return None if found.x is None else np.round(found.x)


def direction(problem: Problem, cell: int, need: float) -> float:
    """Up where the mark leaves room, else down where it does, else up and out of the mark."""
    if problem.mark_high[cell] - problem.values[cell] >= need - CLOSE:
        return 1.0
    return -1.0 if problem.values[cell] - problem.mark_low[cell] >= need - CLOSE else 1.0


def moved_together(problem: Problem, cells: Sequence[int], need: Numbers) -> set[int]:
    """Those of the cells that one and the same other world moves, with nothing hidden beyond what is."""
    arcs = arcs_of(problem, shown=False)
    price, room = arcs.price.copy(), arcs.room.copy()
    for cell in cells:
        wanted = (arcs.cell == cell) & (arcs.sign == direction(problem, cell, need[cell]))
        room[(arcs.cell == cell) & ~wanted] = 0
        room[wanted] = np.minimum(room[wanted], need[cell])
        price[wanted] = -1.0 / need[cell]
    if not arcs.cell.size:
        return set()
    moved = solved(problem, arcs, price, room, np.zeros(price.size))
    return set() if moved is None else {cell for cell in cells if abs(moved[cell]) >= need[cell] - CLOSE}


def cheapest_world(problem: Problem, cell: int, need: float) -> Numbers | None:
    """A world in which the cell differs by `need` at least, at the least loss."""
    arcs = arcs_of(problem, shown=True)
    first = direction(problem, cell, need)
    for way in (first, -first, None):
        found = world_of(problem, arcs, cell, need, way)
        if found is not None:
            return found
    return None


def world_of(problem: Problem, arcs: Arcs, cell: int, need: float, way: float | None) -> Numbers | None:
    """The cell moves up (1) or down (-1) inside its mark; without a way said, up and beyond it."""
    sign = 1.0 if way is None else way
    own = np.flatnonzero((arcs.cell == cell) & (arcs.sign == sign))
    if not own.size:
        return None
    room, least = arcs.room.copy(), np.zeros(arcs.room.size)
    room[arcs.cell == cell] = 0
    chosen = own[-1] if way is None else own[0]
    room[chosen], least[chosen] = arcs.room[chosen], need
    return solved(problem, arcs, arcs.price, room, least) if room[chosen] >= need - CLOSE else None


def hide(problem: Problem, sensitive: Iterable[int], need: Numbers) -> None:
    """Hide what must be hidden beside the sensitive cells until each of these has another world (changes `problem`)."""
    left = sorted(sensitive, key=lambda cell: (problem.values[cell], cell))
    while left:
        done = moved_together(problem, left, need)
        if not done:
            break
        left = [cell for cell in left if cell not in done]
    while left:
        cell = left.pop(0)
        world = cheapest_world(problem, cell, need[cell])
        if world is None:
            hide_all(problem)
            return
        accept(problem, world)
        left = [other for other in left if abs(world[other]) < need[other] - CLOSE]


def accept(problem: Problem, world: Numbers) -> None:
    """Whatever differs in the other world is hidden, and told no narrower than both worlds allow."""
    there = problem.values + world
    outside = (there < problem.mark_low - CLOSE) | (there > problem.mark_high + CLOSE)
    problem.drop_marks(outside)
    problem.hidden |= np.abs(world) > CLOSE


def hide_all(problem: Problem) -> None:
    """The last resort, which always holds: everything that is not fixed could be larger, and its totals with it."""
    problem.hidden |= ~problem.fixed
    problem.drop_marks(problem.hidden.copy())
