"""Pairs of characters, numbered in the order of their codes."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.vocabulary import BITS

Array = NDArray[Any]
# A place among all entries has 30 bits, beside the 34 of a pair.
PLACE: Final = 30
# A table over all pairs that could be is made while it takes no more room than sorting would.
SMALL: Final = 1 << 22
LOW: Final = np.uint64((1 << BITS) - 1)


def number(pairs: Sequence[Array], characters: int) -> tuple[Array, list[Array]]:
    """The codes that there are, ascending, and for each of the arrays the places of its codes among them."""
    if characters * characters <= max(SMALL, 3 * sum(map(len, pairs))):
        return by_table(pairs, characters)
    return by_sorting(pairs)


def by_table(pairs: Sequence[Array], characters: int) -> tuple[Array, list[Array]]:
    dense = [dense_of(codes, characters) for codes in pairs]
    there = np.zeros(characters * characters, dtype=bool)
    for places in dense:
        there[places] = True
    found = np.flatnonzero(there)
    table = np.zeros(len(there), np.int32)
    table[found] = np.arange(len(found), dtype=np.int32)
    first, second = np.divmod(found.astype(np.uint64), np.uint64(max(characters, 1)))
    return (first << np.uint64(BITS)) | second, [table[places] for places in dense]


def dense_of(codes: Array, characters: int) -> Array:
    """The first character's number times how many there are, and the second's."""
    places = codes >> np.uint64(BITS)
    places *= np.uint64(characters)
    places += codes & LOW
    return places.view(np.int64)


def by_sorting(pairs: Sequence[Array]) -> tuple[Array, list[Array]]:
    packed = np.concatenate(pairs)
    packed <<= PLACE
    packed |= np.arange(len(packed), dtype=np.uint64)
    packed.sort()
    places = (packed & ((1 << PLACE) - 1)).astype(np.int32)
    packed >>= PLACE
    first = np.concatenate((packed[:1] == packed[:1], packed[1:] != packed[:-1]))
    numbers = np.empty(len(packed), dtype=np.int32)
    numbers[places] = np.cumsum(first, dtype=np.int32) - 1
    return packed[first], np.split(numbers, np.cumsum([len(codes) for codes in pairs])[:-1])
