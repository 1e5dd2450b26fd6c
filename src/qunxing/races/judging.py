"""A gate judged: the standing of what was measured and what experts gave, vetoes, and who goes on by the rule.

No Django in here; what is computed is in `standing` and `gates`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from qunxing.races.gates import Gate, Passing, passing
from qunxing.races.plan import GatePlan
from qunxing.races.standing import Settings, Standing, Table, standing

Numbers = npt.NDArray[np.float64]
NO_EXPERTS = "no_experts"


@dataclass(frozen=True)
class Given:
    """What is known of the lanes, by their codes: item scores (lanes by items) or, without items, `overall`.

    `experts` are the panel's means from 0 to 1, `marks` {lane: {seat: mark}} likewise.
    """

    lanes: tuple[str, ...]
    scores: Numbers
    strata: tuple[str, ...] = ()
    overall: Mapping[str, float] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    undefined: Mapping[str, str] = field(default_factory=dict)
    experts: Mapping[str, float] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """A veto: the metric of a lane that is beyond its bound."""

    metric: str
    when: str
    bound: float
    value: float


@dataclass(frozen=True)
class Judged:
    """What the gate says; no standing where nobody has a score. `by_items`: whether there are intervals."""

    standing: Standing | None
    passing: tuple[Passing, ...]
    undefined: Mapping[str, str]
    vetoes: Mapping[str, Broken]
    by_items: bool
    order: tuple[str, ...]


def judge(plan: GatePlan, given: Given, order: Sequence[str]) -> Judged:
    """The gate's answer. `order` is the tie-break fixed in advance. ValueError where shares name no such stratum."""
    undefined = dict(given.undefined)
    if plan.expert.weight:
        names = given.lanes if plan.measured else tuple(given.experts)
        undefined |= {lane: NO_EXPERTS for lane in names if lane not in given.experts}
    table = table_of(plan, given, undefined)
    vetoes = vetoes_of(plan, given)
    if not table.contestants:
        return Judged(None, (), undefined, vetoes, by_items=False, order=tuple(order))
    found = standing(table, settings_of(plan))
    by_items = table.scores.shape[1] > 1
    return Judged(found, passing_of(found, plan, frozenset(vetoes), order), undefined, vetoes, by_items, tuple(order))


def table_of(plan: GatePlan, given: Given, undefined: Mapping[str, str]) -> Table:
    """The scores that count, the experts' part in them: it moves a lane as a whole and says nothing of items."""
    if not plan.measured:
        return marks_table(given)
    rows = [place for place, lane in enumerate(given.lanes) if lane not in undefined]
    lanes = tuple(given.lanes[place] for place in rows)
    by_items = given.scores.shape[1] > 0
    scores = given.scores[rows] if by_items else np.array([[given.overall[lane]] for lane in lanes]).reshape(-1, 1)
    weight = plan.expert.weight
    if weight and lanes:
        given_by = np.array([[given.experts[lane]] for lane in lanes])
        scores = (1 - weight) * scores + weight * given_by
    strata = given.strata if by_items else ()
    return Table(lanes, scores, strata, shares_of(plan, strata))


def shares_of(plan: GatePlan, strata: Sequence[str]) -> dict[str, float]:
    """The weights of the strata; ValueError where the plan and the test set name others."""
    shares = dict(plan.counting.shares)
    if shares and strata and set(shares) != set(strata):
        raise ValueError(", ".join(sorted(set(shares) ^ set(strata))))
    return shares if strata else {}


def marks_table(given: Given) -> Table:
    """Where only experts judge, their marks are the items: another panel as large would have given others."""
    lanes = tuple(lane for lane in given.marks if given.marks[lane])
    seats = sorted({seat for lane in lanes for seat in given.marks[lane]})
    rows = [[given.marks[lane].get(seat, np.nan) for seat in seats] for lane in lanes]
    return Table(lanes, np.array(rows, dtype=float).reshape(len(lanes), len(seats)))


def settings_of(plan: GatePlan) -> Settings:
    counting = plan.counting
    missing = counting.missing if plan.measured else "own"
    return Settings(counting.method, counting.draws, counting.seed, counting.level, missing)


def vetoes_of(plan: GatePlan, given: Given) -> dict[str, Broken]:
    """{lane: the first bound it broke}."""
    found: dict[str, Broken] = {}
    for lane, values in given.metrics.items():
        for veto in plan.vetoes:
            value = values.get(veto.metric)
            beyond = value is not None and (value < veto.bound if veto.when == "below" else value > veto.bound)
            if value is not None and beyond:
                found.setdefault(lane, Broken(veto.metric, veto.when, veto.bound, value))
    return found


def passing_of(found: Standing, plan: GatePlan, veto: frozenset[str], order: Sequence[str]) -> tuple[Passing, ...]:
    """Who goes on: the first so many, whoever reaches the threshold, or the first of those who do."""
    rule, level = plan.rule, plan.counting.level
    reaching = Gate(threshold=rule.threshold, tied=rule.tied, veto=veto, order=tuple(order))
    if rule.kind == "threshold":
        return passing(found, reaching, level)
    if rule.kind == "both":
        short = {one.contestant for one in passing(found, reaching, level) if not one.passes}
        veto = veto | short
    return passing(found, Gate(top=rule.top, tied=rule.tied, veto=veto, order=tuple(order)), level)


def tie_order(
    plan: GatePlan, lanes: Sequence[str], times: Mapping[str, str], costs: Mapping[str, int | None], salt: str
) -> tuple[str, ...]:
    """Lanes in the order in which equal scores are parted: by what the plan names, one after the other.

    `times` are those of the entries that count, `salt` makes the draw of this gate another than that of the next.
    """
    turn = {lane: hashlib.sha256(f"{plan.rule.draw_seed}:{salt}:{lane}".encode()).hexdigest() for lane in lanes}
    far = "9999"

    def key(lane: str) -> tuple[Any, ...]:
        cost = costs.get(lane)
        by: Mapping[str, tuple[Any, ...]] = {
            "earlier": (times.get(lane, far),),
            "cost": (cost is None, cost or 0),
            "draw": (turn[lane],),
        }
        return (*(part for name in plan.rule.tie_break for part in by[name]), lane)

    return tuple(sorted(lanes, key=key))
