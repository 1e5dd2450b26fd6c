"""A flow of least cost through a network of arcs: one solver for every assignment of the house."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class FlowError(ValueError):
    """The solver gave no answer: costs beyond its range, arcs that name no node."""


class Flow:
    """Arcs are added in arrays, then as much as can be is sent from the source to the sink, at the least cost."""

    def __init__(self) -> None:
        from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - most commands solve nothing

        self.solver = min_cost_flow.SimpleMinCostFlow()

    def add(self, tails: npt.ArrayLike, heads: npt.ArrayLike, capacities: npt.ArrayLike, costs: npt.ArrayLike) -> Ints:
        """The arcs' numbers; a single tail, head, capacity or cost serves them all."""
        whole = [np.asarray(part).astype(np.int64) for part in (tails, heads, capacities, costs)]
        arcs: Ints = self.solver.add_arcs_with_capacity_and_unit_cost(*map(np.ascontiguousarray, same_length(whole)))
        return arcs

    def send(self, source: int, sink: int, amount: int) -> None:
        """Send up to the amount."""
        self.solver.set_nodes_supplies(np.array([source, sink]), np.array([amount, -amount]))
        status = self.solver.solve_max_flow_with_min_cost()
        if status != self.solver.OPTIMAL:
            raise FlowError(f"no flow was found: {status}")

    def through(self, arcs: Ints) -> Ints:
        """What each arc carries."""
        return np.asarray(self.solver.flows(arcs), dtype=np.int64)


def same_length(parts: list[Ints]) -> list[Ints]:
    return [np.asarray(part) for part in np.broadcast_arrays(*np.atleast_1d(*parts))]
