"""What ties experts to items and issuers: gathered from the ledgers, found by a pure engine."""

from qunxing.panels.conflicts.finding import Found
from qunxing.panels.conflicts.gathering import WATCHED, find

__all__ = ["WATCHED", "Found", "find"]
