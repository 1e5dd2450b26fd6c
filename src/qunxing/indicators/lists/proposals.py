"""The list of articles that were read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.indicators.models import Reading
from qunxing.indicators.queries.proposals import counted
from qunxing.indicators.states.proposals import READING_TONES, ReadingState
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, day_filter
from qunxing.ledger.lists.search import search_words


def title_cell(reading: Reading) -> Cell:
    return Cell(reading.origin.title, kind="link", url=reading.get_absolute_url())


def state_cell(reading: Reading) -> Cell:
    return Cell(reading.get_state_display(), kind="tag", tone=READING_TONES[ReadingState(reading.state)])


def annotated(name: str) -> Any:
    return lambda row: getattr(row, name)


READINGS = ListSpec(
    code="readings",
    title=_("Articles read"),
    model=Reading,
    icon="file-text",
    rows=Reading.objects.visible_to,
    search=search_words,
    fetch=counted,
    order=("-published", "-pk"),
    url_name="indicators:reading-list",
    create_url_name="indicators:reading-create",
    create_permission="indicators.read_article",
    empty_title=_("No article read yet"),
    empty_hint=_("An article is read for its figures; people decide which of them become claims."),
    columns=(
        Column("title", _("Article"), title_cell, "link"),
        Column("publisher", _("Publisher"), lambda row: row.origin.publisher),
        Column("day", _("Day of the article"), lambda row: row.published, "date", sort=("published",)),
        Column("figures", _("Figures"), annotated("figures"), "number"),
        Column("waiting", _("To decide"), annotated("waiting"), "number"),
        Column("state", _("State"), state_cell, "tag"),
        Column("owner", _("Read by"), lambda row: str(row.owner or ""), shown=False),
        Column("created", _("Read"), lambda row: row.created_at, "datetime", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), ReadingState),
        day_filter("day", _("Day of the article"), "published"),
    ),
)
