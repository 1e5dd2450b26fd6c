"""Who has a desk."""

from enum import StrEnum

from qunxing.accounts.rules import grant, signed_in


class Permission(StrEnum):
    SEE_DESK = "portal.see_desk"


# One's own only.
GRANTS = {Permission.SEE_DESK: signed_in}
grant(GRANTS)
