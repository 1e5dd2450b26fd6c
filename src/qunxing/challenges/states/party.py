"""The life of an organisation's part in a bid."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class PartyState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("state of a part in a bid", "asked to confirm")
    CONFIRMED = "confirmed", pgettext_lazy("state of a part in a bid", "confirmed")
    DECLINED = "declined", pgettext_lazy("state of a part in a bid", "declined")


P = PartyState
TONES = {P.INVITED: "warn", P.CONFIRMED: "good", P.DECLINED: "bad"}
CONFIRM, WRITE = "challenges.confirm_part", "challenges.write_bid"

LIFE = Machine(
    (
        step(
            "confirm",
            {P.INVITED, P.DECLINED},
            P.CONFIRMED,
            CONFIRM,
            pgettext_lazy("step of a part in a bid", "Confirm"),
            tone="good",
        ),
        step(
            "decline",
            {P.INVITED, P.CONFIRMED},
            P.DECLINED,
            CONFIRM,
            pgettext_lazy("step of a part in a bid", "Decline"),
            tone="bad",
        ),
        step(
            "ask_again",
            {P.CONFIRMED, P.DECLINED},
            P.INVITED,
            WRITE,
            pgettext_lazy("step of a part in a bid", "Ask again"),
        ),
    )
)
