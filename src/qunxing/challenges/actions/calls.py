"""Writes of calls for needs, needs and what experts find of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import Kind
from qunxing.challenges.models import Call, Need, NeedAppraisal
from qunxing.challenges.rules.calls import Permission
from qunxing.challenges.states.call import CALL, NEED, NeedState
from qunxing.core.errors import Refused
from qunxing.core.states import Transition, advance
from qunxing.directory.rules import roles_of
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.edges import require
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import recording
from qunxing.scenarios.goals import written_out
from qunxing.scenarios.models import Scenario

PREFIX = "XQ"
ENOUGH = 1  # appraisals that a recommendation rests on, at least


def move_call(call: Call, step: str, *, actor: Any, reason: str = "") -> Transition:
    """Publish, close or reopen a call."""
    with recording(actor=actor, reason=reason_for(CALL.named(step), reason)):
        return advance(call, step, actor=actor, machine=CALL)


def hand_in_scenario(scenario: Scenario, *, actor: Any, day: date, call: Call | None = None) -> Need:
    """A need made of a scenario, handed in at once."""
    goals = written_out(scenario.core_indicators.all())
    need = Need(
        organization=scenario.organization,
        scenario=scenario,
        call=call,
        title=scenario.title,
        problem=scenario.problem,
        goals=goals,
        fields=scenario.fields,
        money=scenario.budget_high,
        demo=scenario.demo,
    )
    with recording(actor=actor):
        create(need, actor=actor)
        move_need(need, "submit", actor=actor, day=day)
    return need


def move_need(need: Need, step: str, *, actor: Any, day: date, reason: str = "") -> Transition:
    """Take a need a step on; it is handed in while its call is open, and recommended on appraisals only."""
    found = NEED.named(step)
    with recording(actor=actor, reason=reason_for(found, reason)):
        stored = Need.objects.select_for_update().get(pk=need.pk)
        if actor is not None:
            require(actor, found.permission, stored)
        if step == "recommend":
            check_appraised(stored)
        advance(stored, step, actor=actor, machine=NEED, **effects(stored, step, day))
    need.refresh_from_db()
    return found


def effects(need: Need, step: str, day: date) -> dict[str, Any]:
    """What a step sets beside the state."""
    if step != "submit":
        return {}
    if need.call is not None and not need.call.takes_needs_on(day):
        raise Refused(_("This call takes no needs today."), _("Hand it in without a call, or choose another."), 409)
    return {"number": need.number or next_number(Need, PREFIX, day), "submitted_on": day}


def check_appraised(need: Need) -> None:
    if need.appraisals.filter(given_on__isnull=False).count() < ENOUGH:
        raise Refused(_("No expert has appraised this need yet."), _("Ask one, and wait for what they write."), 409)


def ask_experts(
    need: Need, experts: Iterable[Any], *, actor: Any, day: date, due_on: date | None = None
) -> list[NeedAppraisal]:
    """Ask experts to appraise a need; one who belongs to its owner is refused, one asked before is left as is."""
    require(actor, Permission.JUDGE_NEED, need)
    if need.state != NeedState.IN_APPRAISAL:
        raise Refused(_("Only a need in appraisal is appraised."), _("Begin the appraisal first."), 409)
    with recording(actor=actor):
        asked = set(need.appraisals.values_list("by_id", flat=True))
        fresh = [expert for expert in experts if expert.pk not in asked]
        for expert in fresh:
            check_expert(expert, need)
        return [
            create(NeedAppraisal(need=need, by=expert, asked_on=day, due_on=due_on), actor=actor) for expert in fresh
        ]


def check_expert(expert: Any, need: Need) -> None:
    if expert.kind != Kind.EXPERT:
        raise Refused(_("%(name)s is not an expert.") % {"name": expert}, status=422)
    if need.organization_id in roles_of(expert):
        raise Refused(_("%(name)s belongs to the owner of the need.") % {"name": expert}, status=422)


def give_appraisal(appraisal: NeedAppraisal, *, actor: Any, day: date, values: Mapping[str, Any]) -> NeedAppraisal:
    """Keep what the expert finds, anew until the need is judged."""
    require(actor, Permission.APPRAISE_NEED, appraisal)
    with recording(actor=actor):
        need = Need.objects.select_for_update().get(pk=appraisal.need_id)
        if need.state != NeedState.IN_APPRAISAL:
            raise Refused(_("The appraisal of this need is over."), status=409)
        return change(appraisal, actor=actor, values={**values, "given_on": day})


def release_expert(appraisal: NeedAppraisal, *, actor: Any, reason: str) -> None:
    """Ask an expert no longer; what was given stays."""
    require(actor, Permission.JUDGE_NEED, appraisal)
    if appraisal.given_on is not None:
        raise Refused(_("This appraisal is given; it stays."), status=409)
    remove(appraisal, actor=actor, reason=reason)
