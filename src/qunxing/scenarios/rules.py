"""Who may do what with scenarios."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, oversight, staff
from qunxing.directory.models import Membership
from qunxing.directory.rules import belongs, editor, roles_of
from qunxing.scenarios import states
from qunxing.scenarios.models import Appraisal, CoreIndicator, Scenario

WRITERS = {Membership.Role.OWNER, Membership.Role.EDITOR}


def scenario_of(row: Any) -> Scenario | None:
    """The scenario a record is, or hangs on."""
    if isinstance(row, CoreIndicator | Appraisal):
        return row.scenario
    return row if isinstance(row, Scenario) else None


def in_state(*allowed: str) -> rules.predicates.Predicate:
    @rules.predicate(f"in_state:{','.join(sorted(allowed))}")
    def check(_user: Any, row: Any) -> bool:
        scenario = scenario_of(row)
        return scenario is not None and scenario.state in allowed

    return check


@rules.predicate
def writes_somewhere(user: Any) -> bool:
    """An owner or editor of any organisation."""
    return not WRITERS.isdisjoint(roles_of(user).values())


with_owner = in_state(*states.WITH_OWNER)
live = in_state(*states.LIVE)
over = in_state(*states.OVER)


class Permission(StrEnum):
    CREATE = "scenarios.create_scenario"
    CHANGE = "scenarios.change_scenario"
    CHANGE_CORE = "scenarios.change_core"
    SUBMIT = states.SUBMIT
    WITHDRAW = states.WITHDRAW
    APPRAISE = states.APPRAISE
    PUBLISH = states.PUBLISH
    DELIVER = states.DELIVER
    SEE_APPRAISALS = "scenarios.see_appraisals"
    SEE_CONTACT = "scenarios.see_contact"


# CHANGE_CORE covers what a solver relies on: problem, core indicators, conditions, money, mechanism.
GRANTS = {
    Permission.CREATE: staff | writes_somewhere,
    Permission.CHANGE: (staff & ~over) | (editor & (with_owner | live)),
    Permission.CHANGE_CORE: (staff & ~over) | (editor & with_owner),
    Permission.SUBMIT: staff | editor,
    Permission.WITHDRAW: staff | editor,
    Permission.APPRAISE: staff,
    Permission.PUBLISH: staff,
    Permission.DELIVER: staff,
    Permission.SEE_APPRAISALS: oversight,
    Permission.SEE_CONTACT: oversight | belongs,
}
grant(GRANTS)
