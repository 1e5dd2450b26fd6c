"""Batch assignment, held against every possible choice at small size."""

from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.matching.engine.assignment import AssignmentError, Edges, Reason, assign


@st.composite
def problems(draw: Any) -> dict[str, Any]:
    needs, supplies = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    pairs = [(need, supply) for need in range(needs) for supply in range(supplies)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=9))
    # Whole steps between a lowest and a highest that are there, so that rounding decides nothing.
    scores = draw(st.lists(st.integers(0, 10), min_size=len(edges), max_size=len(edges)))
    return {
        "edges": [(*edge, score / 10) for edge, score in zip(edges, scores, strict=True)],
        "wanted": draw(st.lists(st.integers(0, 3), min_size=needs, max_size=needs)),
        "capacity": draw(st.lists(st.integers(0, 3), min_size=supplies, max_size=supplies)),
        "cap": draw(st.none() | st.integers(0, 3)),
        "names": draw(st.none() | st.lists(st.integers(0, 2), min_size=supplies, max_size=supplies)),
    }


def is_allowed(chosen: list[tuple[int, int, float]], problem: dict[str, Any]) -> bool:
    names = problem["names"] or range(len(problem["capacity"]))
    needs = Counter(need for need, _supply, _score in chosen)
    supplies = Counter(supply for _need, supply, _score in chosen)
    proposed = Counter(names[supply] for _need, supply, _score in chosen)
    return (
        all(count <= problem["wanted"][need] for need, count in needs.items())
        and all(count <= problem["capacity"][supply] for supply, count in supplies.items())
        and (problem["cap"] is None or all(count <= problem["cap"] for count in proposed.values()))
    )


def value(chosen: list[tuple[int, int, float]]) -> tuple[int, int, float]:
    """Filled places, then how evenly, then the scores."""
    needs = Counter(need for need, _supply, _score in chosen)
    uneven = sum(count * (count - 1) // 2 for count in needs.values())
    return len(chosen), -uneven, round(sum(score for *_pair, score in chosen), 6)


def best_value(problem: dict[str, Any]) -> tuple[int, int, float]:
    choices = product([False, True], repeat=len(problem["edges"]))
    picked = ([edge for edge, taken in zip(problem["edges"], choice, strict=True) if taken] for choice in choices)
    return max(value(chosen) for chosen in picked if is_allowed(chosen, problem))


def solve(problem: dict[str, Any], edges: Any = None) -> Any:
    need, supply, score = zip(*(edges or problem["edges"]), strict=True) if problem["edges"] else ((), (), ())
    rest = {name: problem[name] for name in ("wanted", "capacity", "cap", "names")}
    return assign(Edges.of(need, supply, score), **rest)


def as_list(edges: Edges) -> list[tuple[int, int, float]]:
    return list(zip(edges.need.tolist(), edges.supply.tolist(), edges.score.tolist(), strict=True))


@given(problems())
def test_assignment_is_the_best_there_is(problem: dict[str, Any]) -> None:
    found = as_list(solve(problem).chosen)
    assert is_allowed(found, problem)
    assert value(found) == best_value(problem)


@given(problems(), st.randoms(use_true_random=False))
def test_assignment_does_not_depend_on_the_order_of_edges(problem: dict[str, Any], chance: Any) -> None:
    shuffled = list(problem["edges"])
    chance.shuffle(shuffled)
    assert as_list(solve(problem, shuffled).chosen) == as_list(solve(problem).chosen)


@given(problems())
def test_every_missing_place_is_explained(problem: dict[str, Any]) -> None:
    found = solve(problem)
    assert [one.need for one in found.short] == [
        need for need, wanted in enumerate(problem["wanted"]) if found.got[need] < wanted
    ]
    for one in found.short:
        left = {s for need, s, _score in problem["edges"] if need == one.need} - {
            s for need, s, _score in as_list(found.chosen) if need == one.need
        }
        assert set(one.busy) | set(one.capped) == left
        assert one.reasons != ()


def test_star_does_not_get_everything() -> None:
    edges = Edges.of([0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 0, 3], [9, 1, 9, 2, 9, 3])
    found = assign(edges, wanted=[1, 1, 1], capacity=[5, 5, 5, 5], cap=1)
    assert sorted(found.load.tolist()) == [0, 1, 1, 1]
    assert as_list(found.chosen) == [(0, 0, 9.0), (1, 2, 2.0), (2, 3, 3.0)]


def test_sisters_share_one_name() -> None:
    edges = Edges.of([0, 1], [0, 1], [1.0, 1.0])
    found = assign(edges, wanted=[1, 1], capacity=[1, 1], cap=1, names=[0, 0])
    assert found.got.sum() == 1
    assert found.short[0].reasons == (Reason.CAPPED,)


def test_nobody_gets_two_while_another_has_none() -> None:
    edges = Edges.of([0, 0, 1], [0, 1, 1], [5.0, 5.0, 1.0])
    assert assign(edges, wanted=[2, 1], capacity=[1, 1]).got.tolist() == [1, 1]


def test_shortfalls_name_their_reasons() -> None:
    edges = Edges.of([1, 2, 3, 3], [0, 1, 1, 2], [1.0, 1.0, 2.0, 1.0])
    found = assign(edges, wanted=[1, 2, 1, 2], capacity=[1, 1, 0])
    assert {one.need: (one.reasons, one.busy, one.capped) for one in found.short} == {
        0: ((Reason.NOBODY,), (), ()),
        1: ((Reason.FEW,), (), ()),
        2: ((Reason.BUSY,), (1,), ()),
        3: ((Reason.BUSY,), (2,), ()),
    }


def test_nothing_at_all_is_no_error() -> None:
    found = assign(Edges.of([], [], []), wanted=[2], capacity=[])
    assert found.short[0].reasons == (Reason.NOBODY,)
    assert found.total == 0


def test_best_keeps_the_first_of_equals() -> None:
    edges = Edges.ranked([[(3, 1.0), (1, 1.0), (2, 2.0)], [(0, 1.0)]])
    assert as_list(edges.best(2)) == [(0, 1, 1.0), (0, 2, 2.0), (1, 0, 1.0)]


def test_relative_scores_have_one_as_their_best() -> None:
    edges = Edges.ranked([[(0, 30.0), (1, 15.0)], [(0, 2.0)], [(1, 0.0)]]).relative()
    assert edges.score.tolist() == [1.0, 0.5, 1.0, 0.0]


def test_better_of_two_edges_stays() -> None:
    assert as_list(Edges.of([0, 0], [1, 1], [1.0, 3.0])) == [(0, 1, 3.0)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"edges": ([0], [5], [1.0])},
        {"edges": ([0], [0], [float("nan")])},
        {"wanted": [-1]},
        {"capacity": [-1]},
        {"cap": -1},
        {"names": [0, 1]},
    ],
)
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"edges": ([0], [0], [1.0]), "wanted": [1], "capacity": [1], "cap": None, "names": None}
    values = right | wrong
    with pytest.raises(AssignmentError):
        assign(Edges.of(*values.pop("edges")), **values)


def test_size_of_a_large_community() -> None:
    chance = np.random.default_rng(7)
    needs, supplies, top = 200, 5_000, 20
    edges = Edges.of(
        np.repeat(np.arange(needs), top), chance.integers(0, supplies, needs * top), chance.random(needs * top)
    )
    found = assign(edges, wanted=np.full(needs, 5), capacity=np.full(supplies, 2), cap=3)
    assert int(found.load.max()) <= 2
    assert found.got.tolist() == [5] * needs
