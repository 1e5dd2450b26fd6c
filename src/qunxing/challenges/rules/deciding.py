"""Who may check bids, propose and confirm awards, give notice, object and answer."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.models import Objection
from qunxing.challenges.states import bid, challenge, objection


class Permission(StrEnum):
    CHECK_BID = bid.CHECK
    DECIDE_BID = bid.DECIDE
    DECIDE_CHALLENGE = challenge.DECIDE
    CONFIRM_AWARD = challenge.CONFIRM
    SEE_DECIDING = "challenges.see_deciding"
    OBJECT = "challenges.object_to_notice"
    ANSWER_OBJECTION = objection.ANSWER
    WITHDRAW_OBJECTION = objection.WITHDRAW
    SEE_OBJECTOR = "challenges.see_objector"


@rules.predicate
def anybody(_user: Any) -> bool:
    """Also who is not signed in: a notice is put before the public."""
    return True


@rules.predicate
def objected(user: Any, row: Any) -> bool:
    """The one who wrote the objection."""
    found = isinstance(row, Objection) and user.is_authenticated
    return found and row.objector.user_id == user.pk


GRANTS = {
    Permission.CHECK_BID: staff,
    Permission.DECIDE_BID: staff,
    Permission.DECIDE_CHALLENGE: staff,
    Permission.CONFIRM_AWARD: oversight,
    Permission.SEE_DECIDING: oversight,
    Permission.OBJECT: anybody,
    Permission.ANSWER_OBJECTION: staff,
    Permission.WITHDRAW_OBJECTION: objected,
    Permission.SEE_OBJECTOR: staff | objected,
}
