"""The life of an invitation, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step

ANSWER, CONDUCT = "matching.answer_invitation", "matching.conduct_invitation"


class State(models.TextChoices):
    INVITED = "invited", pgettext_lazy("state of an invitation", "invited")
    INTERESTED = "interested", pgettext_lazy("state of an invitation", "interested")
    DECLINED = "declined", pgettext_lazy("state of an invitation", "declined")
    TALKS = "talks", pgettext_lazy("state of an invitation", "in talks")
    TRIAL = "trial", pgettext_lazy("state of an invitation", "on trial")
    CONTRACT = "contract", pgettext_lazy("state of an invitation", "under contract")
    DELIVERED = "delivered", pgettext_lazy("state of an invitation", "delivered")
    ENDED = "ended", pgettext_lazy("state of an invitation", "ended")


TONES = {
    State.INVITED: "info",
    State.INTERESTED: "accent",
    State.DECLINED: "muted",
    State.TALKS: "accent",
    State.TRIAL: "accent",
    State.CONTRACT: "good",
    State.DELIVERED: "good",
    State.ENDED: "muted",
}
# The stops of the funnel, each with the column that keeps the day it was reached.
STOPS = {
    State.INVITED: "invited_on",
    State.INTERESTED: "interested_on",
    State.TALKS: "talks_on",
    State.TRIAL: "trial_on",
    State.CONTRACT: "contract_on",
    State.DELIVERED: "delivered_on",
}
OPEN = (State.INVITED, State.INTERESTED, State.TALKS, State.TRIAL, State.CONTRACT)

LIFE = Machine(
    (
        step("accept", {State.INVITED, State.DECLINED}, State.INTERESTED, ANSWER, _("We are interested"), tone="good"),
        step("decline", {State.INVITED, State.INTERESTED}, State.DECLINED, ANSWER, _("Decline"), needs_reason=True),
        step("talk", {State.INTERESTED}, State.TALKS, CONDUCT, _("Talks have begun"), tone="accent"),
        step("try", {State.TALKS}, State.TRIAL, CONDUCT, _("Trial has begun"), tone="accent"),
        step("sign", {State.TALKS, State.TRIAL}, State.CONTRACT, CONDUCT, _("Contract signed"), tone="good"),
        step("deliver", {State.CONTRACT}, State.DELIVERED, CONDUCT, pgettext_lazy("step", "Delivered"), tone="good"),
        step(
            "end",
            OPEN,
            State.ENDED,
            CONDUCT,
            pgettext_lazy("step", "End without result"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
