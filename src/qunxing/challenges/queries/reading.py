"""What an expert may read of a bid beside the item that stands for it."""

from typing import Any

from django.db.models import Q

from qunxing.challenges.models import Bid
from qunxing.panels.models import Conflict, Review
from qunxing.panels.states import HOLDS, PanelState


def read_by(user: Any, ref: str) -> Bid | None:
    """The bid with this reference, if the user is to review it and may read its files.

    That is who holds a seat to which its item was given, without a conflict that has come up since, on a panel that is
    not double-blind: what stands in a file cannot be struck out.
    """
    mine = Review.objects.visible_to(user).filter(seat__expert__user=user.pk, seat__state__in=HOLDS)
    rows = mine.filter(item__review_item__bid__ref=ref, item__withdrawn=False).exclude(
        panel__state=PanelState.DISSOLVED
    )
    for review in rows.select_related("panel", "seat", "item__review_item__bid__challenge__board"):
        if not review.panel.rules.double_blind and not in_conflict(review):
            found: Bid = review.item.review_item.bid
            return found
    return None


def in_conflict(review: Review) -> bool:
    """Whether a conflict stands between the reviewer and the item, or the panel as a whole."""
    rows = Conflict.objects.filter(panel=review.panel_id, expert=review.seat.expert_id).standing()
    return bool(rows.filter(Q(item=None) | Q(item=review.item_id)).exists())
