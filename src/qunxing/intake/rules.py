"""Who may take lists in and settle what they leave over."""

from enum import StrEnum

from qunxing.accounts.rules import grant, oversight, staff


class Permission(StrEnum):
    SEE = "intake.see_imports"
    IMPORT = "intake.import_list"
    SETTLE = "intake.settle_rows"


GRANTS = {
    Permission.SEE: oversight,
    Permission.IMPORT: staff,
    Permission.SETTLE: staff,
}
grant(GRANTS)
