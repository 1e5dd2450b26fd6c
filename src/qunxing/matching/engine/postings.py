"""An inverted index in arrays: for each column (a term in a channel) the supplies that have it, and its impact there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Counts = Sequence[Mapping[str, int]]


@dataclass(frozen=True, eq=False)
class Channel:
    """The columns of one kind of term from one field of the supplies."""

    name: str
    columns: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: Ints
    impacts: Floats
    inverse: Floats

    def column(self, term: str) -> tuple[Ints, Floats]:
        """The rows that have the term, ascending, and the impact in each."""
        number = self.columns[term]
        span = slice(self.starts[number], self.starts[number + 1])
        return self.rows[span], self.impacts[span]


def channel(name: str, counts: Counts, *, k1: float, b: float) -> Channel:
    """BM25 of every term in every supply, without the need's side.

    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework:
    tf (k1 + 1) / (tf + k1 (1 - b + b l / mean l)) times the inverse document frequency in the form that is never negative, ln(1 + (N - n + 0.5) / (n + 0.5)).
    """
    columns: dict[str, int] = {}
    ids = [columns.setdefault(term, len(columns)) for count in counts for term in count]
    frequencies = np.array([number for count in counts for number in count.values()], dtype=np.float32)
    rows = np.repeat(np.arange(len(counts), dtype=np.int32), [len(count) for count in counts])
    numbers = np.array(ids, dtype=np.int64)
    lengths = np.bincount(rows, weights=frequencies, minlength=len(counts))
    spread = np.bincount(numbers, minlength=len(columns))
    inverse = np.log1p((len(counts) - spread + 0.5) / (spread + 0.5))
    mean = lengths.sum() / max(np.count_nonzero(lengths), 1)
    scale = k1 * (1 - b + b * lengths / (mean or 1))
    impacts = inverse[numbers] * frequencies * (k1 + 1) / (frequencies + scale[rows])
    order = np.argsort(numbers, kind="stable")
    starts = np.concatenate(([0], np.cumsum(spread)))
    return Channel(name, columns, starts, rows[order], impacts[order].astype(np.float32), inverse.astype(np.float32))
