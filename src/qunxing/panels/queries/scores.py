"""Scores as they are counted."""

from collections import Counter
from typing import Any

from qunxing.panels.models import Item, Panel, Party, Sheet
from qunxing.panels.states import ReviewState, SheetState
from qunxing.panels.tallying import Given


def sheets_in(panel: Panel) -> Any:
    """What is handed in and counts."""
    rows = Sheet.objects.filter(review__panel=panel, state=SheetState.SUBMITTED, review__item__withdrawn=False)
    return rows.exclude(review__state=ReviewState.VOID)


def given_in(panel: Panel) -> list[Given]:
    """The scores; homes are the item's affiliation, or its lead's name, and the reviewer's employer."""
    homes = item_homes(panel)
    rows = sheets_in(panel).filter(abstain=False, total__isnull=False)
    rows = rows.select_related("review__item", "review__seat__expert__employer").order_by(
        "review__item__code", "review__seat__position", "pk"
    )
    return [
        Given(
            row.review.item.ref,
            row.review.seat.ref,
            row.total,
            homes.get(row.review.item_id, ""),
            row.review.seat.expert.employer_label,
        )
        for row in rows
    ]


def item_homes(panel: Panel) -> dict[int, str]:
    leads = Party.objects.filter(panel=panel, role=Party.Role.LEAD, item__isnull=False).select_related("organization")
    named = {one.item_id: one.label for one in leads}
    rows = Item.objects.filter(panel=panel).values_list("pk", "affiliation")
    return {pk: affiliation or named.get(pk, "") for pk, affiliation in rows}


def wanted_in(panel: Panel) -> dict[str, int]:
    """{item: reviews it is to have}, in the order of codes."""
    rows = Item.objects.filter(panel=panel, withdrawn=False).order_by("code", "pk")
    return dict.fromkeys(rows.values_list("ref", flat=True), panel.rules.reviews)


def abstained_in(panel: Panel) -> dict[str, int]:
    return Counter(sheets_in(panel).filter(abstain=True).values_list("review__item__ref", flat=True))
