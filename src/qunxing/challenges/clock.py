"""The server's time, which decides what is in time: it never runs behind what the log has seen."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.utils import timezone

from qunxing.challenges.terms import Terms
from qunxing.core.arriving import waited
from qunxing.ledger.models import LogEntry


def now() -> datetime:
    """The moment by the machine's clock, or that of the log's last entry where the clock was set back behind it."""
    return not_before_log(timezone.now())


def not_before_log(moment: datetime) -> datetime:
    last = LogEntry.objects.order_by("-index").values_list("at", flat=True).first()
    return max(moment, last) if last is not None else moment


def arrival(request: Any, terms: Terms) -> datetime:
    """The moment that counts for what a request hands in: when it was whole, or when it began if the rules say so.

    It is when the bytes reached this machine: whoever waits because the program is busy loses nothing by it.
    """
    present = now()
    whole = present - timedelta(seconds=waited(request))
    if terms.bidding.late_upload != "began":
        return whole
    lasted = timedelta(seconds=max(0.0, monotonic() - getattr(request, "began", monotonic())))
    began = present - lasted
    return began if whole - began <= timedelta(minutes=terms.bidding.late_minutes) else whole
