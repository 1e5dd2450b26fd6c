"""Who may check bids, propose and confirm awards, give notice and answer objections."""

from enum import StrEnum

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.states import bid, challenge


class Permission(StrEnum):
    CHECK_BID = bid.CHECK
    DECIDE_BID = bid.DECIDE
    DECIDE_CHALLENGE = challenge.DECIDE
    CONFIRM_AWARD = challenge.CONFIRM


GRANTS = {
    Permission.CHECK_BID: staff,
    Permission.DECIDE_BID: staff,
    Permission.DECIDE_CHALLENGE: staff,
    Permission.CONFIRM_AWARD: oversight,
}
