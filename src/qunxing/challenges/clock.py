"""The server's time, which decides what is in time: it never runs behind what the log has seen."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from qunxing.challenges.terms import Terms
from qunxing.ledger.models import LogEntry


def now() -> datetime:
    """The moment by the machine's clock, or that of the log's last entry where the clock was set back behind it."""
    return not_before_log(timezone.now())


def not_before_log(moment: datetime) -> datetime:
    last = LogEntry.objects.order_by("-index").values_list("at", flat=True).first()
    return max(moment, last) if last is not None else moment


def arrival(request: Any, terms: Terms) -> datetime:
    """The moment that counts for what a request hands in: when it was whole, or when it began if the rules say so."""
    began: datetime | None = getattr(request, "began_at", None)
    whole = now()
    if terms.bidding.late_upload == "began" and began is not None:
        late = (whole - began).total_seconds()
        return began if late <= terms.bidding.late_minutes * 60 else whole
    return whole
