"""Writes of the offers that are more than a change of fields."""

from typing import Any

from qunxing.core.states import advance
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import recording
from qunxing.resources.models import Offer
from qunxing.resources.states import OFFER


def move(offer: Offer, step: str, *, actor: Any, reason: str = "") -> Offer:
    """Take the offer a step on; the step is a version with its reason, and an entry of the log."""
    reason = reason_for(OFFER.named(step), reason)
    with recording(actor=actor, reason=reason):
        advance(offer, step, actor=actor, machine=OFFER)
    return offer
