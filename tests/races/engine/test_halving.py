"""Successive halving keeps to its budget and finds the best at least as often as an equal share for everybody."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.races.halving import Round, halved, items_by_round, money_by_round, rounds_of, survivors


def test_rounds_by_hand() -> None:
    assert rounds_of(8, 240) == (Round(8, 10, 10, 4), Round(4, 20, 30, 2), Round(2, 40, 70, 1))
    assert rounds_of(9, 270, finalists=3, rate=3) == (Round(9, 30, 30, 3),)


@given(st.integers(2, 300), st.integers(1, 5), st.integers(2, 4), st.integers(1, 100_000))
def test_rounds_keep_to_the_budget_and_end_in_the_final(entrants: int, finalists: int, rate: int, budget: int) -> None:
    try:
        rounds = rounds_of(entrants, budget, finalists=finalists, rate=rate)
    except ValueError:
        assert entrants <= finalists or budget < 20 * entrants
        return
    assert sum(one.cost for one in rounds) <= budget
    assert [one.entrants for one in rounds] == [entrants, *(one.keep for one in rounds[:-1])]
    assert rounds[-1].keep == finalists
    assert all(before.items <= after.items for before, after in pairwise(rounds))


@pytest.mark.parametrize(("entrants", "budget", "finalists"), [(1, 100, 1), (4, 100, 4), (4, 100, 0), (8, 20, 1)])
def test_a_field_or_a_budget_that_is_too_small_is_refused(entrants: int, budget: int, finalists: int) -> None:
    with pytest.raises(ValueError, match=r"field|budget"):
        rounds_of(entrants, budget, finalists=finalists)


def test_items_are_drawn_by_the_seed_and_are_never_asked_twice() -> None:
    items, rounds = [f"q{number}" for number in range(100)], rounds_of(8, 240)
    found = items_by_round(items, rounds, 5)
    assert [len(part) for part in found] == [10, 20, 40]
    assert len({item for part in found for item in part}) == 70
    assert (items_by_round(items, rounds, 5), items_by_round(items, rounds, 6) == found) == (found, False)
    with pytest.raises(ValueError, match="ask 70 items, there are 50"):
        items_by_round(items[:50], rounds, 5)


def test_money_is_parted_evenly_by_round_in_whole_yuan() -> None:
    rounds = rounds_of(8, 240)
    found = money_by_round(rounds, 1_000_000)
    assert found == (41_666, 83_333, 166_666)
    assert sum(yuan * one.entrants for yuan, one in zip(found, rounds, strict=True)) <= 1_000_000


def test_equal_scores_go_by_the_tie_break() -> None:
    scores = np.array([[1.0], [1.0], [0.0], [1.0]])
    assert survivors(scores, 2) == [0, 1]
    assert survivors(scores, 2, [3, 1, 0, 2]) == [1, 3]


def made(chance: np.random.Generator, entrants: int, items: int) -> tuple[np.ndarray, int]:
    """(scores, who is truly best): levels as they come, items that are hard for all alike."""
    levels, hard = chance.normal(0, 0.5, entrants), chance.normal(0, 1, items)
    odds = 1 / (1 + np.exp(-(levels[:, None] + hard)))
    return (chance.random((entrants, items)) < odds).astype(float), int(levels.argmax())


@pytest.mark.parametrize(("entrants", "share"), [(16, 40), (32, 60), (64, 100)])
def test_halving_finds_the_best_at_least_as_often_as_an_equal_share_for_everybody(entrants: int, share: int) -> None:
    chance, by_halves, by_shares = np.random.default_rng(entrants), 0, 0
    rounds = rounds_of(entrants, entrants * share)
    for _race in range(2_000):
        scores, best = made(chance, entrants, rounds[-1].asked)
        by_halves += halved(scores, rounds) == [best]
        by_shares += survivors(scores[:, :share], 1) == [best]
    assert by_halves >= by_shares
