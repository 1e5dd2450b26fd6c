"""Reads of the registry."""

from qunxing.registry.queries.due import DueByTime, DueItem, due_by_time, due_items, due_of
from qunxing.registry.queries.records import FilingParts, ModelParts, filing_parts, model_parts
from qunxing.registry.queries.steps import ShownStep, steps_of

__all__ = [
    "DueByTime",
    "DueItem",
    "FilingParts",
    "ModelParts",
    "ShownStep",
    "due_by_time",
    "due_items",
    "due_of",
    "filing_parts",
    "model_parts",
    "steps_of",
]
