"""The life of a change of a contract: an extension, another leader, another partner."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ChangeState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("state of a change", "asked for")
    AGREED = "agreed", pgettext_lazy("state of a change", "agreed by both sides")
    APPROVED = "approved", pgettext_lazy("state of a change", "approved")
    REFUSED = "refused", pgettext_lazy("state of a change", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a change", "withdrawn")


A = ChangeState
OPEN = frozenset({A.ASKED, A.AGREED})
TONES = {
    A.ASKED: "warn", A.AGREED: "accent", A.APPROVED: "good", A.REFUSED: "bad", A.WITHDRAWN: "muted",
}  # fmt: skip
AGREE, DECIDE = "challenges.agree_to_change", "challenges.decide_change"

LIFE = Machine(
    (
        step("agree", {A.ASKED}, A.AGREED, AGREE, pgettext_lazy("step of a change", "Agree"), tone="good"),
        step("approve", {A.AGREED}, A.APPROVED, DECIDE, pgettext_lazy("step of a change", "Approve"), tone="good"),
        step(
            "refuse",
            OPEN,
            A.REFUSED,
            DECIDE,
            pgettext_lazy("step of a change", "Refuse"),
            needs_reason=True,
            tone="bad",
        ),
        step("withdraw", OPEN, A.WITHDRAWN, AGREE, pgettext_lazy("step of a change", "Withdraw")),
    )
)
