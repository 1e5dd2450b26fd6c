"""Candidates among very many supplies, found without reading all that is known of them."""

from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.asking import Query
from qunxing.matching.engine.postings import Postings
from qunxing.matching.engine.sums import Taken, spread, take

Array = NDArray[Any]
Mask = NDArray[np.bool_]
# Entries of the postings that are read, those that give most first: so many for each supply, and how many at least.
READ: Final = 2.5
BUDGET: Final = 200_000
# Every so manieth supply tells about where the best begin.
EVERY: Final = 32
SPARE: Final = 3


class Room(NamedTuple):
    """Arrays to work in that are kept: making them anew costs as much as filling them."""

    places: Array
    levels: Array
    gains: Array
    some: Array
    all: Array

    @classmethod
    def of(cls, supplies: int) -> Self:
        read = max(BUDGET, int(READ * supplies))
        kinds = (np.int32, np.uint8, np.float32)
        return cls(*(np.empty(read, kind) for kind in kinds), *(np.empty(supplies, np.float32) for _ in range(2)))


def promises(query: Query, postings: Postings, room: Room, apart: int) -> tuple[Array, Array]:
    """About what the query's terms give to every supply: those before the term `apart`, and all; both in the room."""
    segments, steps = chosen(query, postings, len(room.places))
    read = take(segments, postings.starts, postings.rows, postings.levels, room[:2])
    gains = room.gains[: len(read.values)]
    gains[:] = read.values
    cut = int(np.searchsorted(segments, postings.firsts[apart]))
    room.some.fill(0.0)
    spread(Taken(read.starts[: cut + 1], read.places, gains), steps[:cut], room.some)
    room.all[:] = room.some
    spread(Taken(read.starts[cut:], read.places, gains), steps[cut:], room.all)
    return room.some, room.all


def chosen(query: Query, postings: Postings, budget: int) -> tuple[Array, Array]:
    """The segments to be read, ascending, and what a level is worth in each."""
    first, last = postings.firsts[query.terms], postings.firsts[query.terms + 1]
    many = last - first
    upto = np.cumsum(many)
    segments = np.repeat(first - upto + many, many)
    segments += np.arange(len(segments))
    factors = np.repeat(query.factors.astype(np.float32), many)
    order = np.argsort(-postings.worth[segments] * factors)
    sizes = (postings.starts[segments + 1] - postings.starts[segments])[order]
    read = np.sort(order[: np.searchsorted(np.cumsum(sizes), budget, side="right")])
    steps = np.repeat(postings.steps[query.terms], many)[read] * factors[read]
    return segments[read].astype(np.int32), steps


def best_rows(promise: Array, depth: int, mask: Mask | None) -> Array:
    """The rows of at most `depth` of the highest above 0, of those that the mask allows, ascending."""
    enough = SPARE * depth // EVERY
    sample = promise[::EVERY] if mask is None else promise[::EVERY] * mask[::EVERY]
    guess = np.partition(sample, -enough)[-enough] if 0 < enough < len(sample) else 0.0
    rows = allowed(promise > guess, mask)
    if len(rows) < depth:
        rows = allowed(promise > 0, mask)
    return rows[best_of(promise[rows], depth)]


def allowed(found: Mask, mask: Mask | None) -> Array:
    rows = np.flatnonzero(found).astype(np.int32)
    return rows if mask is None else rows[mask[rows]]


def best_of(values: Array, count: int) -> Array:
    """The places of the highest, at most `count`, ascending."""
    return np.arange(len(values)) if len(values) <= count else np.sort(np.argpartition(-values, count)[:count])
