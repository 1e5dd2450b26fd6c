"""The life of a public notice (公示)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class NoticeState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("state of a notice", "running")
    SUSPENDED = "suspended", pgettext_lazy("state of a notice", "suspended")
    PASSED = "passed", pgettext_lazy("state of a notice", "passed")
    OVERTURNED = "overturned", pgettext_lazy("state of a notice", "overturned")


N = NoticeState
LIVE = frozenset({N.RUNNING, N.SUSPENDED})
TONES = {N.RUNNING: "accent", N.SUSPENDED: "warn", N.PASSED: "good", N.OVERTURNED: "bad"}
CONFIRM, DECIDE = "challenges.confirm_award", "challenges.decide_challenge"

LIFE = Machine(
    (
        step(
            "suspend",
            {N.RUNNING},
            N.SUSPENDED,
            CONFIRM,
            pgettext_lazy("step of a notice", "Suspend"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "resume", {N.SUSPENDED}, N.RUNNING, CONFIRM, pgettext_lazy("step of a notice", "Go on"), needs_reason=True
        ),
        step("pass", {N.RUNNING}, N.PASSED, CONFIRM, pgettext_lazy("step of a notice", "Passed"), tone="good"),
        step(
            "overturn",
            {N.SUSPENDED},
            N.OVERTURNED,
            DECIDE,
            pgettext_lazy("step of a notice", "Overturn"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
