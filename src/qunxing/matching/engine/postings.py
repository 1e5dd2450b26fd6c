"""Which supplies have a term, those to which it gives most first: where candidates are looked for."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# What a term gives is kept in so many steps of the most that it gives.
LEVELS: Final = 255
# Terms that so many supplies have are read in parts, the eighth to which they give most first.
LONG: Final = 256
PARTS: Final = (8, 4, 2)
# Bits of what a term gives while it is sorted by it.
FINE: Final = 20
AT_ONCE: Final = 1 << 16


class Ordered(NamedTuple):
    """The supplies of some terms, term by term: how many of each, what a level of each is worth, rows and levels."""

    sizes: Array
    steps: Array
    rows: Array
    levels: Array


NOTHING: Final = Ordered(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(0, np.uint8))


class Postings(NamedTuple):
    """``rows`` and ``levels`` from ``starts[segment]`` to ``starts[segment + 1]`` are supplies that have a term.

    A term has the segments from ``firsts[term]`` to ``firsts[term + 1]``; ``steps`` is what a level of a term is worth,
    ``worth`` what a segment usually gives.
    """

    firsts: Array
    starts: Array
    steps: Array
    worth: Array
    rows: Array
    levels: Array

    @classmethod
    def of(cls, found: Sequence[Ordered]) -> Self:
        """Of the terms of several kinds, in their order."""
        sizes, steps, rows, levels = (np.concatenate(arrays) for arrays in zip(NOTHING, *found, strict=True))
        firsts, starts = segments_of(sizes)
        middle = (starts[:-1].astype(np.int64) + starts[1:]) >> 1
        usual = levels[np.minimum(middle, max(len(levels) - 1, 0))] if len(levels) else np.zeros(len(middle))
        worth = usual * np.repeat(steps, np.diff(firsts))
        return cls(firsts, starts, steps, worth.astype(np.float32), rows, levels)


def segments_of(sizes: Array) -> tuple[Array, Array]:
    """The first segment of each term, and where segments start among the entries."""
    long = np.flatnonzero(sizes >= LONG)
    many = np.ones(len(sizes), np.int32)
    many[long] += len(PARTS)
    firsts = np.concatenate(([0], np.cumsum(many))).astype(np.int32)
    begin = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    starts = np.repeat(begin, np.append(many, 1))
    for place, part in enumerate(PARTS, start=1):
        starts[firsts[long] + place] += sizes[long] // part
    return firsts, starts.astype(np.int32)


def ordered(found: Any) -> Ordered:
    """Turned round, from supplies that have terms to terms that supplies have."""
    rows, width = found.shape
    row_bits, term_bits = int(rows).bit_length(), int(width).bit_length()
    fine = min(FINE, 64 - row_bits - term_bits)
    most = (1 << fine) - 1
    scale = np.float32(most / (found.data.max() if found.nnz else 1.0))
    keys = keys_of(found, row_bits, fine, scale)
    sizes = np.bincount(found.indices, minlength=width)
    keys.sort()
    begin = np.cumsum(sizes) - sizes
    best = np.zeros(width, np.float32)
    best[sizes > 0] = given(keys[begin[sizes > 0]], row_bits, most)
    best = np.maximum(best, 1.0)
    levels, order = np.empty(len(keys), np.uint8), np.empty(len(keys), np.int32)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        shares = given(some, row_bits, most) * (LEVELS / best)[(some >> np.uint64(row_bits + fine)).view(np.int64)]
        levels[start : start + AT_ONCE] = np.ceil(shares).clip(1, LEVELS)
        order[start : start + AT_ONCE] = some & np.uint64((1 << row_bits) - 1)
    return Ordered(sizes, (best / (LEVELS * scale)).astype(np.float32), order, levels)


def keys_of(found: Any, row_bits: int, fine: int, scale: np.float32) -> Array:
    """For each entry its term, how much less than the most it gives, and its row in one number."""
    keys = np.empty(found.nnz, np.uint64)
    most = np.uint64((1 << fine) - 1)
    rows = np.repeat(np.arange(found.shape[0], dtype=np.int32), np.diff(found.indptr))
    for start in range(0, len(keys), AT_ONCE):
        span = slice(start, start + AT_ONCE)
        some = found.indices[span].astype(np.uint64)
        some <<= np.uint64(fine)
        some |= most - np.minimum((found.data[span] * scale).astype(np.uint64), most)
        some <<= np.uint64(row_bits)
        some |= rows[span].view(np.uint32)
        keys[span] = some
    return keys


def given(keys: Array, row_bits: int, most: int) -> Array:
    return (np.uint64(most) - ((keys >> np.uint64(row_bits)) & np.uint64(most))).astype(np.float32)
