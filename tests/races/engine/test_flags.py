"""Signs of trouble: cheats are told, the honest are not."""

from typing import Any

import numpy as np
import pytest

from qunxing.races.flags import flags_of, gap_flags, jump_flags

ITEMS = 400


def honest(chance: np.random.Generator, count: int = 30) -> Any:
    """Scores near nothing or all, as a judge of pairs gives them: items differ, contestants differ, noise."""
    level, hard = np.linspace(-6, 1, count), chance.normal(0, 3, ITEMS)
    return 1 / (1 + np.exp(-(level[:, None] + hard + chance.normal(0, 2.5, (count, ITEMS)))))


def named(scores: Any) -> list[str]:
    return [f"team{number}" for number in range(len(scores))]


def told(scores: Any, **more: Any) -> set[tuple[str, str]]:
    return {(flag.contestant, flag.sign) for flag in flags_of(named(scores), scores, **more)}


@pytest.mark.parametrize("seed", range(6))
def test_the_honest_are_left_alone(seed: int) -> None:
    scores = honest(np.random.default_rng(seed))
    assert len(told(scores)) <= 0.05 * len(scores)


@pytest.mark.parametrize(("heads", "tails"), [(0.3, 2.0), (2.0, 0.3), (0.2, 0.2)])
def test_constant_answers_show_in_the_pattern_of_scores(heads: float, tails: float) -> None:
    chance = np.random.default_rng(2)
    scores = np.vstack([honest(chance), chance.beta(heads, tails, ITEMS)])
    assert told(scores) == {("team30", "constant")}


def test_scores_that_never_move_are_told() -> None:
    scores = np.vstack([honest(np.random.default_rng(3)), np.full(ITEMS, 0.5)])
    assert ("team30", "constant") in told(scores)


def test_twins_show_in_the_scores() -> None:
    chance = np.random.default_rng(4)
    scores = honest(chance)
    scores = np.vstack([scores, np.clip(scores[20] + chance.normal(0, 0.02, ITEMS), 0, 1)])
    assert {("team20", "twin"), ("team30", "twin")} <= told(scores)


def test_few_contestants_are_not_judged_by_their_scores() -> None:
    assert told(np.random.default_rng(5).random((4, ITEMS))) == set()


def test_one_answer_for_everything_is_told_however_it_is_written() -> None:
    scores = honest(np.random.default_rng(6), 3)
    answers = {
        "team0": [f"item {number} differs" for number in range(50)],
        "team1": ["ＯＫ!", "ok", " o.k. "] * 16 + ["else", "other"],
        "team2": [
            "a long preface that says nothing and goes on for every item in just the same words " + str(number)
            for number in range(50)
        ],
    }
    assert told(scores, answers=answers) == {("team1", "constant"), ("team2", "constant")}


def test_a_common_label_is_no_constant_answer() -> None:
    chance = np.random.default_rng(7)
    answers = {
        f"team{number}": ["no" if chance.random() < 0.7 else "yes" for _item in range(200)] for number in range(6)
    }
    assert told(honest(chance, 6), answers=answers) == set()


def test_twins_share_answers_that_nobody_else_gives() -> None:
    answers = {f"team{team}": [f"{team}-{item}" for item in range(40)] for team in range(6)}
    answers["team5"] = [*answers["team4"][:36], "x", "y", "z", "w"]
    assert told(honest(np.random.default_rng(8), 6), answers=answers) == {("team4", "twin"), ("team5", "twin")}


def test_right_answers_that_many_share_make_no_twins() -> None:
    right = [str(item) for item in range(40)]
    answers = {f"team{team}": [*right[:35], *(f"{team}{item}" for item in range(5))] for team in range(6)}
    assert told(honest(np.random.default_rng(9), 6), answers=answers) == set()


def test_public_score_far_above_the_sealed_one_is_told() -> None:
    public, sealed = {"A": 0.9, "B": 0.62, "C": 0.61}, {"A": 0.6, "B": 0.6, "C": 0.6}
    found = list(gap_flags(public, sealed, dict.fromkeys("ABC", 0.02)))
    assert [(flag.contestant, flag.sign) for flag in found] == [("A", "gap")]


def test_jump_at_the_end_is_told() -> None:
    history = {"A": [0.5, 0.52, 0.51, 0.9], "B": [0.5, 0.55, 0.6, 0.62], "C": [0.2, 0.9]}
    assert [flag.contestant for flag in jump_flags(history, dict.fromkeys("ABC", 0.02))] == ["A"]


def test_who_has_no_score_at_all_shows_no_pattern_and_hides_nobody_s() -> None:
    chance = np.random.default_rng(5)
    scores = np.vstack([chance.random((3, 50)), np.full((1, 50), 0.5), np.full((1, 50), np.nan)])
    assert [(flag.contestant, flag.sign) for flag in flags_of("ABCDE", scores)] == [("D", "constant")]
    assert flags_of("AB", np.full((2, 5), np.nan)) == []
