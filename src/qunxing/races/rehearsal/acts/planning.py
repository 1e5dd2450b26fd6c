"""Plans of made-up gates: the presets, changed here and there by the dice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from qunxing.races.plan import (
    Appeal,
    Board,
    Counting,
    Entries,
    Expert,
    GatePlan,
    Metric,
    Public,
    Rule,
    Veto,
)
from qunxing.races.rehearsal.exams import STRATA
from qunxing.races.rehearsal.stage import RaceStage

METRICS = ("accuracy", "accuracy", "accuracy", "f1_macro", "exact_match", "mae", "auc")
DRAWS = 200
PANEL = {"size": 3, "minimum": 3}
SCORER = b"def score_item(answer, truth):\n    return [1.0, 0.0][answer != truth] / (answer != 'crash')\n"
WITH_PANEL = 0.06


def changed(stage: RaceStage, plan: GatePlan, *, last: bool, scorer: str = "") -> GatePlan:
    """Another plan of the same window; tables of a challenge's targets stay what they are measured by."""
    dice = stage.dice
    own = plan.metrics[0].name == "accuracy"
    shares = dict.fromkeys(STRATA, 0.5) if own and dice.happens(0.15) else {}
    made = replace(
        plan,
        expert=Expert(0.3, PANEL) if dice.happens(WITH_PANEL) else Expert(),
        rule=rule(stage, last=last),
        entries=entries(stage, own=own),
        board=dice.choice([Board("open"), Board("frozen", 24), Board("blind")]),
        public=Public(dice.choice([0, 30, 50]), dice.randrange(100)),
        counting=replace(counting(stage), shares=shares, items=plan.counting.items),
        release=dice.choice([0, 300_000, 333_333]),
        appeal=Appeal(dice.choice([3, 5]), dice.choice(["working", "natural"])),
        scorer=scorer if own else "",
    )
    if own:
        made = replace(made, metrics=(metric(stage, scorer=scorer),))
    return with_veto(stage, made)


def metric(stage: RaceStage, *, scorer: str) -> Metric:
    """With the ends of its scale where it has none: experts need them."""
    name = "accuracy" if scorer else stage.dice.choice(METRICS)
    if name == "mae":
        return Metric("mae", "lower", low=stage.dice.choice([10.0, 4.0]), high=0.0)
    return Metric(name, options={"positive": "良性"} if name == "auc" else {})


def rule(stage: RaceStage, *, last: bool) -> Rule:
    dice = stage.dice
    return Rule(
        kind=dice.choice(["top", "top", "threshold", "both"]),
        top=1 if last else 2,
        threshold=dice.choice([0.3, 0.5, 0.6]),
        tied="cut" if last and dice.happens(0.6) else dice.choice(["go_on", "cut"]),
        tie_break=dice.choice([("earlier", "draw"), ("cost", "earlier"), ("draw",)]),
        draw_seed=dice.randrange(1000),
    )


def entries(stage: RaceStage, *, own: bool) -> Entries:
    dice = stage.dice
    takes: Any = ("table",) if not own else dice.choice([("answers",), ("answers",), ("answers", "table")])
    return Entries(takes, a_day=dice.choice([1, 2, 3]), in_all=dice.choice([0, 4, 20]), counts=best_or_last(stage))


def best_or_last(stage: RaceStage) -> Any:
    return stage.dice.choice(["last", "last", "best"])


def counting(stage: RaceStage) -> Counting:
    dice = stage.dice
    method: Any = dice.choice(["analytic", "bootstrap"])
    return Counting(method, DRAWS, dice.randrange(1000), missing=dice.choice(["zero", "zero", "own", "drop"]))


def with_veto(stage: RaceStage, plan: GatePlan) -> GatePlan:
    if not stage.dice.happens(0.12) or plan.metrics[0].name not in {"accuracy", "exact_match"}:
        return plan
    return replace(plan, vetoes=(Veto(plan.metrics[0].name, "below", 0.55),))


def bad_plans(plan: GatePlan, now: datetime) -> Mapping[str, GatePlan]:
    """Plans that nobody can publish."""
    old = (now - timedelta(days=9)).isoformat(), (now - timedelta(days=2)).isoformat()
    return {
        "gate.in_the_past": replace(plan, opens=old[0], closes=old[1]),
        "gate.without_metrics": replace(plan, metrics=(), vetoes=()),
        "gate.of_an_unknown_scorer": replace(plan, scorer="0" * 64),
        "gate.cut_without_tie_break": replace(plan, rule=replace(plan.rule, tied="cut", tie_break=())),
        "gate.of_odd_shares": replace(plan, counting=replace(plan.counting, shares={"北区": 0.7, "南区": 0.7})),
    }
