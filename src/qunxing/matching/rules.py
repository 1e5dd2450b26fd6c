"""Who may compute, share, order and judge shortlists, invite firms and answer."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, oversight, staff
from qunxing.directory.models import Organization
from qunxing.directory.rules import organization_of, roles_of
from qunxing.funds.models import Fund
from qunxing.funds.rules import EDITING, manages
from qunxing.matching import states
from qunxing.matching.alerts.rules import GRANTS as ALERTS
from qunxing.matching.bundles.rules import GRANTS as PLANS
from qunxing.matching.labelling.rules import GRANTS as LABELS
from qunxing.matching.models import Invitation, Shortlist
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.rules import scenario_of


def writes_for(user: Any, organization_id: int | None) -> bool:
    """Owner or editor of that organisation."""
    return roles_of(user).get(organization_id or 0) in EDITING


@rules.predicate
def edits_subject(user: Any, row: Any) -> bool:
    """Editor of the firm, or of the manager of the fund, for which is computed."""
    subject = row.subject if isinstance(row, Shortlist) else row
    if isinstance(subject, Organization):
        return writes_for(user, subject.pk)
    return isinstance(subject, Fund) and bool(manages(user, subject))


@rules.predicate
def edits_need(user: Any, row: Any) -> bool:
    """Editor of the organisation whose scenario it is, or hangs on."""
    scenario = getattr(row, "scenario", None) or scenario_of(row)
    return isinstance(scenario, Scenario) and writes_for(user, scenario.organization_id)


@rules.predicate
def is_shared(_user: Any, row: Any) -> bool:
    return isinstance(row, Shortlist) and row.shared_on is not None


@rules.predicate
def edits_invited(user: Any, row: Any) -> bool:
    invited = organization_of(row) if isinstance(row, Invitation) else None
    return invited is not None and writes_for(user, invited.pk)


@rules.predicate
def belongs_somewhere(user: Any) -> bool:
    """Member of any organisation."""
    return bool(roles_of(user))


class Permission(StrEnum):
    COMPUTE = "matching.compute_shortlist"
    SHARE = "matching.share_shortlist"
    ORDER = "matching.order_shortlist"
    JUDGE = "matching.judge_candidate"
    REQUIRE = "matching.change_requirement"
    INVITE = "matching.invite_firm"
    ANSWER = states.ANSWER
    CONDUCT = states.CONDUCT
    SEE_INVITATIONS = "matching.see_invitations"
    SEE_ALL = "matching.see_funnel"


# The rows these are asked of: COMPUTE of a scenario, a firm or a fund; SHARE, ORDER, JUDGE and INVITE of a shortlist;
# REQUIRE of a scenario; ANSWER and CONDUCT of an invitation.
GRANTS: dict[Any, rules.predicates.Predicate] = {
    Permission.COMPUTE: staff | edits_subject,
    Permission.SHARE: staff,
    Permission.ORDER: staff | edits_subject | (edits_need & is_shared),
    Permission.JUDGE: staff,
    Permission.REQUIRE: staff | edits_need,
    Permission.INVITE: staff | (edits_need & is_shared),
    Permission.ANSWER: staff | edits_invited,
    Permission.CONDUCT: staff | edits_need,
    Permission.SEE_INVITATIONS: oversight | belongs_somewhere,
    Permission.SEE_ALL: oversight,
    **ALERTS,
    **LABELS,
    **PLANS,
}
grant(GRANTS)
