"""The life of an objection (异议) to a public notice."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ObjectionState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("state of an objection", "received")
    EXAMINING = "examining", pgettext_lazy("state of an objection", "under examination")
    UPHELD = "upheld", pgettext_lazy("state of an objection", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("state of an objection", "dismissed")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of an objection", "withdrawn")


O = ObjectionState  # noqa: E741 - the states are named once here
OPEN = frozenset({O.RECEIVED, O.EXAMINING})
TONES = {
    O.RECEIVED: "warn", O.EXAMINING: "accent", O.UPHELD: "bad", O.DISMISSED: "muted", O.WITHDRAWN: "muted",
}  # fmt: skip
ANSWER, WITHDRAW = "challenges.answer_objection", "challenges.withdraw_objection"

LIFE = Machine(
    (
        step("examine", {O.RECEIVED}, O.EXAMINING, ANSWER, pgettext_lazy("step of an objection", "Examine")),
        step(
            "uphold",
            OPEN,
            O.UPHELD,
            ANSWER,
            pgettext_lazy("step of an objection", "Uphold"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "dismiss",
            OPEN,
            O.DISMISSED,
            ANSWER,
            pgettext_lazy("step of an objection", "Dismiss"),
            needs_reason=True,
        ),
        step("withdraw", OPEN, O.WITHDRAWN, WITHDRAW, pgettext_lazy("step of an objection", "Withdraw")),
    )
)
