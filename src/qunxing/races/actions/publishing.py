"""A race published, with everything frozen that its gates decide by, and started once its teams stand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.states.contract import ContractState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.canonical import digest
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.races.actions import money
from qunxing.races.actions.creating import StageSpec, stage_of
from qunxing.races.actions.routes import compare_routes
from qunxing.races.models import Race, Stage
from qunxing.races.models.races import Kind
from qunxing.races.readiness import Found, at_start, counting_stages, gaps_of_edition, missing, pays_early
from qunxing.races.rules.running import Permission
from qunxing.races.states import lane as lanes
from qunxing.races.states import race as races
from qunxing.races.states import stage as stages
from qunxing.races.states.lane import LaneState
from qunxing.races.states.report import LIVE
from qunxing.races.words import gap_text

LETTERS = "SM"


def publish(race: Race, *, actor: Any, at: datetime) -> Race:
    """Freeze the stages, give the race its number, put the digests into the log; Refused naming what is missing."""
    require(actor, Permission.RUN_RACE, race)
    day = timezone.localdate(at)
    compare(race, races.RaceState.DRAFT)
    with recording(actor=actor):
        stored = locked(race)
        refuse_for(missing(stored, at))
        rows = [freeze(stage) for stage in counting_stages(stored)]
        plan = plan_digest(stored, rows)
        number = next_number(Race, LETTERS, day)
        take(stored, "publish", races.LIFE, actor=actor, number=number, published_on=day, plan_digest=plan)
        if stored.kind == Kind.CHALLENGE:
            money.plan_contracts(stored, rows, day=day)
        facts = {
            "number": number,
            "plan": plan,
            "stages": {str(row.order): row.plan_digest for row in rows},
            "lanes": [lane.ref for lane in stored.lanes.order_by("number")],
        }
        tell("race.published", stored, facts)
    race.refresh_from_db()
    return race


def compare(race: Race, state: str) -> None:
    """Hold the routes against each other, where the race stands there; kept whatever comes of the step, so that staff
    find on the page of routes what they have to settle.
    """
    with recording(actor=None):
        stored = locked(race)
        if stored.state == state and stored.kind != Kind.OPEN:
            compare_routes(stored, actor=None)


def freeze(stage: Stage) -> Stage:
    """The plan in full, with its digest."""
    plan = stage.gate
    return change(stage, actor=None, values={"plan": plan.as_json(), "plan_digest": plan.digest()})


def plan_digest(race: Race, rows: Sequence[Stage]) -> str:
    """That of the race as it is published: its money and its stages with their tasks and plans."""
    return digest(
        {
            "title": race.title,
            "start_money": race.start_money,
            "ends_on": race.ends_on,
            "stages": [[row.order, row.title, row.task, row.plan_digest] for row in rows],
        }
    )


def refuse_for(found: Sequence[Found]) -> None:
    """Refused with everything that is missing, stage by stage."""
    if not found:
        return
    lines = [f"{one.stage}: {gap_text(one.gap)}" if one.stage is not None else gap_text(one.gap) for one in found]
    raise Refused(" ".join(dict.fromkeys(lines)), _("Nothing was changed."), 422)


def start(race: Race, *, actor: Any, day: date) -> Race:
    """Let the teams begin; whoever did not answer the invitation is out. Refused with fewer than two teams."""
    require(actor, Permission.RUN_RACE, race)
    compare(race, races.RaceState.PUBLISHED)
    with recording(actor=actor):
        stored = locked(race)
        refuse_for(at_start(stored) if stored.state == races.RaceState.PUBLISHED else [])
        rows = counting_stages(stored)
        refuse_unsigned(stored, rows)
        take(stored, "start", races.LIFE, actor=actor, started_on=day)
        for lane in stored.lanes.filter(state=LaneState.INVITED):
            follow(lane, "withdraw", lanes.LIFE, ended_on=day, ending=_("The invitation was not answered."))
        running = list(stored.lanes.filter(state=LaneState.ENTERED))
        for lane in running:
            follow(lane, "start", lanes.LIFE)
        follow(rows[0], "begin", stages.LIFE)
        tell("race.started", stored, {"day": day.isoformat(), "lanes": [lane.ref for lane in running]})
    race.refresh_from_db()
    return race


def refuse_unsigned(race: Race, rows: Sequence[Stage]) -> None:
    """Where lanes are paid on the way, each has its contract in force before anybody runs."""
    if not pays_early(race, rows):
        return
    waiting = race.lanes.filter(state=LaneState.ENTERED).exclude(contract__state=ContractState.IN_FORCE)
    names = [lane.name for lane in waiting]
    if names:
        words = {"lanes": "、".join(names)}
        raise Refused(_("The contract is not signed by both sides: %(lanes)s") % words, "", 409)


def replace_stage(stage: Stage, spec: StageSpec, *, actor: Any, at: datetime, reason: str) -> Stage:
    """A new gate in the place of one whose test set or plan had to change; what was entered to the old one is kept."""
    require(actor, Permission.RUN_RACE, stage)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(stage)
        refuse_live_report(stored)
        made = stage_of(stored.race, stored.order, spec, edition=stored.edition + 1)
        refuse_for([Found(gap) for gap in gaps_of_edition(made, stored, at)])
        ran = stored.state in stages.CURRENT
        take(stored, "replace", stages.LIFE, actor=actor, reason=reason, replaced_why=reason)
        made.plan_digest = spec.plan.digest()
        create(made, actor=None)
        if ran:
            run_again(stored, made)
        facts = {"order": made.order, "edition": made.edition, "plan": made.plan_digest, "was": stored.plan_digest}
        tell("race.gate_replaced", made, facts)
    stage.refresh_from_db()
    return made


def refuse_live_report(stage: Stage) -> None:
    if stage.reports.filter(state__in=LIVE).exists():
        raise Refused(_("A report of this gate is being decided."), _("Take it back first."), 409)


def run_again(old: Stage, new: Stage) -> None:
    """The new edition runs in the place of the old one."""
    follow(new, "begin", stages.LIFE)
    race = locked(old.race)
    if race.state == races.RaceState.DECIDING:
        follow(race, "go_on", races.LIFE)
