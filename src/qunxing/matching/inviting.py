"""Writes of what comes after the list: invitations, answers, talks, trial, contract, delivery."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Transition, advance
from qunxing.ledger.actions import create
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import recording
from qunxing.matching.actions import require, set_label, take_turns
from qunxing.matching.models import Candidate, Invitation, Label, Shortlist
from qunxing.matching.rules import Permission
from qunxing.matching.states import LIFE, STOPS, State
from qunxing.scenarios import actions as scenarios
from qunxing.scenarios.rules import Permission as ScenarioPermission
from qunxing.scenarios.states import LIVE
from qunxing.scenarios.states import State as ScenarioState

ANSWERS = {"accept", "decline"}
# What a step of an invitation brings about for the scenario, where it still stands before that.
CARRIES = {
    "try": (("match", ScenarioState.PUBLISHED),),
    "sign": (("match", ScenarioState.PUBLISHED), ("start_delivery", ScenarioState.MATCHED)),
}
OUTCOMES = {State.CONTRACT: 4, State.DELIVERED: 4}


def invite(
    shortlist: Shortlist,
    candidate: Candidate,
    *,
    actor: Any,
    day: date,
    message: str = "",
    answer_by: date | None = None,
) -> Invitation:
    """Ask a firm of the shortlist; Refused when it was asked before, or the scenario takes nobody any more."""
    require(actor, Permission.INVITE, shortlist)
    scenario, firm = shortlist.scenario, candidate.organization
    if scenario is None or firm is None:
        raise Refused(_("Only firms on the shortlist of a scenario are invited."))
    if scenario.state not in LIVE:
        raise Refused(_("The scenario is not open: firms are invited to published scenarios."), "", 409)
    made = Invitation(
        scenario=scenario,
        organization=firm,
        shortlist=shortlist,
        message=message,
        answer_by=answer_by,
        invited_on=day,
        demo=scenario.demo,
    )
    with recording(actor=actor):
        take_turns(scenario)
        if Invitation.objects.filter(scenario=scenario, organization=firm).exists():
            raise Refused(_("This firm was invited already."), "", 409)
        return create(made, actor=actor)


def move(invitation: Invitation, name: str, *, actor: Any, day: date, reason: str = "") -> Transition:
    """One step of an invitation's life, with what follows for the scenario and for the labels."""
    step = LIFE.named(name)
    reason = reason_for(step, reason)
    with recording(actor=actor, reason=reason):
        stored = Invitation.objects.select_for_update(of=("self",)).select_related("scenario").get(pk=invitation.pk)
        taken = advance(stored, name, actor=actor, machine=LIFE, **effects(stored, step, day, reason))
        carry_scenario(stored, name, actor=actor, day=day)
        grade = OUTCOMES.get(State(taken.target))
        if grade is not None and actor is not None:
            set_label(stored.scenario, stored.organization, grade, Label.Origin.OUTCOME, actor=actor, day=day)
    invitation.refresh_from_db()
    return taken


def effects(invitation: Invitation, step: Transition, day: date, reason: str) -> dict[str, Any]:
    """The days and words that a step sets beside the state; a stop that was passed over was reached too."""
    found: dict[str, Any] = {}
    if step.target in STOPS:
        stops = list(STOPS)
        passed = [STOPS[stop] for stop in stops[: stops.index(State(step.target)) + 1]]
        skip = {"trial_on"} if step.name == "sign" and invitation.trial_on is None else set()
        found = {column: day for column in passed if getattr(invitation, column) is None and column not in skip}
    if step.name in ANSWERS:
        found |= {"answered_on": day, "answer": reason}
    return found


def carry_scenario(invitation: Invitation, name: str, *, actor: Any, day: date) -> None:
    """Move the scenario on where the actor may; staff do it themselves otherwise."""
    for step, state in CARRIES.get(name, ()):
        scenario = invitation.scenario
        if scenario.state == state and (actor is None or actor.has_perm(ScenarioPermission.DELIVER, scenario)):
            scenarios.move(scenario, step, actor=actor, day=day, reason=str(invitation.organization))
