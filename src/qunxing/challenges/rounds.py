"""What the clock brings about in a contest: lists close, notices end, payments are late. Twice is as once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from qunxing.challenges.actions.common import tell
from qunxing.challenges.actions.publishing import close_due
from qunxing.challenges.clock import not_before_log
from qunxing.challenges.mailing import mail_amendments
from qunxing.challenges.models import Notice, Payment
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.payment import PaymentState
from qunxing.ledger.models import LogEntry
from qunxing.ledger.recording import recording

ENDED, OVERDUE = "notice.ended", "payment.overdue"


def close_lists(*, now: datetime) -> int:
    """Close the lists whose deadline has passed; how many."""
    return len(close_due(not_before_log(now)))


def note_ended_notices(*, now: datetime) -> int:
    """Put into the log that a notice has run its days, and how many objections came."""
    day = timezone.localdate(now)
    rows = Notice.objects.filter(state=NoticeState.RUNNING, last_day__lt=day)
    return note_once(ENDED, list(rows.order_by("pk")), notice_facts)


def notice_facts(notice: Any) -> Mapping[str, Any]:
    return {"number": notice.number, "last": notice.last_day.isoformat(), "objections": notice.objections.count()}


def note_late_payments(*, now: datetime) -> int:
    """Put into the log that a payment was not made by its day."""
    rows = Payment.objects.filter(state=PaymentState.DUE, pay_by__lt=timezone.localdate(now))
    return note_once(OVERDUE, list(rows.select_related("contract").order_by("pk")), late_facts)


def late_facts(payment: Any) -> Mapping[str, Any]:
    return {"contract": payment.contract.number, "amount": payment.amount, "pay_by": payment.pay_by.isoformat()}


def note_once(kind: str, rows: Sequence[Any], facts: Callable[[Any], Mapping[str, Any]]) -> int:
    """An entry of this kind for each of the rows that has none; how many were new."""
    told = LogEntry.objects.filter(kind=kind, subject_ref__in=[row.ref for row in rows])
    known = set(told.values_list("subject_ref", flat=True)) if rows else set()
    new = [row for row in rows if row.ref not in known]
    if new:
        with recording(actor=None):
            for row in new:
                tell(kind, row, facts(row))
    return len(new)


ROUNDS = (close_lists, mail_amendments, note_ended_notices, note_late_payments)
