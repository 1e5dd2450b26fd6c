"""The life of a gate report (考核报告)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a gate report", "being decided")
    NOTICE = "notice", pgettext_lazy("state of a gate report", "before the public")
    FINAL = "final", pgettext_lazy("state of a gate report", "final")
    OVERTURNED = "overturned", pgettext_lazy("state of a gate report", "overturned")


P = ReportState
LIVE = frozenset({P.DRAFT, P.NOTICE})
TONES = {P.DRAFT: "info", P.NOTICE: "accent", P.FINAL: "good", P.OVERTURNED: "bad"}
DECIDE, CONFIRM = "races.decide_gate", "races.confirm_gate"

LIFE = Machine(
    (
        step(
            "give_notice",
            {P.DRAFT},
            P.NOTICE,
            DECIDE,
            pgettext_lazy("step of a gate report", "Give public notice"),
            tone="accent",
        ),
        step("confirm", {P.NOTICE}, P.FINAL, CONFIRM, pgettext_lazy("step of a gate report", "Confirm"), tone="good"),
        step(
            "overturn",
            {P.DRAFT, P.NOTICE},
            P.OVERTURNED,
            DECIDE,
            pgettext_lazy("step of a gate report", "Take back and decide anew"),
            needs_reason=True,
            tone="warn",
        ),
    )
)
