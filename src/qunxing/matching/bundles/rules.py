"""Who makes and reads plans; what a scenario needs beside a firm is said by whoever says its requirements."""

from enum import StrEnum

from qunxing.accounts.rules import oversight, staff


class Permission(StrEnum):
    MAKE = "matching.make_plan"
    SEE = "matching.see_plans"


# Asked of no row: a plan speaks of all scenarios at once.
GRANTS = {
    Permission.MAKE: staff,
    Permission.SEE: oversight,
}
