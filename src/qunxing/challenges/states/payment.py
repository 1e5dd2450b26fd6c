"""The life of a payment (拨付)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class PaymentState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("state of a payment", "not yet due")
    DUE = "due", pgettext_lazy("state of a payment", "due")
    PAID = "paid", pgettext_lazy("state of a payment", "paid")
    CANCELLED = "cancelled", pgettext_lazy("state of a payment", "cancelled")


P = PaymentState
OPEN = frozenset({P.PLANNED, P.DUE})
TONES = {P.PLANNED: "muted", P.DUE: "warn", P.PAID: "good", P.CANCELLED: "bad"}
RUN, PAY = "challenges.run_contract", "challenges.keep_payment"

LIFE = Machine(
    (
        step("fall_due", {P.PLANNED}, P.DUE, RUN, pgettext_lazy("step of a payment", "Due")),
        step("pay", {P.DUE}, P.PAID, PAY, pgettext_lazy("step of a payment", "Paid"), tone="good"),
        step(
            "cancel",
            OPEN,
            P.CANCELLED,
            RUN,
            pgettext_lazy("step of a payment", "Cancel"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
