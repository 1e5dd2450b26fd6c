"""The list of entries: a team's own, and all for staff and officers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter
from qunxing.races.models import Entry
from qunxing.races.states.entry import EntryState


def name_cell(row: Entry) -> Cell:
    return Cell(str(row), kind="link", url=row.get_absolute_url())


def race_cell(row: Entry) -> Cell:
    return Cell(row.stage.race.title, kind="link", url=row.stage.race.get_absolute_url())


def state_cell(row: Entry) -> Cell:
    words = _("disqualified") if row.disqualified else row.get_state_display()
    return Cell(words, kind="tag", tone=row.tone)


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word must occur in the race, the stage, the team or the name of the file."""
    for term in search_terms(words):
        rows = rows.filter(
            Q(stage__race__search_key__holds=term)
            | Q(stage__title__icontains=term)
            | Q(lane__name__icontains=term)
            | Q(name__icontains=term)
        )
    return rows


ENTRIES = ListSpec(
    code="entries",
    title=pgettext_lazy("race", "Entries"),
    model=Entry,
    icon="send",
    rows=Entry.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("stage__race", "lane", "body__organization"),
    order=("-received_at", "-pk"),
    url_name="races:entry-list",
    empty_title=pgettext_lazy("race", "No entry yet"),
    empty_hint=_("Whoever edits for the organisation of a lane hands in from the page of the lane."),
    columns=(
        Column("entry", pgettext_lazy("race", "Entry"), name_cell, "link"),
        Column("race", _("Race"), race_cell, "link"),
        Column("stage", pgettext_lazy("race", "Stage"), lambda row: str(row.stage)),
        Column("lane", _("Lane"), lambda row: row.lane.name),
        Column("kind", pgettext_lazy("entry", "Kind"), lambda row: row.get_kind_display()),
        Column("state", _("State"), state_cell, "tag"),
        Column("received_at", _("Received at"), lambda row: row.received_at, "datetime", sort=("received_at",)),
        Column("items", pgettext_lazy("test set", "Items"), lambda row: row.items, "number"),
        Column("size", pgettext_lazy("file", "Size"), lambda row: row.size, "number", shown=False),
        Column("digest", _("Digest"), lambda row: row.digest[:16], "code", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), EntryState, prominent=True),
        choice_filter("kind", pgettext_lazy("entry", "Kind"), Entry.Kind),
    ),
)
# Not among the lists that can be watched: they are between a team and those who run the race.
LISTS: tuple[ListSpec, ...] = ()
