"""The register of experts, and the list of panels."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import Kind
from qunxing.core.masking import mask_name
from qunxing.core.text import search_terms
from qunxing.directory.queries import field_options
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, code_filter, day_filter
from qunxing.panels.models import Expert, Panel
from qunxing.panels.models.experts import Profession
from qunxing.panels.states import ExpertState, PanelState


def sees_names(user: Any) -> bool:
    return getattr(user, "kind", None) == Kind.STAFF


def sees_masked(user: Any) -> bool:
    return not sees_names(user)


def visible_experts(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Expert.objects.visible_to(user)
    return rows


def visible_panels(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Panel.objects.visible_to(user)
    return rows


def search_experts(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for term in search_terms(words):
        rows = rows.filter(Q(search_key__contains=term) | Q(employer__search_key__contains=term))
    return rows


def search_masked(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Not by name: who is masked is not to be found by what the mask hides."""
    for term in search_terms(words):
        rows = rows.filter(
            Q(keywords__icontains=term) | Q(employer_name__icontains=term) | Q(employer__search_key__contains=term)
        )
    return rows


def named(row: Expert) -> Cell:
    return Cell(row.name, "link", row.get_absolute_url())


def masked(row: Expert) -> Cell:
    return Cell(mask_name(row.name), "link", row.get_absolute_url())


EXPERTS = ListSpec(
    code="experts",
    title=_("Experts"),
    model=Expert,
    icon="users",
    rows=visible_experts,
    search=search_masked,
    fetch=lambda rows: rows.select_related("employer"),
    order=("name_key", "pk"),
    url_name="panels:expert-list",
    create_url_name="panels:expert-create",
    create_permission="panels.create_expert",
    empty_title=_("Nobody stands in the register yet"),
    empty_hint=_("Invite experts: technical, economic, legal; most of them from outside."),
    columns=(
        Column("name", _("Name"), named, "link", sort=("name_key",), permitted=sees_names),
        Column("masked", _("Name"), masked, "link", permitted=sees_masked),
        Column("title", _("Title"), lambda row: row.title),
        Column("employer", _("Employer"), lambda row: row.employer_label),
        Column("profession", _("Profession"), lambda row: row.get_profession_display(), sort=("profession",)),
        Column("outside", _("From outside"), lambda row: _("yes") if row.outside else _("no")),
        Column("keywords", _("What they know"), lambda row: row.keywords, shown=False),
        Column("load", _("Items at most"), lambda row: row.load_cap, "number", shown=False),
        Column("state", _("State"), lambda row: Cell(row.get_state_display(), "tag", tone=row.tone), "tag"),
    ),
    filters=(
        choice_filter("state", _("State"), ExpertState, prominent=True),
        choice_filter("profession", _("Profession"), Profession, prominent=True),
        code_filter("field", _("Specialism"), field_options, "fields"),
        Filter(
            "outside",
            _("From outside"),
            lambda rows, values: rows.filter(outside__in=[value == "yes" for value in values]),
            lambda _user: [("yes", _("yes")), ("no", _("no"))],
        ),
    ),
)


def experts_for(user: Any) -> ListSpec:
    """The register as this reader may search it."""
    return replace(EXPERTS, search=search_experts) if sees_names(user) else EXPERTS


def search_panels(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for term in search_terms(words):
        rows = rows.filter(search_key__contains=term)
    return rows


def with_counts(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.annotate(
        item_count=Count("items", filter=Q(items__withdrawn=False), distinct=True),
        expert_count=Count("seats", filter=Q(seats__state__in=["drawn", "accepted", "serving"]), distinct=True),
    )
    return counted


PANELS = ListSpec(
    code="panels",
    title=_("Panels"),
    model=Panel,
    icon="scale",
    rows=visible_panels,
    search=search_panels,
    fetch=with_counts,
    order=("-day", "-pk"),
    url_name="panels:panel-list",
    create_url_name="panels:panel-create",
    create_permission="panels.create_panel",
    empty_title=_("There is no panel yet"),
    empty_hint=_("A panel is planned where its task is: on the page of a challenge that is to be judged; or here."),
    columns=(
        Column("number", _("Number"), lambda row: row.number, "code"),
        Column("title", _("Title"), lambda row: Cell(row.title, "link", row.get_absolute_url()), "link"),
        Column("day", _("Day"), lambda row: row.day, "date", sort=("day",)),
        Column("experts", _("Experts"), lambda row: row.expert_count, "number"),
        Column("items", _("Items"), lambda row: row.item_count, "number"),
        Column(
            "state", _("State"), lambda row: Cell(row.get_state_display(), "tag", tone=row.tone), "tag", sort=("state",)
        ),
    ),
    filters=(
        choice_filter("state", _("State"), PanelState, prominent=True),
        day_filter("day", _("Day"), "day"),
    ),
)
LISTS = (EXPERTS, PANELS)
