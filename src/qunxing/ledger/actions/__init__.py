"""Writes to any record: create, change, remove, in bulk, and the evidence they rest on."""

from qunxing.ledger.actions.bulk import add_many, change_many, cite_many
from qunxing.ledger.actions.evidence import cite, confirm, follow
from qunxing.ledger.actions.records import StaleRecord, change, create, remove

__all__ = [
    "StaleRecord",
    "add_many",
    "change",
    "change_many",
    "cite",
    "cite_many",
    "confirm",
    "create",
    "follow",
    "remove",
]
