"""Who may do what with models and filings."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, member, oversight, staff
from qunxing.directory.models import Membership
from qunxing.directory.rules import belongs, editor, roles_of
from qunxing.registry import states
from qunxing.registry.models import AIModel, Filing

EDITING = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})


@rules.predicate
def edits_some(user: Any) -> bool:
    """Owner or editor of any organisation."""
    return not EDITING.isdisjoint(roles_of(user).values())


@rules.predicate
def edits_an_owner(user: Any, model: Any) -> bool:
    """Owner or editor of an organisation that owns the model at present."""
    if not isinstance(model, AIModel):
        return False
    edited = {pk for pk, role in roles_of(user).items() if role in EDITING}
    return bool(edited) and not edited.isdisjoint(model.present_owners)


@rules.predicate
def belongs_to_an_owner(user: Any, model: Any) -> bool:
    roles = roles_of(user)
    return bool(roles) and isinstance(model, AIModel) and not roles.keys().isdisjoint(model.present_owners)


def in_state(*allowed: str) -> rules.predicates.Predicate:
    @rules.predicate(f"in_state:{','.join(allowed)}")
    def check(_user: Any, filing: Any) -> bool:
        return isinstance(filing, Filing) and filing.state in allowed

    return check


preparing = in_state(states.State.PREPARING)
ungranted = in_state(*states.UNGRANTED)


class Permission(StrEnum):
    CREATE_MODEL = "registry.create_model"
    CHANGE_MODEL = "registry.change_model"
    REMOVE_MODEL = "registry.remove_model"
    CHANGE_OWNERSHIP = "registry.change_ownership"
    CREATE_FILING = "registry.create_filing"
    CHANGE_FILING = "registry.change_filing"
    CHANGE_SERVICE = "registry.change_service"
    CHANGE_COVERAGE = "registry.change_coverage"
    CHANGE_STEP = "registry.change_step"
    CONDUCT_FILING = states.CONDUCT
    DECIDE_FILING = states.DECIDE
    REMOVE_FILING = "registry.remove_filing"
    SEE_DUTIES = "registry.see_duties"
    SEE_DUE = "registry.see_due"


# CHANGE_SERVICE covers the days of the service itself, which its firm alone knows: live, shown, altered, ended.
# SEE_DUE opens the page of what falls due; SEE_DUTIES, the obligations on the page of one filing.
GRANTS = {
    Permission.CREATE_MODEL: staff | edits_some,
    Permission.CHANGE_MODEL: staff | edits_an_owner,
    Permission.REMOVE_MODEL: staff,
    Permission.CHANGE_OWNERSHIP: staff,
    Permission.CREATE_FILING: staff | edits_some,
    Permission.CHANGE_FILING: staff | (editor & ungranted),
    Permission.CHANGE_SERVICE: staff | editor,
    Permission.CHANGE_COVERAGE: staff | (editor & ungranted),
    Permission.CHANGE_STEP: staff,
    Permission.CONDUCT_FILING: staff | editor,
    Permission.DECIDE_FILING: staff,
    Permission.REMOVE_FILING: staff | (editor & preparing),
    Permission.SEE_DUTIES: oversight | belongs | belongs_to_an_owner,
    Permission.SEE_DUE: oversight | member,
}
grant(GRANTS)
