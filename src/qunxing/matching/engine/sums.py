"""Sums over sparse rows, by scipy's compiled loops."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools

Array = NDArray[Any]


class Taken(NamedTuple):
    """Rows of a sparse matrix, one after another: `starts`, then what stands where and what is there."""

    starts: Array
    places: Array
    values: Array


def take(rows: Array, starts: Array, places: Array, values: Array, room: tuple[Array, Array] | None = None) -> Taken:
    """Some rows of what stands from ``starts[row]`` to ``starts[row + 1]``; put into the room, if it is given."""
    upto = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(starts[rows + 1] - starts[rows], out=upto[1:])
    count = int(upto[-1])
    places_in, values_in = room or (np.empty(count, np.int32), np.empty(count, values.dtype))
    found = Taken(upto, places_in[:count], values_in[:count])
    _sparsetools.csr_row_index(len(rows), rows, starts, places, values, found.places, found.values)
    return found


def weighed(found: Taken, table: Array) -> Array:
    """For each row the sum of its values, each times what the table has for its place."""
    total = np.zeros(len(found.starts) - 1)
    _sparsetools.csr_matvec(len(total), len(table), *found, table, total)
    return total


def spread(found: Taken, factors: Array, onto: Array) -> None:
    """Add to `onto`, at their places, the values of each row times its factor."""
    _sparsetools.csc_matvec(len(onto), len(factors), *found, factors, onto)
