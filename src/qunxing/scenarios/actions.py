"""Writes of scenarios: making and changing one with its core indicators, its steps and its appraisals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Transition, advance
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.actions.records import differs
from qunxing.ledger.models import Record
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import recording
from qunxing.scenarios.completeness import Incomplete, gaps_of
from qunxing.scenarios.goals import written_out
from qunxing.scenarios.models import CORE_FIELDS, Appraisal, CoreIndicator, Scenario
from qunxing.scenarios.rules import Permission
from qunxing.scenarios.states import LIFE, State

LETTERS = "CJ"
CHECKED = {"submit", "publish"}


@dataclass(frozen=True)
class IndicatorRow:
    """A core indicator as it shall be; `ref` names the stored one that it changes, empty for a new one."""

    values: Mapping[str, Any]
    ref: str = ""


def create_scenario(
    scenario: Scenario, *, actor: Any, rows: Sequence[IndicatorRow] = (), reason: str = "", **words: Any
) -> Scenario:
    """Save a new draft with its core indicators."""
    if actor is not None and not may_write_for(actor, scenario):
        raise PermissionDenied
    scenario.indicators_text = written_out(unsaved(rows))
    with recording(actor=actor, reason=reason, source=words.get("source")):
        create(scenario, actor=actor, reason=reason, **words)
        write_rows(scenario, rows, {}, actor=actor, reason=reason, **words)
    return scenario


def may_write_for(actor: Any, scenario: Scenario) -> bool:
    """Whether the actor may write in the name of the scenario's organisation."""
    return bool(actor.has_perm(Permission.CREATE) and actor.has_perm(Permission.CHANGE_CORE, scenario))


def change_scenario(
    scenario: Scenario,
    *,
    actor: Any,
    values: Mapping[str, Any],
    rows: Sequence[IndicatorRow] | None = None,
    expected: int | None = None,
    **words: Any,
) -> Scenario:
    """Set the values and, unless `rows` is None, the core indicators; StaleRecord when the revision is not `expected`.

    After publication a change needs a reason, and what solvers rely on is for staff.
    """
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        stored = Scenario.objects.select_for_update().get(pk=scenario.pk)
        present = {row.ref: row for row in stored.core_indicators.all()}
        values = dict(values)
        if rows is not None:
            values["indicators_text"] = written_out(unsaved(rows))
        changed = {name for name, value in values.items() if differs(stored, name, value)}
        check_change(stored, changed, actor=actor, reason=words.get("reason", ""))
        saved: Scenario = change(stored, actor=actor, values=values, expected=expected, **words)
        if rows is not None:
            write_rows(saved, rows, present, actor=actor, **words)
    return saved


def check_change(stored: Scenario, changed: set[str], *, actor: Any, reason: str) -> None:
    """PermissionDenied or Refused when the change is not the actor's to make, or is made without a reason."""
    if actor is not None and changed & CORE_FIELDS and not actor.has_perm(Permission.CHANGE_CORE, stored):
        raise PermissionDenied
    if changed and stored.published_on is not None and not reason.strip():
        raise Refused(_("A published scenario is changed with a reason only."), _("Go back and write one."), 422)


def unsaved(rows: Sequence[IndicatorRow]) -> list[CoreIndicator]:
    return [CoreIndicator(**row.values) for row in rows]


def write_rows(
    scenario: Scenario, rows: Sequence[IndicatorRow], present: Mapping[str, CoreIndicator], *, actor: Any, **words: Any
) -> None:
    """Let the stored core indicators become the rows, in their order; unnamed ones are removed."""
    kept = {row.ref for row in rows}
    for ref, indicator in present.items():
        if ref not in kept:
            remove(indicator, actor=actor, reason=words.get("reason", ""), source=words.get("source"))
    for position, row in enumerate(rows, start=1):
        values = {**row.values, "position": position}
        if row.ref in present:
            change(present[row.ref], actor=actor, values=values, **words)
        else:
            create(CoreIndicator(scenario=scenario, **values), actor=actor, **words)


def move(scenario: Scenario, name: str, *, actor: Any, day: date, reason: str = "") -> Transition:
    """Take one step of the scenario's life; Incomplete when it lacks something that the step needs."""
    reason = reason_for(LIFE.named(name), reason)
    with recording(actor=actor, reason=reason):
        stored = Scenario.objects.select_for_update().get(pk=scenario.pk)
        step = advance(stored, name, actor=actor, machine=LIFE, **effects(stored, name, day))
        missing = gaps_of(stored, indicators=stored.core_indicators.count(), day=day) if name in CHECKED else []
        if missing:
            raise Incomplete(missing)
    scenario.refresh_from_db()
    return step


def effects(scenario: Scenario, name: str, day: date) -> dict[str, Any]:
    """What a step sets beside the state."""
    if name == "submit" and not scenario.number:
        return {"number": next_number(Scenario, LETTERS, day)}
    if name == "publish":
        return {"published_on": day}
    return {}


def appraise(scenario: Scenario, *, actor: Any, day: date, verdict: str, notes: str) -> Record:
    """Keep what staff found; only while the scenario is in appraisal."""
    if scenario.state != State.IN_APPRAISAL:
        raise Refused(_("Only a scenario in appraisal is appraised."), _("Begin the appraisal first."), 409)
    appraisal = Appraisal(scenario=scenario, by=actor, day=day, verdict=verdict, notes=notes)
    return create(appraisal, actor=actor)
