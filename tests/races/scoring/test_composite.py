"""Several metrics as one score, and a gate's plan read as metrics."""

import json
from dataclasses import replace

import numpy as np
import pytest

from qunxing.races.scoring import Answers, BadMetric, Key, Metric, planned, score, table_of
from qunxing.races.standing import Table, standing

ITEMS = ("q1", "q2", "q3", "q4")
KEY = Key(ITEMS, {"truth": ("a", "b", "a", "b"), "number": (1.0, 2.0, 3.0, 4.0)}, ("x", "x", "y", "y"))
ENTRY = Answers(ITEMS, {"answer": ("a", "b", "b", "b"), "number": (1.0, 2.0, 3.0, 8.0)})
TWO = (Metric("accuracy", weight=3.0), Metric("mae", answer="number", truth="number", worst=4.0))


def test_a_composite_weighs_metrics_on_their_scales() -> None:
    found = score(TWO, ENTRY, KEY)
    assert found.overall == pytest.approx(0.75 * 0.75 + 0.25 * (1 - 1 / 4))
    assert found.scores.tolist() == [1.0, 1.0, 0.25, 0.75]
    assert [part.value for part in found.parts] == [0.75, 1.0]


def test_below_the_worst_is_below_nothing_so_that_items_and_whole_agree() -> None:
    found = score([Metric("mae", answer="number", truth="number", worst=2.0)], ENTRY, KEY)
    assert (found.items["q4"], found.overall, found.scores.mean()) == (-1.0, 0.5, 0.5)


def test_a_composite_is_undefined_when_one_of_its_metrics_is() -> None:
    found = score([*TWO, Metric("auc", positive="z")], replace(ENTRY, columns={**ENTRY.columns}), KEY)
    assert (found.overall, set(found.items.values()), found.undefined[0].code) == (None, {None}, "one_class")


def test_a_quantile_leaves_the_composite_without_items() -> None:
    found = score([TWO[0], Metric("latency", answer="number", worst=10.0, at=0.5)], ENTRY, KEY)
    assert (found.overall, found.items) == (pytest.approx((0.75 + 0.75) / 2), {})


def test_several_metrics_need_their_scales() -> None:
    with pytest.raises(BadMetric, match="both ends"):
        score([Metric("accuracy"), Metric("rmse")], ENTRY, KEY)
    with pytest.raises(BadMetric):
        score([], ENTRY, KEY)


def test_the_order_of_an_entry_changes_nothing_and_the_same_entry_gives_the_same() -> None:
    turned = Answers(ITEMS[::-1], {name: values[::-1] for name, values in ENTRY.columns.items()})
    first = score(TWO, ENTRY, KEY)
    assert score(TWO, turned, KEY).digest == first.digest
    assert score(TWO, replace(ENTRY, columns={**ENTRY.columns, "answer": ("a",) * 4}), KEY).digest != first.digest


def test_what_was_found_is_json_without_nan() -> None:
    found = score([Metric("accuracy")], Answers(("q1",), {"answer": ("a",)}), KEY, missing="own")
    text = json.dumps(found.as_json(), allow_nan=False)
    assert json.loads(text)["items"] == {"q1": 1.0, "q2": None, "q3": None, "q4": None}


def test_scores_make_a_standing_with_an_undefined_lane_left_out() -> None:
    good, fair = (
        score(TWO, ENTRY, KEY),
        score(TWO, replace(ENTRY, columns={**ENTRY.columns, "answer": ("b",) * 4}), KEY),
    )
    names, scores = table_of({"A": fair, "B": good})
    found = standing(Table(names, scores, KEY.strata, {"x": 0.5, "y": 0.5}))
    assert [place.contestant for place in found.places] == ["B", "A"]
    assert np.isclose(found.places[0].score, good.overall or 0)


def test_a_part_of_the_key_scores_a_part_of_the_items() -> None:
    part = KEY.only(["q4", "q1"])
    assert (part.items, part.columns["truth"], part.strata) == (("q1", "q4"), ("a", "b"), ("x", "y"))
    assert score([Metric("accuracy")], ENTRY, part).items == {"q1": 1.0, "q4": 1.0}


def test_a_plan_is_read_as_metrics() -> None:
    plan = [
        {"name": "bleu", "direction": "higher", "weight": 2, "low": 0.0, "high": 1.0, "options": {"tokens": "char"}},
        {"name": "mae", "direction": "lower", "weight": 1, "low": 5.0, "high": 0.0, "options": {}},
        {"name": "seconds", "direction": "lower", "weight": 1, "low": 9.0, "high": 1.0},
        {"name": "safety", "direction": "higher", "weight": 1, "low": 0.0, "high": 1.0},
    ]
    found = planned(plan)
    assert [metric.label for metric in found] == ["bleu", "mae", "seconds", "safety"]
    assert [metric.scale for metric in found] == [(0.0, 100.0), (5.0, 0.0), (9.0, 1.0), (0.0, 1.0)]
    assert [(metric.name, metric.answer) for metric in found[2:]] == [("cost", "seconds"), ("mean", "safety")]
    assert planned([{"name": "mae", "direction": "lower", "low": 0.0, "high": 1.0}])[0].scale is None


@pytest.mark.parametrize(
    ("one", "where"),
    [
        ({"name": "mae", "direction": "higher"}, "metrics.1.direction"),
        ({"name": "accuracy", "direction": "lower"}, "metrics.1.direction"),
        ({"name": "", "direction": "higher"}, "metrics.1.name"),
        ({"name": "mae", "direction": "lower", "options": [1]}, "metrics.1.options"),
        ({"name": "mae", "direction": "lower", "options": {"worst": "x"}}, "metrics.1.worst"),
    ],
)
def test_a_plan_that_contradicts_its_metric_is_named(one: dict[str, object], where: str) -> None:
    with pytest.raises(BadMetric) as caught:
        planned([one])
    assert caught.value.where == where
