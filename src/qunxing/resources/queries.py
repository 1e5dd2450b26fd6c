"""Reads of the offers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from qunxing.resources.models import Kind, Offer
from qunxing.resources.states import State


def standing_on(day: date) -> Q:
    """Offers that may be taken up on the day: open, begun and not over."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    return Q(state=State.OPEN) & begun & lasting


@dataclass(frozen=True)
class KindCount:
    kind: Kind
    offers: int


def kind_counts(user: Any, day: date) -> list[KindCount]:
    """How many offers of each kind the user may see stand on the day; quantities of several offers are not added up."""
    rows = Offer.objects.visible_to(user).filter(standing_on(day)).order_by()
    found = dict(rows.values_list("kind").annotate(number=Count("pk")))
    return [KindCount(kind, found[kind]) for kind in Kind if kind in found]
