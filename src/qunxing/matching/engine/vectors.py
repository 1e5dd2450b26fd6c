"""Meaning as vectors: what a model made of each profile, by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """A vector of length one for each key, all made by the model of this name."""

    model: str
    rows: Mapping[str, int]
    matrix: Matrix

    @classmethod
    def of(cls, model: str, vectors: Mapping[str, Sequence[float]]) -> "Vectors":
        matrix = np.array(list(vectors.values()), dtype=np.float32).reshape(len(vectors), -1)
        return cls(model, {key: row for row, key in enumerate(vectors)}, unit(matrix))

    def of_keys(self, keys: Sequence[str]) -> Matrix:
        """The vectors of these keys, zeros for one that has none."""
        found = np.zeros((len(keys), self.matrix.shape[1]), dtype=np.float32)
        known = [(place, self.rows[key]) for place, key in enumerate(keys) if key in self.rows]
        if known:
            places, rows = np.array(known).T
            found[places] = self.matrix[rows]
        return found


def unit(matrix: Matrix) -> Matrix:
    """The rows at length one; a row of zeros stays."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)
