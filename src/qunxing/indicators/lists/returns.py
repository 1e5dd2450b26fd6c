"""The list of quarterly returns."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_terms
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.forms.returns import thousands
from qunxing.indicators.models import Return
from qunxing.indicators.models.returns import DEGREES, MONEY, RIGHTS
from qunxing.indicators.states.returns import TONES, ReturnState
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter

SHOWN = {"revenue", "profit", "rnd_expense"}


def firm_cell(row: Return) -> Cell:
    return Cell(row.organization.name, kind="link", url=row.get_absolute_url())


def state_cell(row: Return) -> Cell:
    return Cell(row.get_state_display(), kind="tag", tone=TONES[ReturnState(row.state)])


def in_thousands(name: str) -> Callable[[Return], Any]:
    def read(row: Return) -> Any:
        amount = getattr(row, name)
        return None if amount is None else Decimal(thousands(amount))

    return read


def plain(name: str) -> Callable[[Return], Any]:
    return lambda row: getattr(row, name)


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word in a name of the organisation."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(organization__search_key__contains=term)
    return rows.filter(condition)


def quarters_of(user: Any) -> list[tuple[str, str]]:
    """The quarters of the returns that the user may see, newest first."""
    rows = Return.objects.visible_to(user).order_by("-year", "-quarter").values_list("year", "quarter").distinct()
    return [(str(Quarter(*row)), str(Quarter(*row))) for row in rows]


def by_quarter(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    condition = Q(pk__in=[])
    for period in filter(None, map(Quarter.read, values)):
        condition |= Q(year=period.year, quarter=period.number)
    return rows.filter(condition)


def money_column(name: str) -> Column:
    label = format_lazy(_("{name} (thousand yuan)"), name=label_of(name))
    return Column(name, label, in_thousands(name), "number", sort=(name,), shown=name in SHOWN)


def label_of(name: str) -> Any:
    return capfirst(Return._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


RETURNS = ListSpec(
    code="returns",
    title=_("Quarterly returns"),
    model=Return,
    icon="table",
    rows=Return.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("organization"),
    order=("-year", "-quarter", "-pk"),
    url_name="indicators:return-list",
    create_url_name="indicators:return-create",
    create_permission="indicators.create_return",
    empty_title=_("No quarterly return here"),
    empty_hint=_("Firms report once a quarter: money, people, rights. Besides them only staff and officers see it."),
    columns=(
        Column("organization", _("Organisation"), firm_cell, "link"),
        Column("period", _("Quarter"), lambda row: str(row.period), "code", sort=("year", "quarter")),
        Column("state", _("State"), state_cell, "tag"),
        *(money_column(name) for name in (*MONEY, "two_year_revenue")),
        Column("staff", _("Staff"), plain("staff"), "number", sort=("staff",)),
        *(Column(name, label_of(name), plain(name), "number", shown=False) for name in (*DEGREES, *RIGHTS)),
        Column("certificate", _("High-tech certificate"), plain("certificate_number"), "code", shown=False),
        Column("until", _("Valid until"), plain("certificate_until"), "date", shown=False),
        Column("submitted", _("Submitted on"), plain("submitted_on"), "date", sort=("submitted_on",)),
        Column("changed", _("Changed"), plain("updated_at"), "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        Filter("period", _("Quarter"), by_quarter, quarters_of, prominent=True),
        choice_filter("state", _("State"), ReturnState, prominent=True),
    ),
)
