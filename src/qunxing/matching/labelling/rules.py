"""Who draws, rates and settles pairs."""

from enum import StrEnum

from qunxing.accounts.models import Kind
from qunxing.accounts.rules import of_kind, oversight, staff


class Permission(StrEnum):
    RATE = "matching.rate_pair"
    MANAGE = "matching.manage_labels"
    SEE = "matching.see_labels"


# Asked of no row; which pairs a rater gets is decided by what they may see and whom they belong to.
GRANTS = {
    Permission.RATE: of_kind(Kind.STAFF, Kind.EXPERT),
    Permission.MANAGE: staff,
    Permission.SEE: oversight,
}
