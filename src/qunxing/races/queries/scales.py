"""How a score is told: one metric alone in its own figures, several as a weighed whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.errors import Text
from qunxing.races.plan import GatePlan
from qunxing.races.scorewords import metric_label
from qunxing.races.scoring import BadMetric, Metric
from qunxing.races.scoring.metrics import planned

PARTS: Final[Mapping[str, Text]] = {
    "public": pgettext_lazy("part of a board", "Public part"),
    "sealed": pgettext_lazy("part of a board", "Sealed part"),
    "final": pgettext_lazy("part of a board", "Result"),
}
DIGITS = 4


@dataclass(frozen=True)
class Scale:
    """What a score is called and whether less of it is better; inside, higher is always better."""

    label: Text
    lower: bool = False
    ends: tuple[float, float] | None = None  # beyond which no score can lie

    def show(self, score: float | None) -> str:
        """The score as it is read; a dash where there is none."""
        if score is None:
            return "—"
        return f"{-score if self.lower else score:.{DIGITS}f}"

    def span(self, low: float | None, high: float | None) -> str:
        """An interval as it is read, the smaller figure first."""
        if low is None or high is None:
            return ""
        ends = (self.within(low), self.within(high))
        ends = ends[::-1] if self.lower else ends
        return f"{self.show(ends[0])} – {self.show(ends[1])}"

    def within(self, value: float) -> float:
        """The value, or the end of the scale that it lies beyond."""
        return value if self.ends is None else min(max(value, self.ends[0]), self.ends[1])

    @property
    def better(self) -> Text:
        return _("less is better") if self.lower else _("more is better")


def scale_of(plan: GatePlan, *, whole: bool = False) -> Scale:
    """The scale of a gate's scores; the `whole` has the experts' part in it."""
    if len(plan.metrics) != 1 or (whole and plan.expert.weight):
        return Scale(_("weighed score"))
    one = plan.metrics[0]
    try:
        metric = planned(plan.as_json()["metrics"])[0]
    except BadMetric:
        return Scale(metric_label(one.name))
    turned = not metric.kind.higher and not (metric.worst is not None and metric.scale)
    return Scale(metric_label(metric.label), lower=turned, ends=ends_of(metric))


def ends_of(metric: Metric) -> tuple[float, float] | None:
    """Where the scores of the metric end, higher being better; None where one end is open."""
    own = metric.worst is None and metric.kind.worst is not None and metric.kind.best is not None
    return (float(metric.kind.worst or 0.0), float(metric.kind.best or 0.0)) if own and metric.kind.higher else None
