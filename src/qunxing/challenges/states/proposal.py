"""The life of a proposed award (拟定)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ProposalState(models.TextChoices):
    MADE = "made", pgettext_lazy("state of a proposal", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("state of a proposal", "confirmed")
    OVERTURNED = "overturned", pgettext_lazy("state of a proposal", "overturned")


P = ProposalState
TONES = {P.MADE: "accent", P.CONFIRMED: "good", P.OVERTURNED: "bad"}
CONFIRM, DECIDE = "challenges.confirm_award", "challenges.decide_challenge"

LIFE = Machine(
    (
        step("confirm", {P.MADE}, P.CONFIRMED, CONFIRM, pgettext_lazy("step of a proposal", "Confirm"), tone="good"),
        step(
            "overturn",
            {P.MADE, P.CONFIRMED},
            P.OVERTURNED,
            DECIDE,
            pgettext_lazy("step of a proposal", "Overturn"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
