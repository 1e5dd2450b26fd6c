"""The list of claims."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.directory.models import Scope
from qunxing.indicators.days import show_as_of
from qunxing.indicators.models import Claim, Status
from qunxing.indicators.names import indicator_name, spellings
from qunxing.indicators.showing import scope_name, show_claim
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, day_filter
from qunxing.ledger.lists.search import search_words

TONES = {Status.PLANNED: "warn", Status.BUILDING: "info", Status.IN_SERVICE: "good"}


def subject_cell(claim: Claim) -> Cell:
    return Cell(claim.subject, kind="link", url=claim.get_absolute_url())


def status_cell(claim: Claim) -> Cell:
    return Cell(claim.get_status_display(), kind="tag", tone=TONES[Status(claim.status)]) if claim.status else Cell()


def source_cell(claim: Claim) -> Cell:
    return Cell(claim.origin.title, kind="link", url=claim.origin.get_absolute_url())


def indicator_options(user: Any) -> list[tuple[str, Text]]:
    """The indicators of the claims that the user may see."""
    codes = Claim.objects.visible_to(user).order_by("indicator").values_list("indicator", flat=True).distinct()
    return [(code, indicator_name(code)) for code in codes]


def by_indicator(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(indicator__in=spellings(values))


CLAIMS = ListSpec(
    code="claims",
    title=_("Claims"),
    model=Claim,
    icon="quote",
    rows=Claim.objects.visible_to,
    search=search_words,
    fetch=lambda rows: rows.select_related("origin", "scope"),
    order=("indicator", "-as_of_high", "pk"),
    url_name="indicators:claim-list",
    create_url_name="indicators:claim-create",
    create_permission="indicators.create_claim",
    empty_title=_("No published figure here yet"),
    empty_hint=_("A claim is a figure that somebody published, kept with its scope, its day and its source."),
    columns=(
        Column("subject", _("Subject"), subject_cell, "link", sort=("subject",)),
        Column(
            "indicator", _("Indicator"), lambda row: indicator_name(row.indicator), sort=("indicator",), shown=False
        ),
        Column("value", _("Value"), show_claim, "number"),
        Column("scope", _("Scope"), scope_name),
        Column("as_of", _("As of"), show_as_of, sort=("as_of_high",)),
        Column("status", _("Status"), status_cell, "tag"),
        Column("source", _("Source"), source_cell, "link"),
        Column("source_day", _("Day of the source"), lambda row: row.origin.day, "date", shown=False),
        Column("wording", _("Wording"), lambda row: row.wording),
        Column("place", _("Place in the source"), lambda row: row.place, shown=False),
        Column("low", _("Value from"), lambda row: row.value_low, "number", shown=False),
        Column("high", _("Value to"), lambda row: row.value_high, "number", shown=False),
        Column("unit", _("Unit"), lambda row: row.unit, shown=False),
        Column("note", _("Note"), lambda row: row.note, shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        Filter("indicator", _("Indicator"), by_indicator, indicator_options, prominent=True),
        choice_filter("scope", _("Scope"), Scope.Code, "scope__code", prominent=True),
        day_filter("as_of", _("As of"), "as_of_high"),
        choice_filter("status", _("Status"), Status),
    ),
)
