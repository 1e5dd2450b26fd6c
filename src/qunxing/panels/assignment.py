"""Which experts read which bids: every place filled, no conflict, nobody overloaded, the scores adding up to the most.

A flow of least cost. A bid that wants at least k specialists of n lets its other experts through a gate that n - k may
pass, so that the whole stays a flow. Only the best edges of each bid enter at first; more come where places stay empty,
and then every edge that the prices of the solution say could better it, until none is left: the result is the best
over all edges, not over those that entered.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qunxing.matching.engine.assignment import Edges
from qunxing.matching.engine.flow import Flow, Ints

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FIRST = 50  # edges of a bid that enter at first
DECIMALS = 9
ROOM = 2e18  # what costs may come to inside the solver, which multiplies them by the nodes it passes


class UnfitRequest(ValueError):
    """What was asked for describes no assignment: sizes that do not fit, places below zero, too many specialists."""


@dataclass(frozen=True)
class Request:
    """Edges from bids to experts free of conflict, sorted (`Edges.of`); `specialist` says of each whether it is one."""

    edges: Edges
    wanted: Ints
    loads: Ints
    specialist: Bools
    at_least: int = 0  # specialists of each bid

    @classmethod
    def of(
        cls,
        edges: Edges,
        *,
        wanted: npt.ArrayLike,
        loads: npt.ArrayLike,
        specialist: npt.ArrayLike | None = None,
        at_least: int = 0,
    ) -> "Request":
        kinds = np.ones(len(edges), dtype=bool) if specialist is None else np.asarray(specialist, dtype=bool)
        request = cls(edges, np.asarray(wanted, dtype=np.int64), np.asarray(loads, dtype=np.int64), kinds, at_least)
        request.check()
        return request

    def check(self) -> None:
        edges = self.edges
        if len(edges) and (edges.need.max() >= len(self.wanted) or edges.supply.max() >= len(self.loads)):
            raise UnfitRequest("an edge names a bid or an expert that is not there")
        if len(self.specialist) != len(edges):
            raise UnfitRequest("each edge is a specialist's or not")
        if (self.wanted < 0).any() or (self.loads < 0).any() or self.at_least < 0:
            raise UnfitRequest("places are counted from zero")
        if self.at_least and (self.wanted < self.at_least).any():
            raise UnfitRequest("a bid wants more specialists than experts")

    @cached_property
    def costs(self) -> Ints:
        """Scores as whole numbers below zero: exact as far as they have few decimals, otherwise as fine as can be."""
        score = -self.edges.score
        if not len(score):
            return score.astype(np.int64)
        spread = float(score.max() - score.min())
        most = min(10.0**DECIMALS, ROOM / (len(self.wanted) + len(self.loads) + 2) ** 2)
        for decimals in range(DECIMALS + 1):
            scaled = score * 10.0**decimals
            if spread * 10**decimals <= most and np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-5):
                return np.asarray(np.rint(scaled) - np.rint(scaled).min(), dtype=np.int64)
        return np.asarray(np.rint((score - score.min()) * (most / spread)), dtype=np.int64)


@dataclass(frozen=True)
class Bottleneck:
    """Bids that cannot be filled, what they want and can get, and the experts in the way, who take `load` in all.

    No experts: one bid that fewer can read than it wants. `specialists`: it is they who are short.
    """

    bids: tuple[int, ...]
    wanted: int
    got: int
    experts: tuple[int, ...]
    load: int
    specialists: bool


@dataclass(frozen=True)
class Plan:
    """The chosen edges; what stands in the way if not every place is filled, otherwise nothing."""

    chosen: Edges
    bottlenecks: tuple[Bottleneck, ...]

    @property
    def complete(self) -> bool:
        return not self.bottlenecks

    @property
    def total(self) -> float:
        return math.fsum(self.chosen.score)


def assign_experts(request: Request, *, first: int = FIRST) -> Plan:
    """The best assignment; if there is none, as many places filled as can be, and why not all. Always the same one."""
    entered = best_of_each(request.edges, first)
    while True:
        network = Network(request, entered)
        if network.filled < request.wanted.sum():
            if entered.all():
                break
            first *= 2
            entered |= best_of_each(request.edges, first)
            continue
        better = network.better()
        if not better.any():
            break
        entered |= better
    chosen = request.edges.taken(network.chosen)
    full = network.filled == request.wanted.sum()
    return Plan(chosen, () if full else tuple(bottlenecks(request, network)))


def best_of_each(edges: Edges, limit: int, worth: Floats | None = None) -> Bools:
    """Of each bid the edges worth most; ties go to the expert who stands first."""
    values = edges.score if worth is None else worth
    found = np.ones(len(edges), dtype=bool)
    ends = [*np.flatnonzero(np.diff(edges.need, prepend=-1)), len(edges)]
    for begin, end in pairwise(ends):
        if end - begin > limit:
            order = np.argsort(-values[begin:end], kind="stable")
            found[begin + order[limit:]] = False
    return found


class Network:
    """The edges that entered, solved: bids, their gates, experts, source and sink in one row."""

    def __init__(self, request: Request, entered: Bools) -> None:
        self.request, self.entered = request, entered
        self.places = np.flatnonzero(entered)
        self.bids, self.experts = len(request.wanted), len(request.loads)
        self.first_expert = self.bids * (2 if request.at_least else 1)
        self.source = self.first_expert + self.experts
        self.sink = self.source + 1
        self.tails = request.edges.need + np.where(request.specialist | (not request.at_least), 0, self.bids)
        self.heads = request.edges.supply + self.first_expert
        self.solve()

    def solve(self) -> None:
        request, flow = self.request, Flow()
        kept = self.places
        arcs = flow.add(self.tails[kept], self.heads[kept], 1, request.costs[kept])
        numbers, people = np.arange(self.bids), np.arange(self.experts)
        self.gate_room = request.wanted - request.at_least if request.at_least else np.zeros(0, dtype=np.int64)
        flow.add(self.source, numbers, request.wanted, 0)
        gates = flow.add(numbers, numbers + self.bids, self.gate_room, 0) if request.at_least else None
        flow.add(people + self.first_expert, self.sink, request.loads, 0)
        flow.send(self.source, self.sink, int(request.wanted.sum()))
        self.used = flow.through(arcs) > 0
        self.gated = flow.through(gates) if gates is not None else np.zeros(0, dtype=np.int64)
        self.chosen = kept[self.used]
        self.filled = len(self.chosen)
        self.got = np.bincount(request.edges.need[self.chosen], minlength=self.bids)
        self.load = np.bincount(request.edges.supply[self.chosen], minlength=self.experts)

    @cached_property
    def residual(self) -> tuple[Ints, Ints, Ints]:
        """Arcs that could still carry something, or give it back: tails, heads, costs."""
        people, bids = np.arange(self.experts) + self.first_expert, np.arange(self.bids)
        kept, costs = self.places, self.request.costs
        parts = [
            (self.tails[kept][~self.used], self.heads[kept][~self.used], costs[kept][~self.used]),
            (self.heads[kept][self.used], self.tails[kept][self.used], -costs[kept][self.used]),
            arcs(people[self.load < self.request.loads], self.sink),
            arcs(self.sink, people[self.load > 0]),
            arcs(bids[self.got > 0], self.source),
            arcs(self.source, bids[self.got < self.request.wanted]),
        ]
        if self.request.at_least:
            parts.append(arcs(bids[self.gated < self.gate_room], bids[self.gated < self.gate_room] + self.bids))
            parts.append(arcs(bids[self.gated > 0] + self.bids, bids[self.gated > 0]))
        tails, heads, worth = (np.concatenate(part) for part in zip(*parts, strict=True))
        return tails, heads, worth

    def prices(self) -> Ints:
        """Of each node, so that no arc that could still carry something gains by it (Bellman and Ford)."""
        tails, heads, costs = self.residual
        order = np.argsort(heads, kind="stable")
        tails, heads, costs = tails[order], heads[order], costs[order]
        starts = np.flatnonzero(np.diff(heads, prepend=-1))
        reached, prices = heads[starts], np.zeros(self.sink + 1, dtype=np.int64)
        while True:
            offered = np.minimum.reduceat(prices[tails] + costs, starts) if len(starts) else prices[:0]
            if (offered >= prices[reached]).all():
                break
            prices[reached] = np.minimum(prices[reached], offered)
        untouched = np.setdiff1d(np.arange(self.experts) + self.first_expert, reached)
        prices[untouched] = prices[self.sink]
        return prices

    def better(self) -> Bools:
        """The edges left out so far that would better the solution, the best few of each bid."""
        if self.entered.all():
            return ~self.entered
        prices = self.prices()
        gain = prices[self.heads] - prices[self.tails] - self.request.costs
        gain[self.entered] = 0
        return (gain > 0) & best_of_each(self.request.edges, FIRST, gain.astype(np.float64))

    def reach(self, bids: Ints) -> Bools:
        """The nodes to which one more place of these bids could be passed on; source and sink are closed."""
        heads, begins = self.ways
        reached, edge = np.zeros(self.sink + 1, dtype=bool), bids
        while len(edge):
            reached[edge] = True
            edge = np.unique(heads[stretches(begins[edge], begins[edge + 1])])
            edge = edge[~reached[edge]]
        return reached

    def parts(self, reached: Bools) -> Ints:
        """Of each node that was reached, the lowest one that it hangs together with."""
        heads, begins = self.ways
        tails = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
        inside = reached[tails] & reached[heads]
        tails, heads, names = tails[inside], heads[inside], np.arange(len(reached))
        while True:
            lower = np.minimum(names[tails], names[heads])
            if (lower == names[tails]).all() and (lower == names[heads]).all():
                return names
            np.minimum.at(names, tails, lower)
            np.minimum.at(names, heads, lower)
            names = names[names]

    @cached_property
    def ways(self) -> tuple[Ints, Ints]:
        """Where the arcs that could still carry something lead, by the node they leave; without source and sink."""
        tails, heads, _costs = self.residual
        inside = np.flatnonzero((tails < self.source) & (heads < self.source))
        inside = inside[np.argsort(tails[inside], kind="stable")]
        return heads[inside], np.searchsorted(tails[inside], np.arange(self.sink + 2))


def arcs(tails: npt.ArrayLike, heads: npt.ArrayLike) -> tuple[Ints, Ints, Ints]:
    """Arcs that cost nothing."""
    left, right = np.broadcast_arrays(np.atleast_1d(tails), np.atleast_1d(heads))
    return left.astype(np.int64), right.astype(np.int64), np.zeros(left.shape, dtype=np.int64)


def bottlenecks(request: Request, network: Network) -> Iterator[Bottleneck]:
    """Bids that too few can read at all; then one for each group of bids that hang together, by the cut of the flow."""
    told = np.zeros(network.bids, dtype=bool)
    for specialists in (False, True):
        found = candidates_of(request, specialists=specialists)
        wanted = np.full(network.bids, request.at_least) if specialists else request.wanted
        for bid in np.flatnonzero((found < wanted) & ~told).tolist():
            told[bid] = True
            yield Bottleneck((bid,), int(wanted[bid]), int(found[bid]), (), 0, specialists)
    short = np.flatnonzero((network.got < request.wanted) & ~told)
    reached = network.reach(short)
    parts = network.parts(reached)
    for part in np.unique(parts[short]):
        yield group_of(request, network, reached & (parts == part))


def candidates_of(request: Request, *, specialists: bool) -> Ints:
    needs = request.edges.need[request.specialist] if specialists else request.edges.need
    return np.bincount(needs, minlength=len(request.wanted))


def group_of(request: Request, network: Network, group: Bools) -> Bottleneck:
    """Bids that pass a place among them, and the experts over whom; a bid counts whole where its gate is open."""
    bids = np.flatnonzero(group[: network.bids])
    experts = np.flatnonzero(group[network.first_expert : network.source])
    whole = group[network.bids + bids] if request.at_least else np.ones(len(bids), dtype=bool)
    special = network.chosen[request.specialist[network.chosen]]
    specialists = np.bincount(request.edges.need[special], minlength=network.bids)
    return Bottleneck(
        tuple(bids.tolist()),
        int(np.where(whole, request.wanted[bids], request.at_least).sum()),
        int(np.where(whole, network.got[bids], specialists[bids]).sum()),
        tuple(experts.tolist()),
        int(request.loads[experts].sum()),
        not whole.any(),
    )


def stretches(begins: Ints, ends: Ints) -> Ints:
    """All numbers from each beginning to before its end."""
    counts = ends - begins
    return np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
