"""The life of a lane (赛道) and the team in it."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class LaneState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("state of a lane", "invited")
    ENTERED = "entered", pgettext_lazy("state of a lane", "entered")
    RUNNING = "running", pgettext_lazy("state of a lane", "running")
    WINNER = "winner", pgettext_lazy("state of a lane", "winner")
    STOPPED = "stopped", pgettext_lazy("state of a lane", "stopped at a gate")
    MERGED = "merged", pgettext_lazy("state of a lane", "merged into another")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a lane", "withdrawn")
    DISQUALIFIED = "disqualified", pgettext_lazy("state of a lane", "disqualified")


L = LaneState
# Those who take part, or may yet.
COUNTS = frozenset({L.INVITED, L.ENTERED, L.RUNNING, L.WINNER})
OUT = frozenset({L.STOPPED, L.MERGED, L.WITHDRAWN, L.DISQUALIFIED})
TONES = {
    L.INVITED: "info", L.ENTERED: "info", L.RUNNING: "accent", L.WINNER: "good", L.STOPPED: "muted",
    L.MERGED: "muted", L.WITHDRAWN: "muted", L.DISQUALIFIED: "bad",
}  # fmt: skip
RUN, ENTER, CONFIRM = "races.run_race", "races.enter_lane", "races.confirm_gate"

LIFE = Machine(
    (
        step("accept", {L.INVITED}, L.ENTERED, ENTER, pgettext_lazy("step of a lane", "Take part"), tone="accent"),
        step("start", {L.ENTERED}, L.RUNNING, RUN, pgettext_lazy("step of a lane", "Start")),
        step("win", {L.RUNNING}, L.WINNER, CONFIRM, pgettext_lazy("step of a lane", "Win"), tone="good"),
        step("stop", {L.RUNNING}, L.STOPPED, CONFIRM, pgettext_lazy("step of a lane", "Stop"), needs_reason=True),
        step("merge", {L.RUNNING}, L.MERGED, CONFIRM, pgettext_lazy("step of a lane", "Merge"), needs_reason=True),
        step(
            "withdraw",
            {L.INVITED, L.ENTERED, L.RUNNING},
            L.WITHDRAWN,
            ENTER,
            pgettext_lazy("step of a lane", "Withdraw"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "disqualify",
            {L.ENTERED, L.RUNNING},
            L.DISQUALIFIED,
            RUN,
            pgettext_lazy("step of a lane", "Disqualify"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "reinstate",
            {L.DISQUALIFIED},
            L.RUNNING,
            RUN,
            pgettext_lazy("step of a lane", "Reinstate"),
            needs_reason=True,
        ),
    )
)
