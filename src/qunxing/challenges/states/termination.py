"""The life of a termination (终止), with diligence (尽职免责) found or not."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class TerminationState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("state of a termination", "asked for")
    EXEMPT = "exempt", pgettext_lazy("state of a termination", "diligent, exempt (尽职免责)")
    AT_FAULT = "at_fault", pgettext_lazy("state of a termination", "at fault")
    REFUSED = "refused", pgettext_lazy("state of a termination", "refused")


T = TerminationState
TONES = {T.ASKED: "warn", T.EXEMPT: "good", T.AT_FAULT: "bad", T.REFUSED: "muted"}
DECIDE = "challenges.decide_termination"

LIFE = Machine(
    (
        step(
            "exempt",
            {T.ASKED},
            T.EXEMPT,
            DECIDE,
            pgettext_lazy("step of a termination", "End it, exempt"),
            needs_reason=True,
            tone="good",
        ),
        step(
            "blame",
            {T.ASKED},
            T.AT_FAULT,
            DECIDE,
            pgettext_lazy("step of a termination", "End it, at fault"),
            needs_reason=True,
            tone="bad",
        ),
        step(
            "refuse",
            {T.ASKED},
            T.REFUSED,
            DECIDE,
            pgettext_lazy("step of a termination", "Go on with the work"),
            needs_reason=True,
        ),
    )
)
