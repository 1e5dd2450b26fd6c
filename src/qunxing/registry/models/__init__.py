"""The ledger of AI models and of their filings."""

from qunxing.registry.models.aimodels import AIModel, ModelVersion, Ownership
from qunxing.registry.models.filings import Coverage, Filing, FilingStep
from qunxing.registry.models.vocabulary import (
    AlgorithmClass,
    AlgorithmRole,
    Authority,
    FilingKind,
    Modality,
    Openness,
    Precision,
    Region,
    Task,
)

__all__ = [
    "AIModel",
    "AlgorithmClass",
    "AlgorithmRole",
    "Authority",
    "Coverage",
    "Filing",
    "FilingKind",
    "FilingStep",
    "Modality",
    "ModelVersion",
    "Openness",
    "Ownership",
    "Precision",
    "Region",
    "Task",
]
