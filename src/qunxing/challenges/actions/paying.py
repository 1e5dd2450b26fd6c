"""Payments: kept when they were made, never before they were due."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import locked, take, tell
from qunxing.challenges.models import Payment
from qunxing.challenges.states import payment as payments
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.errors import Refused
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording


def pay(payment: Payment, *, actor: Any, day: date, voucher: str) -> Payment:
    """Keep that a tranche was paid on that day, with the number of the transfer."""
    with recording(actor=actor):
        stored = locked(payment)
        if stored.state == PaymentState.DUE and stored.due_on is not None and day < stored.due_on:
            words = {"day": stored.due_on.isoformat()}
            raise Refused(_("This payment is due since %(day)s; it cannot have been made before.") % words, "", 422)
        take(stored, "pay", payments.LIFE, actor=actor, paid_on=day, voucher=needed_reason(voucher)[:80])
        in_time = stored.pay_by is None or day <= stored.pay_by
        tell("payment.made", stored, {"amount": stored.amount, "day": day.isoformat(), "in_time": in_time})
    payment.refresh_from_db()
    return payment


def cancel(payment: Payment, *, actor: Any, reason: str) -> Payment:
    """A payment that will not be made, with the reason; what is due by contract ends with it only."""
    with recording(actor=actor, reason=needed_reason(reason)):
        stored = locked(payment)
        take(stored, "cancel", payments.LIFE, actor=actor, reason=reason)
        tell("payment.cancelled", stored, {"amount": stored.amount})
    payment.refresh_from_db()
    return payment
