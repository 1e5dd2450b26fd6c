"""The list of invitations."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, day_filter
from qunxing.matching.models import Invitation
from qunxing.matching.states import State


def scenario_cell(row: Invitation) -> Cell:
    return Cell(row.scenario.title, kind="link", url=row.get_absolute_url())


def firm_cell(row: Invitation) -> Cell:
    return Cell(row.organization.name, kind="link", url=row.organization.get_absolute_url())


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word must occur in the scenario's or the firm's names."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(scenario__search_key__holds=term) | Q(organization__search_key__holds=term)
    return rows.filter(condition)


INVITATIONS = ListSpec(
    code="invitations",
    title=_("Invitations"),
    model=Invitation,
    icon="send",
    rows=Invitation.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("scenario", "organization"),
    order=("-invited_on", "-pk"),
    url_name="matching:invitation-list",
    empty_title=_("No invitation yet"),
    empty_hint=_(
        "Firms are invited from the shortlist of a scenario; what they answer and how it goes on stands here."
    ),
    columns=(
        Column("scenario", _("Scenario"), scenario_cell, "link"),
        Column("organization", _("Invited firm"), firm_cell, "link"),
        Column("state", _("State"), lambda row: Cell(row.get_state_display(), kind="tag", tone=row.tone), "tag"),
        Column("invited_on", _("Invited on"), lambda row: row.invited_on, "date", sort=("invited_on",)),
        Column("answer_by", _("Answer by"), lambda row: row.answer_by, "date", sort=("answer_by",)),
        Column("answered_on", _("Answered on"), lambda row: row.answered_on, "date", sort=("answered_on",)),
        Column("answer", _("Its answer"), lambda row: row.answer, shown=False),
        Column("contract_on", _("Contract of"), lambda row: row.contract_on, "date", shown=False),
        Column("delivered_on", _("Delivered on"), lambda row: row.delivered_on, "date", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), State, prominent=True),
        day_filter("invited_on", _("Invited on"), "invited_on"),
    ),
)
LISTS = (INVITATIONS,)
