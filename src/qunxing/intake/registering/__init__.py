"""From an official list to the ledgers: plan what would change, propose what a person must decide, apply."""

from qunxing.intake.registering.plan import Outcome, Plan, RowPlan, make_plan
from qunxing.intake.registering.writing import apply_plan

__all__ = ["Outcome", "Plan", "RowPlan", "apply_plan", "make_plan"]
