"""The life of an offer: open, paused, closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.states import Machine, step

MOVE = "resources.move_offer"


class State(models.TextChoices):
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


TONES = {State.OPEN: "good", State.PAUSED: "warn", State.CLOSED: "muted"}

OFFER = Machine(
    (
        step("pause", [State.OPEN], State.PAUSED, MOVE, _("Pause")),
        step("resume", [State.PAUSED], State.OPEN, MOVE, _("Resume")),
        step("close", [State.OPEN, State.PAUSED], State.CLOSED, MOVE, _("Close"), needs_reason=True, tone="bad"),
        step("reopen", [State.CLOSED], State.OPEN, MOVE, _("Open again"), needs_reason=True),
    )
)
