"""Who is proposed to whom, over all needs at once: the flow of least cost through the best few edges of each need.

As many places are filled as can be; among such assignments the places are spread most evenly (nobody gets a second
name while another goes without one that could be had); among those the scores add up to the most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from qunxing.matching.engine.flow import Flow, FlowError, Ints

Floats = npt.NDArray[np.float64]

FINENESS = 1_000_000  # steps between the lowest and the highest score


class AssignmentError(ValueError):
    """What was given describes no assignment: sizes that do not fit, a score that is no number, a place below zero."""


class Reason(StrEnum):
    """Why a need stays short of what it wanted."""

    NOBODY = "nobody"  # not one edge
    FEW = "few"  # fewer edges than places
    BUSY = "busy"  # who is left has no capacity left
    CAPPED = "capped"  # who is left has been proposed as often as one name may be


@dataclass(frozen=True)
class Edges:
    """Who could be proposed to whom, sorted by need, then supply; both are places in lists that the caller keeps."""

    need: Ints
    supply: Ints
    score: Floats

    @classmethod
    def of(cls, need: npt.ArrayLike, supply: npt.ArrayLike, score: npt.ArrayLike) -> Self:
        """Edges in any order; of two between the same pair the better stays."""
        left, right = np.asarray(need, dtype=np.int64), np.asarray(supply, dtype=np.int64)
        values = np.asarray(score, dtype=np.float64)
        if not left.shape == right.shape == values.shape or not np.isfinite(values).all():
            raise AssignmentError("edges need a need, a supply and a finite score each")
        order = np.lexsort((-values, right, left))
        left, right, values = left[order], right[order], values[order]
        first = np.ones(len(left), dtype=bool)
        first[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
        return cls(left[first], right[first], values[first])

    @classmethod
    def ranked(cls, lists: Iterable[Sequence[tuple[int, float]]]) -> Self:
        """A list of (supply, score) for each need."""
        rows = [(need, supply, score) for need, pairs in enumerate(lists) for supply, score in pairs]
        need, supply, score = zip(*rows, strict=True) if rows else ((), (), ())
        return cls.of(need, supply, score)

    def __len__(self) -> int:
        return len(self.need)

    def best(self, limit: int) -> Self:
        """The best few of each need; ties go to the supply that stands first."""
        order = np.lexsort((self.supply, -self.score, self.need))
        need = self.need[order]
        place = np.arange(len(need)) - np.searchsorted(need, need)
        return self.taken(np.sort(order[place < limit]))

    def relative(self) -> Self:
        """Each score as a share of its need's best, so that a need of many words does not outbid one of few."""
        if not len(self):
            return self
        top = np.full(int(self.need.max()) + 1, -np.inf)
        np.maximum.at(top, self.need, self.score)
        best = top[self.need]
        share = np.divide(self.score, best, out=np.zeros_like(self.score), where=best > 0)
        return type(self)(self.need, self.supply, share)

    def taken(self, places: npt.NDArray[Any]) -> Self:
        return type(self)(self.need[places], self.supply[places], self.score[places])


@dataclass(frozen=True)
class Shortfall:
    """A need that got less than it wanted, why, and who it was that had no place left; nothing could be moved aside."""

    need: int
    wanted: int
    got: int
    candidates: int
    reasons: tuple[Reason, ...]
    busy: tuple[int, ...]
    capped: tuple[int, ...]


@dataclass(frozen=True)
class Assignment:
    """The chosen edges, how many each need got, how often each supply is proposed, and which needs stay short."""

    chosen: Edges
    got: Ints
    load: Ints
    short: tuple[Shortfall, ...]

    @property
    def total(self) -> float:
        return float(self.chosen.score.sum())


def assign(
    edges: Edges,
    *,
    wanted: npt.ArrayLike,
    capacity: npt.ArrayLike,
    cap: int | None = None,
    names: npt.ArrayLike | None = None,
) -> Assignment:
    """Propose supplies to needs; the same edges give the same assignment.

    ``wanted`` places for each need, ``capacity`` of each supply; ``cap`` is how often one name may be proposed at all,
    ``names`` the name of each supply where several share one (sister firms), otherwise each is its own.
    """
    places, room = np.asarray(wanted, dtype=np.int64), np.asarray(capacity, dtype=np.int64)
    group = np.arange(len(room)) if names is None else np.asarray(names, dtype=np.int64)
    check(edges, places, room, group, cap)
    flowing = flow_through(edges, places, room, group, cap)
    chosen = edges.taken(np.flatnonzero(flowing))
    got = np.bincount(chosen.need, minlength=len(places))
    load = np.bincount(chosen.supply, minlength=len(room))
    short = shortfalls(edges, flowing, places, got, full(load, room), worn(load, group, cap))
    return Assignment(chosen, got, load, short)


