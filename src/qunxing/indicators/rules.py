"""Who may do what with published figures."""

from enum import StrEnum

from qunxing.accounts.rules import grant, staff


class Permission(StrEnum):
    CREATE_CLAIM = "indicators.create_claim"
    CHANGE_CLAIM = "indicators.change_claim"


GRANTS = {
    Permission.CREATE_CLAIM: staff,
    Permission.CHANGE_CLAIM: staff,
}
grant(GRANTS)
