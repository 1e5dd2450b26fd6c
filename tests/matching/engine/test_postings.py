"""Postings hold, term by term, the supplies to which it gives most first."""

import numpy as np
from scipy.sparse import csr_array

from qunxing.matching.engine.postings import LONG, Postings, ordered
from qunxing.matching.engine.sums import Taken, spread, take, weighed

CHANCE = np.random.default_rng(2)
DENSE = np.where(CHANCE.random((2 * LONG, 3)) < (0.9, 0.1, 0.0), CHANCE.random((2 * LONG, 3)), 0.0).astype(np.float32)
MATRIX = csr_array(DENSE)


def test_postings_give_what_the_supplies_have() -> None:
    found = Postings.of([ordered(MATRIX)])
    for term in range(3):
        span = slice(found.starts[found.firsts[term]], found.starts[found.firsts[term + 1]])
        values = found.levels[span] * found.steps[term]
        assert (np.diff(values) <= 0).all()
        expected = DENSE[:, term]
        assert sorted(found.rows[span].tolist()) == np.flatnonzero(expected).tolist()
        np.testing.assert_allclose(values, expected[found.rows[span]], atol=expected.max() / 200)
    assert np.diff(found.firsts).tolist() == [4, 1, 1]


def test_sums_are_those_of_scipy() -> None:
    rows = np.array([5, 3, 400], np.int32)
    table = np.array([1.0, 10.0, 100.0])
    some = take(rows, MATRIX.indptr, MATRIX.indices, MATRIX.data)
    assert weighed(some, table).tolist() == (MATRIX[rows].astype(float) @ table).tolist()
    onto = np.ones(3, np.float32)
    spread(Taken(*some), np.array([1, 2, 3], np.float32), onto)
    np.testing.assert_allclose(onto, 1 + MATRIX[rows].T @ np.array([1, 2, 3], np.float32), rtol=1e-6)
