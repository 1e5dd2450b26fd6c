"""Who may write, submit, withdraw and open bids."""

from enum import StrEnum

from qunxing.accounts.rules import oversight
from qunxing.challenges.states import board


class Permission(StrEnum):
    OPEN_BIDS = board.OPEN


GRANTS = {
    Permission.OPEN_BIDS: oversight,
}
