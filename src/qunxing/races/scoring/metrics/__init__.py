"""Built-in metrics: what each takes, which way is better, and how it is worked out. No Django in here."""

from qunxing.races.scoring.metrics.kinds import KINDS, BadMetric, Metric, planned, read_metrics
from qunxing.races.scoring.metrics.working import Part, Undefined, measured

__all__ = ["KINDS", "BadMetric", "Metric", "Part", "Undefined", "measured", "planned", "read_metrics"]
