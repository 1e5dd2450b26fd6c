"""Who may have alerts; what is told in them is asked row by row."""

from enum import StrEnum

from qunxing.accounts.rules import signed_in


class Permission(StrEnum):
    USE_ALERTS = "matching.use_alerts"


# One's own only: watches, digests and feeds of others are not found.
GRANTS = {Permission.USE_ALERTS: signed_in}
