"""Who may sign, deliver, accept, pay and archive."""

from enum import StrEnum

from qunxing.accounts.rules import staff
from qunxing.challenges.states import challenge


class Permission(StrEnum):
    ARCHIVE_CHALLENGE = challenge.ARCHIVE


GRANTS = {
    Permission.ARCHIVE_CHALLENGE: staff,
}
