"""Pairs are numbered in the order of their codes, whichever way."""

import numpy as np

from qunxing.matching.engine.numbering import by_sorting, by_table, number
from qunxing.matching.engine.vocabulary import BITS

CHANCE = np.random.default_rng(5)
PAIRS = [
    CHANCE.integers(0, 40, n).astype(np.uint64) << np.uint64(BITS) | CHANCE.integers(0, 40, n).astype(np.uint64)
    for n in (300, 0, 80)
]


def test_both_ways_give_the_same_numbers() -> None:
    (codes, numbers), (others, same) = by_table(PAIRS, 40), by_sorting(PAIRS)
    assert codes.tolist() == others.tolist() == sorted({int(code) for pairs in PAIRS for code in pairs})
    assert [one.tolist() for one in numbers] == [one.tolist() for one in same]
    assert [codes[one].tolist() for one in numbers] == [pairs.tolist() for pairs in PAIRS]


def test_many_characters_are_sorted() -> None:
    assert [array.tolist() for array in number(PAIRS, 1 << 16)[1]] == [
        array.tolist() for array in by_table(PAIRS, 40)[1]
    ]
    codes, numbers = number([np.zeros(0, np.uint64)], 0)
    assert (len(codes), [len(one) for one in numbers]) == (0, [0])
