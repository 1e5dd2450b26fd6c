"""Who may do what with funds, rounds and all that hangs on them."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, staff
from qunxing.directory.models import Membership
from qunxing.directory.rules import editor, edits_some, roles_of
from qunxing.funds.models import Fund

EDITING = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})


@rules.predicate
def manages(user: Any, fund: Any) -> bool:
    """Owner or editor of the organisation that manages the fund."""
    return isinstance(fund, Fund) and roles_of(user).get(fund.manager_id or 0) in EDITING


class Permission(StrEnum):
    CREATE_FUND = "funds.create_fund"
    CHANGE_FUND = "funds.change_fund"
    PLACE_FUND = "funds.place_fund"
    REMOVE_FUND = "funds.remove_fund"
    CHANGE_COMMITMENT = "funds.change_commitment"
    CREATE_ROUND = "funds.create_round"
    CHANGE_ROUND = "funds.change_round"
    REMOVE_ROUND = "funds.remove_round"
    CHANGE_INVESTMENT = "funds.change_investment"
    CHANGE_STAGE = "funds.change_stage"


# The rows these are asked of: a fund; a round, or the organisation it is for.
GRANTS = {
    Permission.CREATE_FUND: staff,
    Permission.CHANGE_FUND: staff | manages,
    Permission.PLACE_FUND: staff,
    Permission.REMOVE_FUND: staff,
    Permission.CHANGE_COMMITMENT: staff | manages,
    Permission.CREATE_ROUND: staff | edits_some,
    Permission.CHANGE_ROUND: staff | editor,
    Permission.REMOVE_ROUND: staff,
    Permission.CHANGE_INVESTMENT: staff | editor,
    Permission.CHANGE_STAGE: staff,
}
grant(GRANTS)
