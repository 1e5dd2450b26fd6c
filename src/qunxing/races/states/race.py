"""The life of a race (赛马)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class RaceState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a race", "draft")
    PUBLISHED = "published", pgettext_lazy("state of a race", "published")
    RUNNING = "running", pgettext_lazy("state of a race", "running")
    DECIDING = "deciding", pgettext_lazy("state of a race", "a gate is being decided")
    AWARDED = "awarded", pgettext_lazy("state of a race", "awarded")
    CLOSED = "closed", pgettext_lazy("state of a race", "closed")
    STOPPED = "stopped", pgettext_lazy("state of a race", "stopped")


R = RaceState
LIVE = frozenset({R.PUBLISHED, R.RUNNING, R.DECIDING})
UNDER_WAY = frozenset({R.RUNNING, R.DECIDING})
OVER = frozenset({R.CLOSED, R.STOPPED})
PATH = (R.DRAFT, R.PUBLISHED, R.RUNNING, R.AWARDED, R.CLOSED)
TONES = {
    R.DRAFT: "muted", R.PUBLISHED: "accent", R.RUNNING: "accent", R.DECIDING: "info", R.AWARDED: "good",
    R.CLOSED: "muted", R.STOPPED: "bad",
}  # fmt: skip
RUN, DECIDE, CONFIRM, ARCHIVE = (
    "races.run_race",
    "races.decide_gate",
    "races.confirm_gate",
    "races.archive_race",
)

LIFE = Machine(
    (
        step("publish", {R.DRAFT}, R.PUBLISHED, RUN, pgettext_lazy("step of a race", "Publish"), tone="accent"),
        step("start", {R.PUBLISHED}, R.RUNNING, RUN, pgettext_lazy("step of a race", "Start"), tone="accent"),
        step("decide", {R.RUNNING}, R.DECIDING, DECIDE, pgettext_lazy("step of a race", "Decide the gate")),
        step("go_on", {R.DECIDING}, R.RUNNING, CONFIRM, pgettext_lazy("step of a race", "Go on")),
        step("award", {R.DECIDING}, R.AWARDED, CONFIRM, pgettext_lazy("step of a race", "Award"), tone="good"),
        step("close", {R.AWARDED}, R.CLOSED, RUN, pgettext_lazy("step of a race", "Close"), tone="good"),
        step(
            "stop",
            LIVE | {R.DRAFT},
            R.STOPPED,
            DECIDE,
            pgettext_lazy("step of a race", "Stop the race"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
