"""What follows from a confirmed gate, and the end of a race: awarded, closed, stopped."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.models import Notice
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states.contract import OVER
from qunxing.challenges.states.notice import NoticeState
from qunxing.core.errors import Refused
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.races.actions import merging, money
from qunxing.races.models import GateReport, Lane, LaneDecision, Race
from qunxing.races.models.reports import GOES_ON, Funding
from qunxing.races.readiness import counting_stages
from qunxing.races.rules.running import Permission
from qunxing.races.states import lane as lanes
from qunxing.races.states import race as races
from qunxing.races.states import report as reports
from qunxing.races.states import stage as stages
from qunxing.races.states.lane import LaneState
from qunxing.races.states.report import LIVE


def settle_gate(report: GateReport, *, day: date) -> None:
    """Money, lanes and the next stage, in the recording of whoever confirmed."""
    race = locked(report.stage.race)
    stage = locked(report.stage)
    last = stage.is_last
    rows = list(report.decisions.select_related("lane__contract", "lane__race", "into"))
    # Winners stand before others end: the challenge ends with its last contract.
    for row in sorted(rows, key=lambda row: row.follows not in GOES_ON):
        settle_lane(row, day=day, last=last)
    end_disqualified(race, day)
    follow(stage, "settle", stages.LIFE)
    go_on(race, day=day, last=last)


def settle_lane(row: LaneDecision, *, day: date, last: bool) -> None:
    lane: Lane = row.lane
    if lane.state != LaneState.RUNNING:
        return
    if row.follows == Funding.MERGE:
        merging.merge(row, day=day)
    elif row.follows == Funding.STOP:
        words = row.reason or _("Did not pass the gate %(stage)s") % {"stage": row.report.stage}
        follow(lane, "stop", lanes.LIFE, ended_on=day, ending=words[:500])
        money.end_contract(lane, day=day, finding=words[:500])
    elif last:
        follow(lane, "win", lanes.LIFE, ended_on=day)
        money.set_award(lane, counting_stages(lane.race), row.money, day=day)
    else:
        money.release(lane, row.report.stage, row.money, day=day)


def end_disqualified(race: Race, day: date) -> None:
    """Whoever was disqualified and not reinstated by now is out for good."""
    for lane in race.lanes.filter(state=LaneState.DISQUALIFIED).select_related("contract", "race"):
        money.end_contract(lane, day=day, finding=lane.ending or _("Disqualified"))


def go_on(race: Race, *, day: date, last: bool) -> None:
    """The next stage, the award, or the end where nobody is left."""
    left = [lane.ref for lane in race.lanes.filter(state__in=[LaneState.RUNNING, LaneState.WINNER])]
    if not left:
        words = _("No lane passed the gate.")
        follow(race, "stop", races.LIFE, ended_on=day, ending=words)
        tell("race.stopped", race, {"day": day.isoformat(), "why": "nobody passed"})
    elif last:
        follow(race, "award", races.LIFE)
        tell("race.awarded", race, {"day": day.isoformat(), "winners": left})
    else:
        follow(race, "go_on", races.LIFE)
        coming = race.stages.filter(state=stages.StageState.PLANNED).order_by("order")[0]
        follow(coming, "begin", stages.LIFE)
        tell("race.stage_begun", coming, {"order": coming.order, "lanes": left})


def close(race: Race, *, actor: Any, day: date) -> Race:
    """The race is over when what it awarded is accepted, or ended otherwise."""
    require(actor, Permission.RUN_RACE, race)
    with recording(actor=actor):
        stored = locked(race)
        waiting = stored.lanes.filter(state=LaneState.WINNER, contract__isnull=False).exclude(contract__state__in=OVER)
        names = [str(lane) for lane in waiting] if stored.state == races.RaceState.AWARDED else []
        if names:
            words = {"lanes": "、".join(names)}
            raise Refused(_("The contract of %(lanes)s is not over.") % words, _("Its acceptance ends it."), 409)
        take(stored, "close", races.LIFE, actor=actor, ended_on=day)
        tell("race.closed", stored, {"day": day.isoformat()})
    race.refresh_from_db()
    return race


def stop(race: Race, *, actor: Any, day: date, reason: str) -> Race:
    """End the race before its time: its lanes stop, their contracts end, what is before the public counts no more."""
    require(actor, Permission.DECIDE_GATE, race)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(race)
        take(stored, "stop", races.LIFE, actor=actor, reason=reason, ended_on=day, ending=reason)
        for report in GateReport.objects.filter(stage__race=stored, state__in=LIVE).select_related("notice"):
            follow(report, "overturn", reports.LIFE, overturned_why=reason)
            if report.notice is not None:
                end_notice(report.notice)
        for lane in stored.lanes.filter(state__in=lanes.COUNTS | {LaneState.DISQUALIFIED}):
            stop_lane(lane, day, reason)
        tell("race.stopped", stored, {"day": day.isoformat(), "why": "by decision"})
    race.refresh_from_db()
    return race


def stop_lane(lane: Lane, day: date, reason: str) -> None:
    if lane.state == LaneState.RUNNING:
        follow(lane, "stop", lanes.LIFE, ended_on=day, ending=reason)
    elif lane.state in {LaneState.INVITED, LaneState.ENTERED}:
        follow(lane, "withdraw", lanes.LIFE, ended_on=day, ending=reason)
    money.end_contract(lane, day=day, finding=reason)


def end_notice(notice: Notice) -> None:
    stored = locked(notice)
    if stored.state == NoticeState.RUNNING:
        follow(stored, "suspend", notices.LIFE)
    if stored.state == NoticeState.SUSPENDED:
        follow(stored, "overturn", notices.LIFE)
