"""Teams: invited, entered, their words changed, out and back again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import locked, require, take, tell
from qunxing.challenges.rules.subjects import writes_for
from qunxing.challenges.states.contract import OVER
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change
from qunxing.ledger.reasons import needed_reason, told_reason
from qunxing.ledger.recording import recording
from qunxing.races.actions import money
from qunxing.races.actions.creating import Team, lane_for
from qunxing.races.models import GateReport, Lane, Race, Route
from qunxing.races.models.races import Kind
from qunxing.races.readiness import counting_stages, pays_early
from qunxing.races.rules.running import Permission
from qunxing.races.states import lane as lanes
from qunxing.races.states.lane import COUNTS, LaneState
from qunxing.races.states.race import RaceState
from qunxing.races.states.report import ReportState

BEFORE = frozenset({RaceState.DRAFT, RaceState.PUBLISHED})


def invite(race: Race, team: Team, *, actor: Any, day: date) -> Lane:
    """Ask a team to take part; it answers for itself once the race is published."""
    require(actor, Permission.RUN_RACE, race)
    with recording(actor=actor):
        stored = locked(race)
        if stored.kind != Kind.INVITED or stored.state not in BEFORE:
            raise Refused(_("Teams are invited to a race by invitation, before it starts."), "", 409)
        refuse_full(stored)
        made = lane_for(stored, team, state=LaneState.INVITED, day=day)
        tell("lane.invited", made, {"race": stored.ref, "number": made.number})
    return made


def refuse_full(race: Race) -> None:
    if race.lanes.filter(state__in=COUNTS).count() >= race.lanes_most:
        raise Refused(_("The race takes %(count)s lanes, and has them.") % {"count": race.lanes_most}, "", 409)


def enter(race: Race, team: Team, *, actor: Any, day: date) -> Lane:
    """Take part in a race of open entry, by its last day; for one's own organisation."""
    require(actor, Permission.ENTER_RACE, race)
    if actor is not None and not writes_for(actor, team.organization.pk):
        raise Refused(_("You enter a race for an organisation whose owner or editor you are."), "", 403)
    with recording(actor=actor):
        stored = locked(race)
        refuse_late(stored, day)
        refuse_full(stored)
        made = lane_for(stored, team, state=LaneState.ENTERED, day=day)
        tell("lane.entered", made, {"race": stored.ref, "number": made.number})
        draft_if_paid(made, stored, day)
    return made


def refuse_late(race: Race, day: date) -> None:
    if race.kind != Kind.OPEN or race.state != RaceState.PUBLISHED:
        raise Refused(_("This race takes no further teams."), "", 409)
    if race.enter_until is not None and day > race.enter_until:
        words = {"day": race.enter_until.isoformat()}
        raise Refused(_("Teams could enter until %(day)s.") % words, "", 409)


def draft_if_paid(lane: Lane, race: Race, day: date) -> None:
    """A contract from the start where money flows on the way."""
    stages = counting_stages(race)
    if lane.contract is None and pays_early(race, stages):
        money.draft_for(lane, stages, day=day)


def answer_invitation(lane: Lane, *, actor: Any, day: date, comes: bool, reason: str = "") -> Lane:
    """The invited team takes part, or not."""
    with recording(actor=actor, reason=told_reason(reason)):
        race = locked(lane.race)
        stored = locked(lane)
        if race.state != RaceState.PUBLISHED:
            raise Refused(_("An invitation is answered while the race is published and has not started."), "", 409)
        if comes:
            take(stored, "accept", lanes.LIFE, actor=actor, entered_on=day)
            draft_if_paid(stored, race, day)
        else:
            reason = needed_reason(reason)
            take(stored, "withdraw", lanes.LIFE, actor=actor, reason=reason, ended_on=day, ending=reason)
        tell("lane.answered", stored, {"comes": comes})
    lane.refresh_from_db()
    return lane


def change_lane(lane: Lane, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Lane:
    """Other words of a lane, before the race starts."""
    require(actor, Permission.CHANGE_LANE, lane)
    with recording(actor=actor, reason=words.get("reason", "")):
        return change(lane, actor=actor, values=values, **words)


def change_route(route: Route, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Route:
    """Another route or team, before the race starts; it is compared with the others anew."""
    require(actor, Permission.CHANGE_LANE, route)
    with recording(actor=actor, reason=words.get("reason", "")):
        return change(route, actor=actor, values=values, **words)


# --- out and back ---------------------------------------------------------------------------------------------------


def withdraw(lane: Lane, *, actor: Any, day: date, reason: str) -> Lane:
    """The team gives up; its contract ends, and what it entered stays."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(lane)
        refuse_decided(stored)
        take(stored, "withdraw", lanes.LIFE, actor=actor, reason=reason, ended_on=day, ending=reason)
        money.end_contract(stored, day=day, finding=reason)
        tell("lane.withdrawn", stored, {"day": day.isoformat()})
    lane.refresh_from_db()
    return lane


def refuse_decided(lane: Lane) -> None:
    """While a gate is before the public, what it says of a lane stays."""
    live = GateReport.objects.filter(stage__race_id=lane.race_id, state=ReportState.NOTICE)
    if live.exists():
        raise Refused(
            _("A gate is before the public; what it decides of this lane comes first."),
            _("Wait until it is confirmed, or take the report back."),
            409,
        )


def disqualify(lane: Lane, *, actor: Any, day: date, reason: str) -> Lane:
    """Out of the race, with the reason; its contract ends with the next gate, until which it may be reinstated."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(lane)
        refuse_decided(stored)
        take(stored, "disqualify", lanes.LIFE, actor=actor, reason=reason, ended_on=day, ending=reason)
        tell("lane.disqualified", stored, {"day": day.isoformat()})
    lane.refresh_from_db()
    return lane


def reinstate(lane: Lane, *, actor: Any, day: date, reason: str) -> Lane:
    """Back in the race, with the reason; not once a gate was decided without it."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(lane)
        refuse_decided(stored)
        refuse_gone(stored)
        take(stored, "reinstate", lanes.LIFE, actor=actor, reason=reason, ended_on=None, ending="")
        tell("lane.reinstated", stored, {"day": day.isoformat()})
    lane.refresh_from_db()
    return lane


def refuse_gone(lane: Lane) -> None:
    """Where its contract has ended, or a gate was confirmed since, there is nothing to come back to."""
    later = GateReport.objects.filter(stage__race_id=lane.race_id, state=ReportState.FINAL)
    gone = lane.ended_on is not None and later.filter(confirmed_on__gte=lane.ended_on).exists()
    ended = lane.contract is not None and lane.contract.state in OVER
    if gone or ended or lane.race.state not in {RaceState.RUNNING, RaceState.DECIDING}:
        raise Refused(_("A gate was decided without this lane; it cannot come back."), "", 409)
