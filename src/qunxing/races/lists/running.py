"""The list of races."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.money import show_money
from qunxing.core.text import search_terms
from qunxing.directory.queries import field_options
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, code_filter, day_filter
from qunxing.ledger.models import Visibility
from qunxing.races.models import Race
from qunxing.races.models.races import Kind
from qunxing.races.states.lane import LaneState
from qunxing.races.states.race import RaceState
from qunxing.races.states.stage import StageState

# Those that everybody may see: a total tells of no other.
RUNS = Q(
    lanes__state__in=[LaneState.ENTERED, LaneState.RUNNING, LaneState.WINNER],
    lanes__visibility=Visibility.PUBLIC,
    lanes__organization__visibility=Visibility.PUBLIC,
)


def title_cell(row: Race) -> Cell:
    return Cell(row.title, kind="link", url=row.get_absolute_url())


def state_cell(row: Race) -> Cell:
    return Cell(row.get_state_display(), kind="tag", tone=row.tone)


def asker_cell(row: Race) -> Cell:
    return Cell(row.organization.name, kind="link", url=row.organization.get_absolute_url())


def money_cell(row: Race) -> Cell:
    return Cell(show_money(row.start_money) if row.start_money else "", kind="money", value=row.start_money)


def fetch(rows: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.select_related("organization").annotate(
        left=Count("lanes", filter=RUNS, distinct=True),
        gates=Count("stages", filter=~Q(stages__state=StageState.REPLACED), distinct=True),
    )
    return found


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word in the race, or in a name of whoever asks for it."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(search_key__holds=term) | Q(organization__search_key__holds=term)
    return rows.filter(condition)


RACES = ListSpec(
    code="races",
    title=_("Races"),
    model=Race,
    icon="trophy",
    rows=Race.objects.visible_to,
    search=search,
    fetch=fetch,
    order=("-published_on", "-pk"),
    url_name="races:race-list",
    create_url_name="races:race-create",
    create_permission="races.create_race",
    empty_title=_("No race yet"),
    empty_hint=_("Several teams work on the same task and are cut at gates, on evidence that everybody can check."),
    columns=(
        Column("title", _("Title"), title_cell, "link", sort=("title",)),
        Column("number", pgettext_lazy("race", "Number"), lambda row: row.number, "code", sort=("number",)),
        Column("state", pgettext_lazy("race", "State"), state_cell, "tag", sort=("state",)),
        Column("left", _("Teams in it"), lambda row: row.left, "number"),
        Column("gates", _("Gates"), lambda row: row.gates, "number"),
        Column("organization", _("Asked by"), asker_cell, "link"),
        Column("kind", pgettext_lazy("race", "Kind"), lambda row: row.get_kind_display()),
        Column("start_money", _("Money to begin with"), money_cell, "money", shown=False),
        Column("published_on", _("Published on"), lambda row: row.published_on, "date", sort=("published_on",)),
        Column("enter_until", _("Entry until"), lambda row: row.enter_until, "date", shown=False),
    ),
    filters=(
        choice_filter("state", pgettext_lazy("race", "State"), RaceState, prominent=True),
        choice_filter("kind", pgettext_lazy("race", "Kind"), Kind),
        code_filter("field", _("Technical field"), field_options, "fields", prominent=True),
        day_filter("published", _("Published on"), "published_on"),
    ),
)
