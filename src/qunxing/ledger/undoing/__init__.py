"""Undoing what was written at one moment: found by its versions, planned first, and written as versions again."""

from qunxing.ledger.undoing.plan import UndoPlan, plan_undo
from qunxing.ledger.undoing.steps import Fate, Mark, Step, Why
from qunxing.ledger.undoing.traces import written_total
from qunxing.ledger.undoing.writing import undo

__all__ = ["Fate", "Mark", "Step", "UndoPlan", "Why", "plan_undo", "undo", "written_total"]
