"""What stands under every ledger: records and versions, sources and evidence, the log, long work."""

from qunxing.ledger.models.jobs import Job
from qunxing.ledger.models.log import Checkpoint, LogEntry, LogHead
from qunxing.ledger.models.records import Record, RecordQuerySet, Version, Visibility
from qunxing.ledger.models.sources import Evidence, Source

__all__ = [
    "Checkpoint",
    "Evidence",
    "Job",
    "LogEntry",
    "LogHead",
    "Record",
    "RecordQuerySet",
    "Source",
    "Version",
    "Visibility",
]
