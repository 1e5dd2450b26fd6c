"""The board answers only to what is better beyond noise."""

import numpy as np
import pytest

from qunxing.races.scoring.ladder import climb, error_of

CHANCE = np.random.default_rng(3)
ITEMS = 1_000


def entry(level: float) -> np.ndarray:
    return (CHANCE.random(ITEMS) < level).astype(float)


def test_the_first_entry_is_answered_to_the_digits_that_are_known() -> None:
    found = climb(None, None, np.array([1.0] * 613 + [0.0] * 387))
    assert (found.shown, found.moved) == (0.61, True)


def test_an_entry_that_is_hardly_better_moves_nothing_and_tells_nothing() -> None:
    first = entry(0.6)
    better = first.copy()
    better[np.flatnonzero(better == 0)[:1]] = 1.0
    found = climb(first, 0.6, better)
    assert (found.shown, found.moved, found.step > 0) == (0.6, False, True)


def test_an_entry_that_is_better_beyond_noise_moves_the_board() -> None:
    found = climb(entry(0.5), 0.5, entry(0.7))
    assert (found.moved, found.shown) == (True, pytest.approx(0.7, abs=0.03))


@pytest.mark.parametrize("change", [0.0, -0.1])
def test_the_same_or_worse_never_moves_the_board(change: float) -> None:
    first = entry(0.6)
    assert climb(first, 0.6, first + change).moved is False


def test_whoever_fits_to_the_board_gains_nothing_on_it() -> None:
    """Two hundred random entries, then the majority of those that the board called better (Blum and Hardt's attack)."""
    truth = CHANCE.integers(0, 2, ITEMS)
    tries = CHANCE.integers(0, 2, (200, ITEMS))
    scores = (tries == truth).astype(float)
    open_board = scores.mean(axis=1)
    by_open = tries[open_board > 0.5].mean(axis=0) > 0.5
    best, shown, kept = None, None, []
    for guess, own in zip(tries, scores, strict=True):
        rung = climb(best, shown, own)
        if rung.moved:
            best, shown = own, rung.shown
            kept.append(guess)
    by_ladder = np.mean(kept, axis=0) > 0.5
    assert float((by_open == truth).mean()) > 0.6
    assert float((by_ladder == truth).mean()) < 0.56
    assert (shown or 0) < 0.56


def test_items_without_a_score_count_nothing_and_one_item_shows_nothing() -> None:
    assert climb(None, None, np.array([1.0, np.nan])).shown == 0.5
    assert error_of(np.array([1.0])) == np.inf
    assert climb(np.array([0.0]), 0.0, np.array([1.0])).moved is False
    with pytest.raises(ValueError, match="an item"):
        climb(None, None, np.array([]))
