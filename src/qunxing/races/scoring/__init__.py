"""Scoring of entries: files read and checked, metrics over all and over each item. No Django in here."""

from qunxing.races.scoring.composite import Scored, score, table_of
from qunxing.races.scoring.formats import read
from qunxing.races.scoring.metrics import KINDS, BadMetric, Metric, Part, Undefined, planned, read_metrics
from qunxing.races.scoring.values import Answers, BadSchema, Fault, Field, Key, Limits, Reading, Schema, Wrong

__all__ = [
    "KINDS",
    "Answers",
    "BadMetric",
    "BadSchema",
    "Fault",
    "Field",
    "Key",
    "Limits",
    "Metric",
    "Part",
    "Reading",
    "Schema",
    "Scored",
    "Undefined",
    "Wrong",
    "planned",
    "read",
    "read_metrics",
    "score",
    "table_of",
]
