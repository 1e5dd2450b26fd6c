"""The life of a milestone (里程碑)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class MilestoneState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a milestone", "planned")
    REPORTED = "reported", pgettext_lazy("state of a milestone", "reported")
    RETURNED = "returned", pgettext_lazy("state of a milestone", "returned")
    PASSED = "passed", pgettext_lazy("state of a milestone", "passed")
    DROPPED = "dropped", pgettext_lazy("state of a milestone", "dropped")


M = MilestoneState
OPEN = frozenset({M.PLANNED, M.REPORTED, M.RETURNED})
TONES = {
    M.PLANNED: "muted", M.REPORTED: "accent", M.RETURNED: "warn", M.PASSED: "good", M.DROPPED: "bad",
}  # fmt: skip
REPORT, CHECK, END = "challenges.report_milestone", "challenges.check_milestone", "challenges.end_milestone"

LIFE = Machine(
    (
        step(
            "report",
            {M.PLANNED, M.RETURNED},
            M.REPORTED,
            REPORT,
            pgettext_lazy("step of a milestone", "Report"),
            tone="accent",
        ),
        step("pass", {M.REPORTED}, M.PASSED, CHECK, pgettext_lazy("step of a milestone", "Passed"), tone="good"),
        step(
            "return",
            {M.REPORTED},
            M.RETURNED,
            CHECK,
            pgettext_lazy("step of a milestone", "Return"),
            needs_reason=True,
            tone="warn",
        ),
        step("drop", OPEN, M.DROPPED, END, pgettext_lazy("step of a milestone", "Drop"), tone="bad"),
    )
)