def check(edges: Edges, places: Ints, room: Ints, group: Ints, cap: int | None) -> None:
    if len(edges) and (edges.need.max() >= len(places) or edges.supply.max() >= len(room)):
        raise AssignmentError("an edge names a need or a supply that is not there")
    if len(group) != len(room) or (group < 0).any():
        raise AssignmentError("each supply needs one name")
    if (places < 0).any() or (room < 0).any() or (cap is not None and cap < 0) or (edges.need < 0).any():
        raise AssignmentError("places are counted from zero")


def flow_through(edges: Edges, places: Ints, room: Ints, group: Ints, cap: int | None) -> npt.NDArray[np.bool_]:
    """Which edges carry a proposal: source, needs, supplies, names, sink."""
    if not len(edges):
        return np.zeros(0, dtype=bool)
    network, flow = Network(edges, places, room, group, cap), Flow()
    arcs = network.add_to(flow)
    try:
        flow.send(network.source, network.sink, int(places.sum()))
    except FlowError as error:
        raise AssignmentError(str(error)) from error
    return flow.through(arcs) > 0


class Network:
    """The nodes in one row: needs, the supplies that have an edge, their names, source, sink."""

    def __init__(self, edges: Edges, places: Ints, room: Ints, group: Ints, cap: int | None) -> None:
        self.edges, self.places = edges, places
        self.supplies, self.place_of_supply = np.unique(edges.supply, return_inverse=True)
        self.room = room[self.supplies]
        known, self.name_of_supply = np.unique(group[self.supplies], return_inverse=True)
        self.first_supply = len(places)
        self.first_name = self.first_supply + len(self.supplies)
        self.source = self.first_name + len(known)
        self.sink = self.source + 1
        self.cap = np.full(len(known), int(places.sum()) if cap is None else cap, dtype=np.int64)

    def add_to(self, flow: Flow) -> Ints:
        """Put all arcs into the flow; gives the numbers of those that are the edges."""
        supplies = np.arange(len(self.supplies)) + self.first_supply
        names = np.arange(len(self.cap)) + self.first_name
        heads = self.place_of_supply + self.first_supply
        arcs = flow.add(self.edges.need, heads, 1, -quantized(self.edges.score))
        flow.add(supplies, self.name_of_supply + self.first_name, self.room, 0)
        flow.add(names, self.sink, self.cap, 0)
        self.add_places(flow)
        return arcs

    def add_places(self, flow: Flow) -> None:
        """An arc for each place: the second place of a need costs more than all scores together, and so on."""
        usable = np.minimum(self.places, np.bincount(self.edges.need, minlength=len(self.places)))
        needs = np.repeat(np.arange(len(usable)), usable)
        rank = np.arange(len(needs)) - np.repeat(np.cumsum(usable) - usable, usable)
        step = FINENESS * (len(needs) + 1)
        flow.add(self.source, needs, 1, rank * step)


def quantized(score: Floats) -> Ints:
    """Scores as whole numbers from 0 to FINENESS; only differences count, since the number of chosen edges is fixed."""
    low, high = float(score.min()), float(score.max())
    if low == high:
        return np.zeros(len(score), dtype=np.int64)
    return np.rint((score - low) / (high - low) * FINENESS).astype(np.int64)


def full(load: Ints, room: Ints) -> npt.NDArray[np.bool_]:
    return load >= room


def worn(load: Ints, group: Ints, cap: int | None) -> npt.NDArray[np.bool_]:
    """The supplies whose name has been proposed as often as one may be."""
    if cap is None or not len(group):
        return np.zeros(len(group), dtype=bool)
    proposed = np.bincount(group, weights=load)
    return np.asarray(proposed[group] >= cap)


def shortfalls(
    edges: Edges,
    flowing: npt.NDArray[np.bool_],
    places: Ints,
    got: Ints,
    busy: npt.NDArray[np.bool_],
    capped: npt.NDArray[np.bool_],
) -> tuple[Shortfall, ...]:
    found = []
    first = np.searchsorted(edges.need, np.arange(len(places) + 1))
    for need in np.flatnonzero(got < places):
        stretch = slice(first[need], first[need + 1])
        left = edges.supply[stretch][~flowing[stretch]]
        candidates = int(first[need + 1] - first[need])
        kept = (left[busy[left]], left[capped[left] & ~busy[left]])
        reasons = tuple(reasons_for(candidates, int(places[need]), *map(len, kept)))
        who = [tuple(int(one) for one in part) for part in kept]
        found.append(Shortfall(int(need), int(places[need]), int(got[need]), candidates, reasons, *who))
    return tuple(found)


def reasons_for(candidates: int, wanted: int, busy: int, capped: int) -> Iterable[Reason]:
    if not candidates:
        yield Reason.NOBODY
    elif candidates < wanted:
        yield Reason.FEW
    if busy:
        yield Reason.BUSY
    if capped:
        yield Reason.CAPPED
