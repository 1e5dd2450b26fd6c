"""Reading the ledgers for what ties experts to items."""

from datetime import date

from qunxing.panels.conflicts.finding import Found
from qunxing.panels.models import Panel

# Kinds of record on which conflicts hang.
WATCHED = (
    "panels.expert", "panels.job", "panels.stake", "panels.kin", "panels.item", "panels.party",
    "directory.organization", "directory.organizationname", "directory.link", "directory.contact",
    "directory.membership", "funds.fund", "funds.round", "funds.investment",
)  # fmt: skip


def find(_panel: Panel, _day: date) -> list[Found]:
    return []
