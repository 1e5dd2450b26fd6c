"""The list of sources."""

from django.utils.translation import gettext_lazy as _

from qunxing.ledger.lists.spec import Cell, Column, ListSpec, choice_filter, day_filter
from qunxing.ledger.models import Source


def title_cell(source: Source) -> Cell:
    return Cell(source.title, kind="link", url=source.get_absolute_url())


SOURCES = ListSpec(
    code="sources",
    title=_("Sources"),
    model=Source,
    icon="book",
    rows=Source.objects.visible_to,
    search=lambda rows, words: rows.filter(title__icontains=words) | rows.filter(publisher__icontains=words),
    order=("-day", "-pk"),
    url_name="ledger:source-list",
    create_url_name="ledger:source-create",
    create_permission="ledger.create_source",
    empty_title=_("No source here yet"),
    empty_hint=_("A source is added when a list is imported, or by hand."),
    columns=(
        Column("title", _("Title"), title_cell, "link", sort=("title",)),
        Column("kind", _("Kind"), lambda row: row.get_kind_display()),
        Column("publisher", _("Publisher"), lambda row: row.publisher, sort=("publisher",)),
        Column("day", _("Day"), lambda row: row.day, "date", sort=("day",)),
        Column("url", _("Address"), lambda row: row.url, shown=False),
        Column("digest", _("SHA-256 digest"), lambda row: row.digest, "code", shown=False),
    ),
    filters=(
        choice_filter("kind", _("Kind"), Source.Kind, prominent=True),
        day_filter("day", _("Day"), "day"),
    ),
)
