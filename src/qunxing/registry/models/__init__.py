"""The ledger of AI models and of their filings."""

from qunxing.directory.models import Task
from qunxing.registry.models.aimodels import AIModel, ModelVersion, Ownership
from qunxing.registry.models.filings import Coverage, Filing, FilingStep
from qunxing.registry.models.vocabulary import (
    REGIONS,
    SHORT_KINDS,
    AlgorithmClass,
    AlgorithmRole,
    Authority,
    FilingKind,
    Modality,
    Openness,
    Precision,
)

__all__ = [
    "REGIONS",
    "SHORT_KINDS",
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
    "Task",
]
