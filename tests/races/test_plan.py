"""What a gate fixes, as data; presets that begin one."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils.translation import override

from qunxing.races import presets
from qunxing.races.plan import BadRule, GatePlan
from qunxing.races.routes import ALIKE, likeness
from qunxing.races.scorewords import fault_text, metric_fault
from qunxing.races.scoring import BadMetric, Fault, Wrong
from qunxing.races.scoring.metrics import planned

NOW = datetime(2026, 5, 6, tzinfo=UTC)
LATER = {"opens": "2026-05-10T09:00:00+08:00", "closes": "2026-05-20T09:00:00+08:00"}


@pytest.mark.parametrize(
    ("stored", "where"),
    [
        ({"opens": "tomorrow"}, "opens"),
        ({"opens": "2026-05-10T09:00:00"}, "opens"),
        ({"rule": {"top": 0}}, "rule.top"),
        ({"rule": {"kind": "luck"}}, "rule.kind"),
        ({"rule": {"tie_break": ["coin"]}}, "rule.tie_break"),
        ({"expert": {"weight": 1.5}}, "expert.weight"),
        ({"expert": {"weight": float("nan")}}, "expert.weight"),
        ({"metrics": [{"name": "accuracy", "weight": "much"}]}, "metrics.1.weight"),
        ({"metrics": [{"name": "accuracy", "low": 1.0, "high": 1.0}]}, "metrics.1.high"),
        ({"vetoes": [{"metric": "latency", "bound": 1.0}]}, "vetoes.1.metric"),
        ({"entries": {"a_day": True}}, "entries.a_day"),
        ({"counting": {"shares": {"a": 2}}}, "counting.shares.a"),
        ({"release": -1}, "release"),
        ({"metrics": "accuracy"}, "metrics"),
        ({"unheard": 1}, "unheard"),
    ],
)
def test_rule_that_cannot_stand_is_named(stored: dict[str, Any], where: str) -> None:
    with pytest.raises(BadRule) as bad:
        GatePlan.read(stored)
    assert bad.value.where == where


def test_plan_reads_what_it_wrote() -> None:
    plan = GatePlan.read({**LATER, "vetoes": [{"metric": "accuracy", "bound": 0.5}], "counting": {"shares": {"a": 1}}})
    assert GatePlan.read(plan.as_json()) == plan
    assert GatePlan.read(plan.as_json()).digest() == plan.digest()


@pytest.mark.parametrize(
    ("stored", "gap"),
    [
        ({}, ("opens", "missing")),
        ({**LATER, "closes": "2026-05-01T09:00:00+08:00"}, ("closes", "past")),
        ({**LATER, "opens": "2026-05-21T09:00:00+08:00"}, ("closes", "order")),
        ({**LATER, "metrics": []}, ("metrics", "none")),
        ({**LATER, "metrics": [{"name": "mae"}, {"name": "mae"}]}, ("metrics", "double")),
        ({**LATER, "metrics": [{"name": "mae", "weight": 0.0}]}, ("metrics", "weightless")),
        (
            {**LATER, "metrics": [{"name": "own", "direction": "lower"}], "scorer": "ab" * 32},
            ("counting.missing", "best"),
        ),
        ({**LATER, "entries": {"takes": []}}, ("entries.takes", "none")),
        ({**LATER, "rule": {"tied": "cut", "tie_break": []}}, ("rule.tie_break", "none")),
        ({**LATER, "counting": {"shares": {"a": 0.5, "b": 0.4}}}, ("counting.shares", "sum")),
    ],
)
def test_gap_keeps_a_plan_from_being_published(stored: dict[str, Any], gap: tuple[str, str]) -> None:
    assert gap in {(one.where, one.code) for one in GatePlan.read(stored).gaps(NOW)}


@pytest.mark.parametrize("code", presets.CODES)
def test_preset_has_nothing_missing_and_windows_in_order(code: str) -> None:
    laid = presets.laid_out(code, NOW + timedelta(days=1))
    plans = [one.plan for one in laid.stages]
    assert [list(plan.gaps(NOW)) for plan in plans] == [[]] * len(plans)
    ends = [(plan.opens_at, plan.closes_at) for plan in plans]
    assert all(before[1] <= after[0] for before, after in pairwise(ends))


def test_halving_asks_more_of_fewer_within_the_test_set() -> None:
    stages = presets.laid_out("halving", NOW, lanes=32, items=1_000).stages
    assert [one.plan.rule.top for one in stages] == [16, 8, 4, 2, 1]
    asked = [one.plan.counting.items for one in stages]
    assert (asked == sorted(asked), asked[-1] <= 100) == (True, True)


def test_shenzhen_spends_its_budget_on_a_lane_that_passes_every_gate() -> None:
    laid = presets.laid_out("shenzhen", NOW, lanes=3, budget=3_000_000)
    assert laid.start_money + sum(one.plan.release for one in laid.stages) == 1_000_000


def test_routes_in_other_words_are_told_from_the_same_ones() -> None:
    first = "采用多模态大模型对病理切片进行端到端分类，先用自监督预训练，再以少量标注微调，部署在国产算力上。"
    same = "采用多模态大模型对病理切片进行端到端分类，先以自监督方式预训练，然后用少量标注数据微调，部署于国产算力。"
    other = "以规则引擎与知识图谱为主，抽取报告中的诊断要点，检索相似病例后由医生复核，不训练大模型。"
    assert likeness(first, same) > ALIKE > 2 * likeness(first, other)
    assert likeness("", first) == 0.0


@pytest.mark.parametrize("code", presets.CODES)
def test_window_opens_after_the_notice_of_the_gate_before_it(code: str) -> None:
    first = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
    plans = [one.plan for one in presets.laid_out(code, first, lanes=8).stages]
    gaps = [later.opens_at - earlier.closes_at for earlier, later in pairwise(plans)]  # type: ignore[operator]
    assert all(gap >= timedelta(days=15) for gap in gaps)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"name": "mae", "direction": "higher"}, "metric 1, direction: “higher”; expected: lower"),
        ({"name": "auc"}, "metric 1, positive: “–”; expected: the label whose chance is answered"),
        ({"name": "accuracy", "low": 1, "high": 0.5}, "expected: full marks better than nothing"),
    ],
)
def test_metrics_that_make_no_score_are_told_in_words(metric: dict[str, Any], said: str) -> None:
    with override("en"), pytest.raises(BadMetric) as bad:
        planned([{"direction": "higher", "weight": 1.0, **metric}])
    with override("en"):
        assert said in metric_fault(bad.value)


def test_fault_is_told_with_its_place_in_the_reader_s_language() -> None:
    with override("zh-hans"):
        assert fault_text(Fault(Wrong.BLANK, 3, "answer")).startswith("第 3 行 · “answer”列")
