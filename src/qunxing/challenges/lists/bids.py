"""The list of bids: one's own, and for staff and officers those that were received."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Bid
from qunxing.challenges.states.bid import BidState
from qunxing.core.formats import show_moment
from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter


def challenge_cell(row: Bid) -> Cell:
    return Cell(row.challenge.title, kind="link", url=row.get_absolute_url())


def bidder_cell(row: Bid) -> Cell:
    """The bidder once the bid is opened, or from its submission on where the rules hide nobody."""
    if row.organization is None:
        return Cell(_("sealed"), kind="tag", tone="muted", value="")
    return Cell(row.organization.name, kind="link", url=row.organization.get_absolute_url())


def deadline_cell(row: Bid) -> Cell:
    return Cell(show_moment(row.board.deadline), kind="code", value=row.board.deadline)


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word must occur in the challenge or, once opened, in the bidder's names or the bid's number."""
    condition = Q()
    for term in search_terms(words):
        opened = Q(opened_at__isnull=False, organization__search_key__holds=term)
        condition &= Q(challenge__search_key__holds=term) | Q(number__icontains=term) | opened
    return rows.filter(condition)


BIDS = ListSpec(
    code="bids",
    title=_("Bids"),
    model=Bid,
    icon="send",
    rows=Bid.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("challenge__board__rule_set", "organization"),
    order=("-submitted_at", "-pk"),
    url_name="challenges:bid-list",
    empty_title=_("No bid yet"),
    empty_hint=_("Whoever edits for an organisation bids from the page of a challenge that is open for bids."),
    columns=(
        Column("challenge", _("Challenge"), challenge_cell, "link"),
        Column("number", _("Number"), lambda row: row.number or row.challenge.number, "code"),
        Column("organization", _("Bidder"), bidder_cell, "link"),
        Column("state", _("State"), lambda row: Cell(row.get_state_display(), kind="tag", tone=row.tone), "tag"),
        Column("deadline", pgettext_lazy("bids", "Bids until"), deadline_cell, "datetime"),
        Column("submitted_at", _("Received at"), lambda row: row.submitted_at, "datetime", sort=("submitted_at",)),
        Column("version", _("Version"), lambda row: row.version, "number", shown=False),
        Column("digest", _("Digest"), lambda row: row.digest[:16], "code", shown=False),
    ),
    filters=(choice_filter("state", _("State"), BidState, prominent=True),),
)
# Not among the lists that can be watched: what is kept for a watcher would tie an account to a sealed bid.
LISTS: tuple[ListSpec, ...] = ()
