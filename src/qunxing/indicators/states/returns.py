"""The life of a quarterly return: draft, submitted, accepted or sent back."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step

SUBMIT, DECIDE = "indicators.submit_return", "indicators.decide_return"


class ReturnState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("return", "draft")
    SUBMITTED = "submitted", pgettext_lazy("return", "submitted")
    ACCEPTED = "accepted", pgettext_lazy("return", "accepted")
    RETURNED = "returned", pgettext_lazy("return", "sent back")


TONES = {
    ReturnState.DRAFT: "muted",
    ReturnState.SUBMITTED: "info",
    ReturnState.ACCEPTED: "good",
    ReturnState.RETURNED: "warn",
}
# In these the firm may still write; in those the return counts.
OPEN = (ReturnState.DRAFT, ReturnState.RETURNED)
FILED = (ReturnState.SUBMITTED, ReturnState.ACCEPTED)

ACCEPT = pgettext_lazy("return", "Accept")
RETURN = Machine(
    (
        step("submit", OPEN, ReturnState.SUBMITTED, SUBMIT, _("Submit"), tone="primary"),
        step("accept", [ReturnState.SUBMITTED], ReturnState.ACCEPTED, DECIDE, ACCEPT, tone="good"),
        step("send_back", FILED, ReturnState.RETURNED, DECIDE, _("Send back"), needs_reason=True, tone="warn"),
    )
)
