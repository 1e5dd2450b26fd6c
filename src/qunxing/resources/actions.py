"""Writes of the offers that are more than a change of fields."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.ledger.recording import recording
from qunxing.resources.models import Offer
from qunxing.resources.states import OFFER


def move(offer: Offer, step: str, *, actor: Any, reason: str = "") -> Offer:
    """Take the offer a step on; the step is a version with its reason, and an entry of the log."""
    if OFFER.named(step).needs_reason and not reason.strip():
        raise Refused(_("This step needs a reason."), _("Say in a few words why, then try again."), 422)
    with recording(actor=actor, reason=reason):
        advance(offer, step, actor=actor, machine=OFFER)
    return offer
