"""Standings hold what they say: intervals cover, comparisons are corrected, gates cut nobody by chance."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.races.gates import Gate, passing
from qunxing.races.standing import Settings, Table, holm, items_to_part, sample_of, standing

BLANK = np.nan


def table(rows: Any, **more: Any) -> Table:
    scores = np.array(rows, dtype=float)
    return Table(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(scores)]), scores, **more)


def made(chance: np.random.Generator, levels: Any, items: int) -> Table:
    """Contestants of these true levels on items that are hard for all of them alike."""
    hard = chance.normal(0, 0.8, items)
    odds = 1 / (1 + np.exp(-(np.asarray(levels)[:, None] + hard + chance.normal(0, 0.5, (len(levels), items)))))
    return table(odds)


def test_standing_orders_by_mean_and_equal_scores_share_the_better_rank() -> None:
    found = standing(table([[0, 1, 0, 0], [1, 1, 1, 0], [1, 0, 1, 1]]))
    assert [(place.contestant, place.rank, place.score) for place in found.places] == [
        ("B", 1, 0.75),
        ("C", 1, 0.75),
        ("A", 3, 0.25),
    ]


def test_intervals_are_those_of_students_t_by_hand() -> None:
    scores = np.array([0.2, 0.4, 0.9, 0.7, 0.3])
    (place,) = standing(table([scores])).places
    reach = 2.7764451 * scores.std(ddof=1) / np.sqrt(5)
    assert (place.low, place.high) == pytest.approx((scores.mean() - reach, scores.mean() + reach), abs=1e-6)


@pytest.mark.parametrize(("rule", "expected"), [("zero", [0.5, 0.75]), ("own", [2 / 3, 1.0]), ("drop", [0.5, 1.0])])
def test_missing_items_count_by_the_stated_rule(rule: Any, expected: list[float]) -> None:
    sample = sample_of(table([[1, 0, 1, BLANK], [1, 1, BLANK, 1]]), rule)
    assert sample.means.tolist() == pytest.approx(expected)


def test_strata_weigh_by_their_shares() -> None:
    rows = table([[1, 1, 1, 0]], strata=("a", "a", "a", "b"), shares={"a": 0.5, "b": 0.5})
    assert standing(rows).places[0].score == 0.5


@pytest.mark.parametrize("method", ["analytic", "bootstrap"])
def test_copies_are_never_told_apart_and_the_clearly_better_always_are(method: Any) -> None:
    row = np.random.default_rng(3).random(200)
    found = standing(table([row, row, row / 3]), Settings(method=method, draws=500))
    ranks = [(place.rank_low, place.rank_high, place.group) for place in found.places]
    assert ranks == [(1, 2, 1), (1, 2, 1), (3, 3, 2)]


@pytest.mark.parametrize("method", ["analytic", "bootstrap"])
def test_intervals_of_differences_cover_between_93_and_97_percent(method: Any) -> None:
    chance, inside, races = np.random.default_rng(11), 0, 2_000
    truth = made(np.random.default_rng(5), [0.0, 0.3], 100_000)
    whole = truth.scores.mean(axis=1)
    expected = whole[1] - whole[0]
    for seed in range(races):
        picked = truth.scores[:, chance.integers(0, 100_000, 60)]
        found = standing(table(picked), Settings(method=method, draws=400, seed=seed))
        at = [place.contestant for place in found.places]
        low, high = (ends[at.index("B"), at.index("A")] for ends in (found.low, found.high))
        inside += bool(low <= expected <= high)
    assert 0.93 <= inside / races <= 0.97


def test_who_is_tied_goes_on_so_that_the_truly_best_is_hardly_ever_cut() -> None:
    chance, cut, races = np.random.default_rng(12), 0, 1_000
    for _race in range(races):
        levels = np.sort(chance.normal(0, 0.25, 6))
        found = standing(made(chance, levels, 80))
        cut += not next(one.passes for one in passing(found, Gate(top=2)) if one.contestant == "F")
    assert cut / races < 0.01


def test_nobody_stands_apart_by_chance_among_many() -> None:
    chance, alarms = np.random.default_rng(13), 0
    for _race in range(400):
        alarms += bool(standing(table(chance.random((10, 80)))).apart.any())
    assert alarms / 400 < 0.08


def test_top_gate_passes_the_first_and_whoever_is_tied_with_them() -> None:
    row = np.random.default_rng(1).random(400)
    rows = table([row, row * 0.9, row * 0.9 + np.random.default_rng(2).normal(0, 0.01, 400), row * 0.2])
    found = passing(standing(rows), Gate(top=2))
    assert [(one.passes, one.tied_at_line) for one in found] == [
        (True, False),
        (True, True),
        (True, True),
        (False, False),
    ]
    assert sum(one.passes for one in passing(standing(rows), Gate(top=2, tied="cut"))) == 2


def test_tie_break_was_fixed_in_advance_and_veto_wins() -> None:
    rows = table([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]])
    found = passing(standing(rows), Gate(top=2, tied="cut", order=("C", "B", "A")))
    assert {one.contestant for one in found if one.passes} == {"C", "B"}
    found = passing(standing(rows), Gate(top=1, tied="cut", veto=frozenset("C"), order=("B",)))
    assert {one.contestant for one in found if one.passes} == {"B"}


def test_order_of_a_sum_parts_nobody() -> None:
    chance = np.random.default_rng(3)
    row = chance.random(97)
    table = Table(tuple("ABCDEFGH"), np.array([chance.permutation(row) for _each in range(8)]))
    assert {place.rank for place in standing(table).places} == {1}


def test_threshold_that_is_reached_is_reached() -> None:
    for share in range(1, 100):
        found = standing(Table(("A",), np.array([[1.0] * share + [0.0] * (100 - share)])))
        assert [one.passes for one in passing(found, Gate(threshold=share / 100, tied="cut"))] == [True]


def test_threshold_gate_names_whose_interval_holds_the_line() -> None:
    found = passing(standing(table([[1, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]])), Gate(threshold=0.5, tied="cut"))
    assert [(one.passes, one.tied_at_line) for one in found] == [(True, False), (True, True), (False, False)]


def test_one_lane_alone_and_all_lanes_alike() -> None:
    (alone,) = passing(standing(table([[0.5, 0.7]])), Gate(top=3))
    assert (alone.passes, alone.tied_at_line) == (True, False)
    same = standing(table([[0.5, 0.5]] * 3))
    assert [place.group for place in same.places] == [1, 1, 1]
    assert [one.passes for one in passing(same, Gate(top=1))] == [True, True, True]


@pytest.mark.parametrize("rows", [[], [[]], [[BLANK, BLANK]]])
def test_nothing_to_rank_is_refused(rows: Any) -> None:
    with pytest.raises(ValueError, match="needs"):
        standing(table(rows))


def test_holm_steps_down_and_stops_at_the_first_that_fails() -> None:
    p_values = np.array([[1, 0.01, 0.02], [0.01, 1, 0.04], [0.02, 0.04, 1]])
    assert holm(p_values, 0.05).sum() == 6
    assert holm(np.where(p_values == 0.02, 0.03, p_values), 0.05).sum() == 2


def test_items_to_part_grow_with_the_square_of_the_noise() -> None:
    once, twice = items_to_part(0.02, 0.02, 100), items_to_part(0.02, 0.04, 100)
    assert (once + 100) * 4 == pytest.approx(twice + 100, abs=4)
    assert items_to_part(0.0, 0.02, 100) == -1


def test_same_seed_gives_the_same_standing() -> None:
    rows = table(np.random.default_rng(4).random((5, 50)))
    first, second = (standing(rows, Settings(method="bootstrap", draws=300, seed=7)) for _time in range(2))
    assert first.places == second.places


@given(st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=8))
def test_ranks_stand_within_their_intervals(rows: list[list[float]]) -> None:
    found = standing(table(rows))
    for place in found.places:
        assert 1 <= place.rank_low <= place.rank <= place.rank_high <= len(rows)
        assert place.low <= place.score <= place.high
