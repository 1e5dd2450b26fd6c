"""The life of a stage (赛段) with the gate (考核节点) at its end."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class StageState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a stage", "planned")
    RUNNING = "running", pgettext_lazy("state of a stage", "running")
    DECIDING = "deciding", pgettext_lazy("state of a stage", "being decided")
    DECIDED = "decided", pgettext_lazy("state of a stage", "decided")
    REPLACED = "replaced", pgettext_lazy("state of a stage", "replaced")


S = StageState
CURRENT = frozenset({S.RUNNING, S.DECIDING})
COUNTS = frozenset(S) - {S.REPLACED}
TONES = {S.PLANNED: "muted", S.RUNNING: "accent", S.DECIDING: "info", S.DECIDED: "good", S.REPLACED: "muted"}
RUN, DECIDE, CONFIRM = "races.run_race", "races.decide_gate", "races.confirm_gate"

LIFE = Machine(
    (
        step("begin", {S.PLANNED}, S.RUNNING, RUN, pgettext_lazy("step of a stage", "Begin")),
        step("measure", {S.RUNNING}, S.DECIDING, DECIDE, pgettext_lazy("step of a stage", "Decide the gate")),
        step("settle", {S.DECIDING}, S.DECIDED, CONFIRM, pgettext_lazy("step of a stage", "Final")),
        step(
            "replace",
            {S.PLANNED, S.RUNNING, S.DECIDING},
            S.REPLACED,
            RUN,
            pgettext_lazy("step of a stage", "Replace"),
            needs_reason=True,
            tone="warn",
        ),
    )
)
