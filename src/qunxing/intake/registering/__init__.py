"""From an official list to the ledgers: plan what would change, propose what a person must decide, apply."""

from qunxing.intake.registering.plan import Outcome, Plan, RowPlan
from qunxing.intake.registering.planning import make_plan
from qunxing.intake.registering.writing import Progress, Quiet, apply_plan

__all__ = ["Outcome", "Plan", "Progress", "Quiet", "RowPlan", "apply_plan", "make_plan"]
