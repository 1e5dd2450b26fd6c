"""What the indicators do from time to time."""

from datetime import datetime

from django.utils import timezone

from qunxing.indicators.actions.reports import draft_due


def make_drafts(*, now: datetime) -> int:
    """Draft the reports whose month or quarter has ended; how many were made."""
    return len(draft_due(timezone.localdate(now)))


ROUNDS = (make_drafts,)
