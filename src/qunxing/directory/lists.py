"""The lists of the directory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Industry, Organization, Precision, Product, Residency, Role, Scope, SizeClass
from qunxing.directory.queries import field_options, resident_on
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, code_filter, day_filter, on_day_filter
from qunxing.ledger.lists.search import search_words
from qunxing.ledger.models.records import levels_of

# Looked up here and not by `get_…_display`, which hashes every label for every row.
ROLE_LABELS = dict(Role.choices)
INDUSTRIES = dict(Industry.choices)
SIZES = dict(SizeClass.choices)
TONES = {"core": "accent", "star": "info"}


def name_cell(organization: Organization) -> Cell:
    return Cell(organization.name, kind="link", url=organization.get_absolute_url())


def roles_cell(organization: Organization) -> str:
    return "、".join(str(ROLE_LABELS.get(role, role)) for role in organization.roles)


def latest_residency(organization: Organization) -> Residency | None:
    """The prefetched stay that counts: one that goes on, else the latest."""
    stays = organization.shown_residencies  # type: ignore[attr-defined]
    return next((stay for stay in stays if stay.left_on is None), stays[0] if stays else None)


def tier_cell(organization: Organization) -> Cell:
    stay = latest_residency(organization)
    return Cell(stay.get_tier_display(), kind="tag", tone=TONES[stay.tier]) if stay else Cell()


def stage_cell(organization: Organization) -> Cell:
    stay = latest_residency(organization)
    return Cell(stay.get_stage_display()) if stay else Cell()


def founded_cell(row: Organization) -> Any:
    """As much of the day as is known."""
    return row.founded_on if row.founded_precision in (Precision.DAY, "") else Cell(row.founded)


def entered_cell(organization: Organization) -> Cell:
    stay = latest_residency(organization)
    return Cell(kind="date", value=stay.entered_on if stay else None, text=stay.entered_on or "" if stay else "")  # type: ignore[arg-type]


def fetch(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    stays = Residency.objects.visible_to(user).select_related("scope").order_by("-entered_on", "-pk")
    return rows.prefetch_related(Prefetch("residencies", stays, to_attr="shown_residencies"))


def by_stay(user: Any, path: str, name: str, label: Any, choices: Any, **more: Any) -> Filter:
    """By what the reader may know of the stays: a filter tells as much as a column."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        # Row by row, so that the first pages walk the standing order and not all stays. The rows are visible
        # already, so what opens a stay to this reader is asked without asking for its organisation again.
        opened = Q(visibility__in=levels_of(user))
        if user.is_authenticated:
            opened |= Residency.objects.own_rows(user)
        # Scopes are few and looked up once, not joined to every stay.
        wanted = Scope.objects.filter(code__in=values).values("pk") if path == "scope" else values
        stays = Residency.objects.filter(opened, organization=OuterRef("pk"), **{f"{path}__in": wanted})
        return rows.filter(Exists(stays))

    return Filter(name, label, apply, lambda _user: list(choices), **more)


def stay_filters(user: Any) -> tuple[Filter, ...]:
    return (
        by_stay(user, "tier", "tier", _("Tier"), Residency.Tier.choices, prominent=True),
        by_stay(user, "stage", "stage", _("Stage"), Residency.Stage.choices),
        by_stay(user, "scope", "scope", _("Scope"), Scope.Code.choices),
        on_day_filter("on", _("In residence on"), partial(staying_on, user)),
    )


def staying_on(user: Any, rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Organisations with a stay on the day that the reader may know of."""
    stays = Residency.objects.visible_to(user).filter(resident_on(day))
    return rows.filter(pk__in=stays.values("organization_id"))


def organizations_for(user: Any) -> ListSpec:
    """The list with what this reader may know of the stays."""
    own = {item.name: item for item in stay_filters(user)}
    filters = tuple(own.get(item.name, item) for item in ORGANIZATIONS.filters)
    return replace(ORGANIZATIONS, fetch=partial(fetch, user), filters=filters)


# As the public sees it; pages and API ask for their reader's own.
ORGANIZATIONS = ListSpec(
    code="organizations",
    title=_("Organisations"),
    model=Organization,
    icon="building",
    rows=Organization.objects.visible_to,
    search=search_words,
    fetch=partial(fetch, AnonymousUser()),
    order=("name_key", "pk"),
    url_name="directory:organization-list",
    create_url_name="directory:organization-create",
    create_permission="directory.create_organization",
    empty_title=_("No organisation here yet"),
    empty_hint=_("Add one by hand, or import an official list: the organisations on it are added with their filings."),
    columns=(
        Column("name", _("Name"), name_cell, "link", sort=("name_key",)),
        Column("short_name", _("Short name"), lambda row: row.short_name, shown=False),
        Column("uscc", _("Social credit code"), lambda row: row.uscc, "code", sort=("uscc",)),
        Column("roles", _("Roles"), roles_cell),
        Column("tier", _("Tier"), tier_cell, "tag"),
        Column("stage", _("Stage"), stage_cell),
        Column("entered", _("Entered on"), entered_cell, "date"),
        Column(
            "industry",
            _("Industry"),
            lambda row: INDUSTRIES.get(row.industry),
            sort=("industry",),
            shown=False,
        ),
        Column("size", _("Size"), lambda row: SIZES.get(row.size_class), sort=("size_class",)),
        Column("founded", _("Founded on"), founded_cell, "date", sort=("founded_on",)),
        Column("division", _("Division"), lambda row: row.division, sort=("division",), shown=False),
        Column("website", _("Website"), lambda row: row.website, shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        code_filter("role", _("Role"), lambda _user: Role.choices, "roles", prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields", prominent=True),
        *stay_filters(AnonymousUser()),
        choice_filter("size", _("Size"), SizeClass, "size_class"),
        choice_filter("industry", _("Industry"), Industry),
        day_filter("founded", _("Founded"), "founded_on"),
    ),
)


def product_owner_cell(product: Product) -> Cell:
    return Cell(product.organization.name, kind="link", url=product.organization.get_absolute_url())


PRODUCTS = ListSpec(
    code="products",
    title=_("Products on show"),
    model=Product,
    icon="building-store",
    rows=Product.objects.visible_to,
    search=lambda rows, words: (
        rows.filter(name__icontains=words) | rows.filter(organization__search_key__contains=words)
    ),
    fetch=lambda rows: rows.select_related("organization"),
    order=("name", "pk"),
    url_name="directory:product-list",
    empty_title=_("No product on show yet"),
    empty_hint=_("Products are added on the page of their organisation."),
    columns=(
        Column("name", _("Name"), lambda row: Cell(row.name, kind="link", url=row.get_absolute_url()), sort=("name",)),
        Column("category", _("Category"), lambda row: row.category, sort=("category",)),
        Column("organization", _("Organisation"), product_owner_cell, "link"),
        Column("shown_from", _("On show from"), lambda row: row.shown_from, "date", sort=("shown_from",)),
        Column("place", _("Place in the store"), lambda row: row.place),
    ),
    filters=(code_filter("field", _("Technical field"), field_options, "fields", prominent=True),),
)
LISTS = (ORGANIZATIONS, PRODUCTS)
