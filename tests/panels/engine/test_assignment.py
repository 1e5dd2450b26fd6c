"""Experts to bids, held against every choice there is, and against other solvers."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from qunxing.matching.engine.assignment import Edges
from qunxing.panels.assignment import Network, Plan, Request, UnfitRequest, assign_experts, best_of_each
from qunxing.panels.wording import reasons_for


@st.composite
def requests(draw: Any) -> Request:
    bids, experts = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    pairs = draw(st.lists(st.sampled_from(list(product(range(bids), range(experts)))), unique=True, max_size=10))
    scores = draw(st.lists(st.integers(-5, 10), min_size=len(pairs), max_size=len(pairs)))
    edges = Edges.of([b for b, _e in pairs], [e for _b, e in pairs], [score / 8 for score in scores])
    at_least = draw(st.integers(0, 2))
    return Request.of(
        edges,
        wanted=draw(st.lists(st.integers(at_least, 3), min_size=bids, max_size=bids)),
        loads=draw(st.lists(st.integers(0, 3), min_size=experts, max_size=experts)),
        specialist=draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))),
        at_least=at_least,
    )


def choices_of(request: Request, bid: int) -> list[tuple[int, ...]]:
    own = np.flatnonzero(request.edges.need == bid).tolist()
    return [
        chosen
        for chosen in combinations(own, int(request.wanted[bid]))
        if not request.at_least or sum(request.specialist[place] for place in chosen) >= request.at_least
    ]


def best_by_trying(request: Request) -> float | None:
    best = None
    for chosen in product(*(choices_of(request, bid) for bid in range(len(request.wanted)))):
        places = [place for own in chosen for place in own]
        load = np.bincount(request.edges.supply[places], minlength=len(request.loads)) if places else 0
        if (load <= request.loads).all():
            total = float(request.edges.score[places].sum())
            best = total if best is None or total > best else best
    return best


def keeps_the_rules(request: Request, plan: Plan) -> bool:
    chosen = plan.chosen
    got = np.bincount(chosen.need, minlength=len(request.wanted))
    load = np.bincount(chosen.supply, minlength=len(request.loads))
    pairs = set(zip(chosen.need.tolist(), chosen.supply.tolist(), strict=True))
    known = set(zip(request.edges.need.tolist(), request.edges.supply.tolist(), strict=True))
    return bool((got <= request.wanted).all() and (load <= request.loads).all() and pairs <= known)


@given(requests(), st.integers(1, 3))
def test_assignment_is_the_best_of_all_or_says_why_not(request: Request, first: int) -> None:
    plan, best = assign_experts(request, first=first), best_by_trying(request)
    assert keeps_the_rules(request, plan)
    assert plan.complete == (best is not None)
    if best is not None:
        assert plan.total == best
        return
    for one in plan.bottlenecks:
        assert one.got < one.wanted
        assert one.load == sum(int(request.loads[expert]) for expert in one.experts)


@given(requests())
def test_bottlenecks_alone_cannot_be_filled(request: Request) -> None:
    """The bids named stay short even if the others go without."""
    for one in assign_experts(request).bottlenecks:
        kept = np.flatnonzero(np.isin(request.edges.need, one.bids))
        edges = request.edges.taken(kept)
        numbered = Edges(np.searchsorted(one.bids, edges.need), edges.supply, edges.score)
        alone = Request.of(numbered, wanted=request.wanted[list(one.bids)], loads=request.loads,
            specialist=request.specialist[kept], at_least=request.at_least)  # fmt: skip
        assert not assign_experts(alone).complete


@given(requests(), st.randoms(use_true_random=False))
def test_same_edges_give_the_same_assignment(request: Request, chance: Any) -> None:
    places = list(range(len(request.edges)))
    chance.shuffle(places)
    shuffled = Edges.of(*(part[places] for part in (request.edges.need, request.edges.supply, request.edges.score)))
    again = Request.of(shuffled, wanted=request.wanted, loads=request.loads, specialist=request.specialist,
        at_least=request.at_least)  # fmt: skip
    one, other = assign_experts(request), assign_experts(again)
    assert one.chosen.supply.tolist() == other.chosen.supply.tolist()


@pytest.mark.parametrize("first", [1, 3, 60])
def test_total_is_that_of_linear_sum_assignment(first: int) -> None:
    scores = np.random.default_rng(1).random((60, 80))
    need, supply = np.indices(scores.shape).reshape(2, -1)
    request = Request.of(Edges.of(need, supply, scores.ravel()), wanted=np.ones(60), loads=np.ones(80))
    rows, columns = linear_sum_assignment(scores, maximize=True)
    assert assign_experts(request, first=first).total == pytest.approx(scores[rows, columns].sum(), abs=1e-6)


def test_prices_widen_what_the_best_few_leave_out() -> None:
    """With its best edge alone every place is filled, but not at best."""
    edges = Edges.of([0, 0, 1, 1], [0, 1, 0, 1], [0.9, 0.8, 0.1, 0.5])
    request = Request.of(edges, wanted=[1, 1], loads=[2, 0])
    narrow = Network(Request.of(edges, wanted=[1, 1], loads=[2, 2]), np.array([False, True, True, False]))
    assert narrow.filled == 2
    assert narrow.better().tolist() == [True, False, False, True]
    assert assign_experts(request, first=1).chosen.supply.tolist() == [0, 0]


def test_scores_of_few_decimals_are_taken_exactly() -> None:
    edges = Edges.of([0, 0], [0, 1], [0.1234567, 0.1234568])
    assert np.diff(Request.of(edges, wanted=[1], loads=[1, 1]).costs).tolist() == [-1]


def test_best_of_each_keeps_the_first_of_equals() -> None:
    edges = Edges.of([0, 0, 0, 1], [0, 1, 2, 0], [1.0, 1.0, 2.0, 0.0])
    assert best_of_each(edges, 2).tolist() == [True, False, True, True]


def test_nothing_wanted_is_nothing_chosen() -> None:
    plan = assign_experts(Request.of(Edges.of([], [], []), wanted=[0, 0], loads=[]))
    assert (plan.complete, plan.total) == (True, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [{"wanted": [-1]}, {"loads": [-1]}, {"wanted": []}, {"loads": []}, {"specialist": []}, {"at_least": 2}],
)
def test_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"wanted": [1], "loads": [1], "specialist": [True], "at_least": 0}
    with pytest.raises(UnfitRequest):
        Request.of(Edges.of([0], [0], [1.0]), **{**right, **wrong})


# --- in words ---------------------------------------------------------------------------------------------------------

BIDS, EXPERTS = ["甲", "乙", "丙"], ["张", "李", "王"]
ALL = Edges.of([0, 0, 0, 1, 1, 1, 2, 2], [0, 1, 2, 0, 1, 2, 0, 1], np.ones(8))


def told(language: str, edges: Edges = ALL, **wishes: Any) -> list[str]:
    plan = assign_experts(Request.of(edges, **wishes))
    with override(language):
        return [str(reason) for reason in reasons_for(plan.bottlenecks, BIDS, EXPERTS)]


def test_bid_that_too_few_can_read_is_named() -> None:
    wishes: dict[str, Any] = {"wanted": [2, 2, 3], "loads": [3, 3, 3]}
    assert told("en", **wishes) == ["丙: experts wanted: 3, to be had without a conflict: 2."]
    assert told("zh-hans", **wishes) == ["丙：需要专家 3 位，无须回避的只有 2 位。"]


def test_experts_who_are_taken_up_are_named() -> None:
    wishes: dict[str, Any] = {"wanted": [1, 1, 2], "loads": [2, 1, 0]}
    [english], [chinese] = told("en", **wishes), told("zh-hans", **wishes)
    assert english == (
        "甲、乙、丙: places wanted in all: 4, to be filled at most: 3. Nobody without a conflict is left; "
        "these are full with 3 bids in all: 张、李、王."
    )
    assert chinese == (
        "甲、乙、丙：共需评审名额 4 个，最多只能安排 3 个。"
        "无须回避的专家已无人可派，以下专家合计 3 份，均已排满：张、李、王。"
    )


def test_only_those_in_the_way_are_named() -> None:
    edges = Edges.of([0, 1, 2], [0, 0, 1], [1.0, 1.0, 1.0])
    [found] = assign_experts(Request.of(edges, wanted=[1, 1, 1], loads=[1, 1, 1])).bottlenecks
    assert (found.bids, found.experts, found.wanted, found.got, found.load) == ((0, 1), (0,), 2, 1, 1)


def test_lack_of_specialists_is_named() -> None:
    special = ALL.supply == 2
    wishes: dict[str, Any] = {"wanted": [2, 2, 2], "loads": [3, 3, 1], "specialist": special, "at_least": 1}
    few, busy = told("en", **wishes)
    assert few == "丙: specialists wanted: 1, to be had without a conflict: 0."
    assert busy == (
        "甲、乙: specialists wanted in all: 2, to be had at most: 1. None without a conflict is left; "
        "these are full with 1 bids in all: 王."
    )


def test_many_bottlenecks_are_not_all_told() -> None:
    plan = assign_experts(Request.of(Edges.of([], [], []), wanted=np.ones(8), loads=[]))
    reasons = reasons_for(plan.bottlenecks, [f"B{number}" for number in range(8)], [])
    with override("en"):
        assert [str(reason) for reason in reasons[4:]] == [
            "B4: experts wanted: 1, to be had without a conflict: 0.",
            "Likewise 3 more.",
        ]
