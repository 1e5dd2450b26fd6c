"""The life of an acceptance (验收); a rectification leads to another one."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class AcceptanceState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("state of an acceptance", "asked for")
    PASSED = "passed", pgettext_lazy("state of an acceptance", "passed")
    RECTIFY = "rectify", pgettext_lazy("state of an acceptance", "to be rectified")
    FAILED = "failed", pgettext_lazy("state of an acceptance", "failed")
    STOPPED = "stopped", pgettext_lazy("state of an acceptance", "stopped")


A = AcceptanceState
TONES = {A.ASKED: "accent", A.PASSED: "good", A.RECTIFY: "warn", A.FAILED: "bad", A.STOPPED: "muted"}
DECIDE = "challenges.decide_acceptance"

LIFE = Machine(
    (
        step("pass", {A.ASKED}, A.PASSED, DECIDE, pgettext_lazy("step of an acceptance", "Pass"), tone="good"),
        step(
            "rectify",
            {A.ASKED},
            A.RECTIFY,
            DECIDE,
            pgettext_lazy("step of an acceptance", "Have it rectified"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "fail",
            {A.ASKED, A.RECTIFY},
            A.FAILED,
            DECIDE,
            pgettext_lazy("step of an acceptance", "Fail"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "stop",
            {A.ASKED, A.RECTIFY},
            A.STOPPED,
            "challenges.decide_termination",
            pgettext_lazy("step of an acceptance", "Stop"),
            needs_reason=True,
        ),
    )
)
