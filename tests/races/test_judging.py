"""A gate judged on made-up scores: the rule, vetoes, experts, ties."""

from typing import Any

import numpy as np
import pytest

from qunxing.races.judging import NO_EXPERTS, Given, judge, tie_order
from qunxing.races.plan import GatePlan

ITEMS = 300


def plan(**rules: Any) -> GatePlan:
    return GatePlan.read({"counting": {"method": "analytic"}, **rules})


def given(shares: dict[str, float], **more: Any) -> Given:
    """The same easy items are right for everybody who is as good."""
    rows = [np.arange(ITEMS) < share * ITEMS for share in shares.values()]
    return Given(tuple(shares), np.array(rows, dtype=float), overall=shares, **more)


def goes(found: Any) -> list[str]:
    return [one.contestant for one in found.passing if one.passes]


def test_both_takes_the_first_of_those_who_reach_the_threshold() -> None:
    rule = plan(rule={"kind": "both", "top": 2, "threshold": 0.6, "tied": "cut"})
    assert goes(judge(rule, given({"L1": 0.9, "L2": 0.5, "L3": 0.4}), ())) == ["L1"]
    assert goes(judge(rule, given({"L1": 0.9, "L2": 0.8, "L3": 0.7}), ())) == ["L1", "L2"]


def test_experts_move_a_lane_as_a_whole() -> None:
    rule = plan(expert={"weight": 0.5}, rule={"top": 1, "tied": "cut"})
    found = judge(rule, given({"L1": 0.7, "L2": 0.6}, experts={"L1": 0.4, "L2": 0.9}), ())
    places = found.standing.places if found.standing else ()
    assert [(place.contestant, round(place.score, 2)) for place in places] == [("L2", 0.75), ("L1", 0.55)]


def test_lane_without_an_expert_s_score_has_none() -> None:
    found = judge(plan(expert={"weight": 0.5}), given({"L1": 0.7, "L2": 0.6}, experts={"L1": 0.4}), ())
    assert (found.undefined, [one.contestant for one in found.passing]) == ({"L2": NO_EXPERTS}, ["L1"])


def test_experts_alone_judge_by_their_marks() -> None:
    seats = "abcde"
    rows = {"L1": (0.9, 0.8, 0.9, 0.85, 0.8), "L2": (0.5, 0.6, 0.4, 0.5, 0.55)}
    marks = {lane: dict(zip(seats, given, strict=True)) for lane, given in rows.items()}
    experts = {lane: sum(row) / 5 for lane, row in rows.items()}
    nothing = Given((), np.empty((0, 0)), experts=experts, marks=marks)
    found = judge(plan(expert={"weight": 1.0}, rule={"top": 1}), nothing, ())
    assert (goes(found), found.by_items) == (["L1"], True)


def test_without_item_scores_there_are_no_intervals() -> None:
    bare = Given(("L1", "L2"), np.empty((2, 0)), overall={"L1": 0.9, "L2": 0.8})
    found = judge(plan(rule={"top": 1}), bare, ())
    places = found.standing.places if found.standing else ()
    assert (goes(found), found.by_items) == (["L1"], False)
    assert all(place.low == place.score == place.high for place in places)


def test_strata_that_the_test_set_does_not_have_are_named() -> None:
    rule = plan(counting={"method": "analytic", "shares": {"肺": 0.5, "胃": 0.5}})
    scores = given({"L1": 0.9, "L2": 0.8}, strata=("肺",) * 150 + ("肝",) * 150)
    with pytest.raises(ValueError, match="肝"):
        judge(rule, scores, ())


@pytest.mark.parametrize(
    ("named", "expected"),
    [(["earlier"], ("L2", "L1", "L3")), (["cost"], ("L3", "L1", "L2")), (["cost", "earlier"], ("L3", "L2", "L1"))],
    ids=["earlier", "cost", "cost-then-earlier"],
)
def test_tie_break_goes_by_what_the_plan_names(named: list[str], expected: tuple[str, ...]) -> None:
    rule = plan(rule={"tie_break": named})
    times = {"L1": "2026-05-02", "L2": "2026-05-01", "L3": "2026-05-03"}
    costs = {"L1": 7, "L2": 7, "L3": 3}
    assert tie_order(rule, ["L1", "L2", "L3"], times, costs, "") == expected


def test_draw_is_the_same_for_the_same_seed_and_another_at_another_gate() -> None:
    lanes = [f"L{number}" for number in range(1, 9)]
    rule = plan(rule={"tie_break": ["draw"], "draw_seed": 7})
    first, again, other = (tie_order(rule, lanes, {}, {}, salt) for salt in ("one", "one", "two"))
    assert first == again
    assert first != other
