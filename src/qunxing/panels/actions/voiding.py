"""Making reviews and their sheets void, many at once."""

from typing import Any

from qunxing.ledger.actions import change_many
from qunxing.panels.models import Sheet
from qunxing.panels.states import ReviewState, SheetState


def void_reviews(reviews: Any) -> int:
    """Reviews and what was given in them count no more; call it inside `recording`, which tells why."""
    rows = list(reviews)
    for row in rows:
        row.state = ReviewState.VOID
    change_many(rows, ["state"])
    void_sheets(Sheet.objects.filter(review__in=rows))
    return len(rows)


def void_sheets(sheets: Any) -> int:
    """What was given counts no more; the rows stay."""
    rows = list(sheets.exclude(state=SheetState.VOID))
    for row in rows:
        row.state = SheetState.VOID
    change_many(rows, ["state"])
    return len(rows)
