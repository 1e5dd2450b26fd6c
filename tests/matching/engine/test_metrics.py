"""Figures against values worked out by hand."""

import math

import pytest

from qunxing.matching.engine.metrics import Estimate, average_precision, difference, estimate, gain, ndcg, recall


def test_gain_doubles_and_one_is_nothing() -> None:
    assert [gain(level) for level in (1, 2, 3, 4)] == [0, 1, 3, 7]


def test_ndcg_of_the_best_order_is_one() -> None:
    assert ndcg([4, 3, 2, 1]) == 1


def test_ndcg_by_hand() -> None:
    # 3/log2(2) + 7/log2(3) + 0 + 1/log2(5) over 7/log2(2) + 3/log2(3) + 1/log2(4)
    found = 3 + 7 / math.log2(3) + 1 / math.log2(5)
    best = 7 + 3 / math.log2(3) + 1 / 2
    assert ndcg([3, 4, 1, 2]) == pytest.approx(found / best)
    assert found / best == pytest.approx(0.83545, abs=1e-5)


def test_ndcg_looks_at_ten() -> None:
    assert ndcg([1] * 10 + [4]) == 0


def test_ndcg_of_worthless_offers_is_unknown() -> None:
    assert ndcg([1, 1, 1]) is None
    assert ndcg([]) is None


def test_average_precision_by_hand() -> None:
    # relevant at places 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3
    assert average_precision([4, 2, 3, 3, 1]) == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    assert average_precision([2, 1]) is None


def test_recall_counts_the_relevant_shown() -> None:
    assert recall(["a", "b", "c"], ["a", "z"]) == 0.5
    assert recall(["a"], []) is None


def test_estimate_leaves_the_unknown_out() -> None:
    assert estimate([1.0, None, 0.0]).mean == 0.5
    assert estimate([None]) == Estimate(0.0, 0.0, 0.0)


def test_estimate_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [0.1, 0.5, 0.9, 0.3, 0.7]
    first = estimate(values)
    assert first == estimate(values)
    assert first.low < first.mean < first.high


def test_difference_is_taken_need_by_need() -> None:
    assert difference([0.5, 0.7, None], [0.4, 0.6, 0.1]).low == pytest.approx(0.1)
    with pytest.raises(ValueError, match="longer"):
        difference([0.5], [0.5, 0.5])
