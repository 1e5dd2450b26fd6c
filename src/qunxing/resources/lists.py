"""The list of offers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.divisions import division_name, division_options
from qunxing.core.errors import Text
from qunxing.core.formats import show_number
from qunxing.core.text import search_terms
from qunxing.directory.queries import field_options
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, code_filter, day_filter, on_day_filter
from qunxing.resources.models import Bound, Kind, NumberFormat, Offer, Unit
from qunxing.resources.queries import standing_on
from qunxing.resources.states import TONES, State


def visible_offers(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Offer.objects.visible_to(user)
    return rows


def search_offers(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word in the title, or in a name of the provider, who may be seen wherever the offer may."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(search_key__contains=term) | Q(provider__search_key__contains=term)
    return rows.filter(condition)


def quantity_text(offer: Offer) -> str:
    """How much, in words: over 50,000 cards; nothing where no number was told."""
    if offer.quantity is None:
        return ""
    number = show_number(offer.quantity.normalize() + 0)
    unit = Unit(offer.unit).label
    if offer.quantity_bound == Bound.EXACT:
        return f"{number} {unit}"
    return f"{Bound(offer.quantity_bound).label} {number} {unit}"


def provider_cell(offer: Offer) -> Cell:
    return Cell(offer.provider.name, kind="link", url=offer.provider.get_absolute_url())


def by_standing(rows: QuerySet[Any], _values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(standing_on(timezone.localdate()))


CHIPS: dict[str, Text] = {"yes": _("yes"), "no": _("no"), "unknown": pgettext_lazy("of compute", "not told")}
SAID = {"yes": True, "no": False, "unknown": None}


def chips_text(offer: Offer) -> Text:
    """Yes or no where it is told; only compute runs on chips."""
    return "" if offer.domestic_chips is None else CHIPS["yes" if offer.domestic_chips else "no"]


def by_chips(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Compute of which this is said."""
    condition = Q()
    for value in values:
        said = SAID[value]
        condition |= Q(domestic_chips__isnull=True) if said is None else Q(domestic_chips=said)
    return rows.filter(condition, kind=Kind.COMPUTE)


def valid_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Offers that have begun by the day and not ended before it; an end that is not told is open."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return rows.filter(begun, Q(valid_until__isnull=True) | Q(valid_until__gte=day))


OFFERS = ListSpec(
    code="offers",
    title=_("Resources on offer"),
    model=Offer,
    icon="server",
    rows=visible_offers,
    search=search_offers,
    fetch=lambda rows: rows.select_related("provider"),
    order=("-updated_at", "-pk"),
    url_name="resources:offer-list",
    create_url_name="resources:offer-create",
    create_permission="resources.create_offer",
    empty_title=_("Nothing is on offer yet"),
    empty_hint=_("Add what an organisation can give to others: compute, corpora, space, people, money, advice."),
    columns=(
        Column("title", _("Title"), lambda row: Cell(row.title, "link", row.get_absolute_url()), "link"),
        Column("kind", _("Kind"), lambda row: Cell(row.get_kind_display(), "tag"), "tag", sort=("kind",)),
        Column("provider", _("Provider"), provider_cell, "link"),
        Column("quantity", _("Quantity"), quantity_text, "number"),
        Column("number", _("Quantity as a number"), lambda row: row.quantity, "number", shown=False),
        Column("unit", _("Unit"), lambda row: row.get_unit_display(), shown=False),
        Column("precision", _("Precision"), lambda row: row.get_number_format_display(), shown=False),
        Column("region", _("Region"), lambda row: division_name(row.region), sort=("region",)),
        Column("chips", _("Domestic chips"), chips_text, shown=False),
        Column("state", _("State"), lambda row: Cell(row.get_state_display(), "tag", tone=TONES[row.state]), "tag"),
        Column("valid_from", _("Valid from"), lambda row: row.valid_from, "date", sort=("valid_from",), shown=False),
        Column("valid_until", _("Valid until"), lambda row: row.valid_until, "date", sort=("valid_until",)),
        Column("terms", _("Price and terms"), lambda row: row.price_terms, shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        choice_filter("kind", _("Kind"), Kind, prominent=True),
        choice_filter("state", _("State"), State, prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields"),
        Filter("region", _("Region"), lambda rows, values: rows.filter(region__in=values), division_options),
        choice_filter("precision", _("Precision"), NumberFormat, "number_format"),
        Filter("chips", _("Domestic chips"), by_chips, lambda _user: list(CHIPS.items())),
        Filter("now", _("May be taken up"), by_standing, lambda _user: [("yes", _("today"))]),
        on_day_filter("on", _("Valid on"), valid_on),
        day_filter("until", _("Valid until"), "valid_until"),
    ),
)
LISTS = (OFFERS,)
