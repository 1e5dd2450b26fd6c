"""The list of public notices."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Notice
from qunxing.challenges.states.notice import NoticeState
from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, day_filter


def title_cell(row: Notice) -> Cell:
    return Cell(row.title, kind="link", url=row.get_absolute_url())


def winners(row: Notice) -> str:
    return "、".join(line["organization"] for line in row.lines)


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word must occur in the number, the title or the challenge's words."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(challenge__search_key__holds=term) | Q(number__icontains=term) | Q(title__icontains=term)
    return rows.filter(condition)


NOTICES = ListSpec(
    code="notices",
    title=_("Public notices"),
    model=Notice,
    icon="bell",
    rows=Notice.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("challenge"),
    order=("-first_day", "-pk"),
    url_name="challenges:notice-list",
    empty_title=_("No notice yet"),
    empty_hint=_("Awards are put before the public here before they are confirmed; anybody may object by real name."),
    columns=(
        Column("title", _("Title"), title_cell, "link"),
        Column("number", _("Number"), lambda row: row.number, "code", sort=("number",)),
        Column("winners", _("Proposed"), winners),
        Column("first_day", _("First day"), lambda row: row.first_day, "date", sort=("first_day",)),
        Column("last_day", _("Last day"), lambda row: row.last_day, "date", sort=("last_day",)),
        Column(
            "state",
            pgettext_lazy("notice", "State"),
            lambda row: Cell(row.get_state_display(), kind="tag", tone=row.tone),
            "tag",
        ),
    ),
    filters=(
        choice_filter("state", pgettext_lazy("notice", "State"), NoticeState, prominent=True),
        day_filter("last_day", _("Last day"), "last_day"),
    ),
)
LISTS = (NOTICES,)
