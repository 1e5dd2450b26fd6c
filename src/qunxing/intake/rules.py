"""Who may take lists in and settle what they leave over."""

from enum import StrEnum

from qunxing.accounts.rules import grant, oversight, staff


class Permission(StrEnum):
    SEE = "intake.see_imports"
    IMPORT = "intake.import_list"
    SETTLE = "intake.settle_rows"
    EDIT_PAPER = "intake.edit_paper"


GRANTS = {
    Permission.SEE: oversight,
    Permission.IMPORT: staff,
    Permission.SETTLE: staff,
    Permission.EDIT_PAPER: staff,
}
grant(GRANTS)
