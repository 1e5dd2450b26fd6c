"""Experts and what ties them, panels and what they judge, who sits, what they score and what came of it."""

from qunxing.panels.models.conflicts import Conflict, RecusalRequest
from qunxing.panels.models.experts import Expert, Job, Kin, Stake
from qunxing.panels.models.panels import Check, Item, Panel, Party
from qunxing.panels.models.results import Dissent, Signature, Standing
from qunxing.panels.models.reviews import Review, Sheet
from qunxing.panels.models.seats import Seat

__all__ = [
    "Check",
    "Conflict",
    "Dissent",
    "Expert",
    "Item",
    "Job",
    "Kin",
    "Panel",
    "Party",
    "RecusalRequest",
    "Review",
    "Seat",
    "Sheet",
    "Signature",
    "Stake",
    "Standing",
]
