"""What keeps a race from being published or started: its stages, its lanes, its routes, its money."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from qunxing.core.reasons import Unreadable
from qunxing.panels.terms import PanelTerms, ScoringTerms
from qunxing.races.models import Lane, Race, RouteCheck, Scorer, Stage
from qunxing.races.models.races import Kind
from qunxing.races.plan import Gap, GatePlan
from qunxing.races.scorewords import metric_fault
from qunxing.races.scoring import BadMetric
from qunxing.races.scoring.metrics import planned
from qunxing.races.states.lane import COUNTS
from qunxing.races.states.stage import StageState

LEAST = 2


@dataclass(frozen=True)
class Found:
    """A gap and the stage it is in, if it is in one."""

    gap: Gap
    stage: Stage | None = None


def counting_stages(race: Race) -> list[Stage]:
    return list(race.stages.exclude(state=StageState.REPLACED).order_by("order"))


def missing(race: Race, now: datetime) -> list[Found]:
    """Everything that keeps a draft from being published at this moment."""
    stages = counting_stages(race)
    lanes = list(race.lanes.filter(state__in=COUNTS).select_related("route", "contract"))
    found = [Found(gap, stage) for stage in stages for gap in gaps_of_stage(stage, now)]
    found += [Found(Gap("opens", "overlap"), later) for earlier, later in pairwise(stages) if overlaps(earlier, later)]
    found += [Found(gap) for gap in gaps_of_lanes(race, lanes)]
    found += [Found(gap) for gap in gaps_of_days(race, stages, now)]
    found += [Found(gap) for gap in gaps_of_money(race, stages, lanes)]
    if race.kind == Kind.CHALLENGE:
        found += [Found(gap) for gap in gaps_of_routes(race, lanes)]
    return found if stages else [Found(Gap("stages", "none")), *found]


def gaps_of_stage(stage: Stage, now: datetime) -> Iterator[Gap]:
    plan = stage.gate
    yield from plan.gaps(now)
    if plan.measured and plan.metrics and not plan.scorer:
        yield from gaps_of_metrics(plan)
    if plan.scorer and not Scorer.objects.filter(digest=plan.scorer).exists():
        yield Gap("scorer", "unknown")
    if plan.expert.weight:
        yield from gaps_of_panel(plan)


def gaps_of_metrics(plan: GatePlan) -> Iterator[Gap]:
    """The metrics as they are scored; beside experts a score must run from nought to one."""
    try:
        found = planned(plan.as_json()["metrics"])
    except BadMetric as error:
        yield Gap("metrics", "unreadable", metric_fault(error))
        return
    if plan.expert.weight and any(metric.scale is None for metric in found):
        yield Gap("metrics", "scale")


def gaps_of_panel(plan: GatePlan) -> Iterator[Gap]:
    try:
        PanelTerms.read(dict(plan.expert.panel)).check()
        ScoringTerms.read(dict(plan.expert.scoring)).check()
    except Unreadable as error:
        yield Gap("expert", "unreadable", str(error))


def overlaps(earlier: Stage, later: Stage) -> bool:
    """Whether one window opens before that ahead of it has closed."""
    return earlier.closes_at is not None and later.opens_at is not None and later.opens_at < earlier.closes_at


def gaps_of_edition(made: Stage, before: Stage, now: datetime) -> Iterator[Gap]:
    """What keeps another edition of a gate, not yet stored, from taking the place of the one before at this moment."""
    yield from gaps_of_stage(made, now)
    others = [stage for stage in counting_stages(made.race) if stage.order != made.order]
    if any(overlaps(earlier, made) for earlier in others if earlier.order < made.order):
        yield Gap("opens", "overlap")
    if any(overlaps(made, later) for later in others if later.order > made.order):
        yield Gap("closes", "overlap")
    if made.gate.release > before.gate.release and pays_early(made.race, [*others, before]):
        yield Gap("release", "raised", f"{before.gate.release:,}")


def gaps_of_lanes(race: Race, lanes: Sequence[Lane]) -> Iterator[Gap]:
    """Open entry fills its lanes after it was published."""
    if race.kind != Kind.OPEN and len(lanes) < LEAST:
        yield Gap("lanes", "few", str(len(lanes)))
    if len(lanes) > race.lanes_most:
        yield Gap("lanes", "many", str(len(lanes)))


def gaps_of_days(race: Race, stages: Sequence[Stage], now: datetime) -> Iterator[Gap]:
    last = stages[-1].closes_at if stages else None
    if race.ends_on is None:
        yield Gap("ends_on", "missing")
    elif last is not None and race.ends_on <= timezone.localdate(last):
        yield Gap("ends_on", "early")
    if race.kind == Kind.OPEN:
        if race.enter_until is None:
            yield Gap("enter_until", "missing")
        elif race.enter_until < timezone.localdate(now):
            yield Gap("enter_until", "past")


def lane_money(race: Race, stages: Sequence[Stage]) -> int:
    """What a lane gets that passes every gate as planned, in yuan."""
    return int(race.start_money + sum(stage.gate.release for stage in stages))


def pays_early(race: Race, stages: Sequence[Stage]) -> bool:
    """Whether a lane is paid before the last gate: then each has a contract from the start."""
    return race.kind == Kind.CHALLENGE or lane_money(race, stages[:-1]) > 0


def gaps_of_money(race: Race, stages: Sequence[Stage], lanes: Sequence[Lane]) -> Iterator[Gap]:
    """What was put before the public as the award of a bid is not exceeded."""
    total = lane_money(race, stages)
    if any(lane.contract is not None and total > lane.contract.grant for lane in lanes):
        yield Gap("money", "more", f"{total:,}")


def gaps_of_routes(race: Race, lanes: Sequence[Lane]) -> Iterator[Gap]:
    """Each lane says how it means to do it, and no two of them alike without a word to that."""
    for lane in lanes:
        if not lane.route.text.strip():
            yield Gap("routes", "missing", lane.name)
    rows = RouteCheck.objects.filter(race=race, first__in=lanes, second__in=lanes).select_related("first", "second")
    for row in rows:
        if not row.settled:
            yield Gap("routes", "alike", str(row))


def at_start(race: Race) -> list[Found]:
    """What keeps a published race from being started."""
    lanes = list(race.lanes.filter(state="entered").select_related("route"))
    found = [Found(Gap("lanes", "few", str(len(lanes))))] if len(lanes) < LEAST else []
    if race.kind != Kind.OPEN:
        found += [Found(gap) for gap in gaps_of_routes(race, lanes)]
    return found
