"""The lists of funds and rounds.

A list as it stands here names only what everybody may see; `for_reader` makes it name what one reader may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.core.formats import show_isoday
from qunxing.core.money import show_range
from qunxing.core.text import search_terms
from qunxing.directory.models import Organization
from qunxing.directory.queries import field_options
from qunxing.funds.models import AmountKind, Fund, FundKind, Investment, Level, Precision, Round, Status
from qunxing.funds.models.amounts import AMOUNT_KINDS, CURRENCY_CHOICES
from qunxing.funds.queries.words import stage_options
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, code_filter, day_filter
from qunxing.ledger.models import Visibility

TONES: dict[str, str] = {Status.RAISING: "info", Status.INVESTING: "good", Status.EXITED: "muted"}
KIND_LABELS = dict(FundKind.choices)
DAY_LENGTH = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}
Fetch = Callable[[Any, QuerySet[Any]], QuerySet[Any]]


def status_cell(fund: Fund) -> Cell:
    """Empty where nobody has said it."""
    return Cell(fund.get_status_display(), "tag", tone=TONES[fund.status]) if fund.status else Cell()


def for_reader(spec: ListSpec, user: Any) -> ListSpec:
    """The list with the names of managers, parents and investors that this user may see."""
    fetch = FETCHES[spec.code]
    return replace(spec, fetch=lambda rows: fetch(user, rows))


def named(record: Any) -> Cell:
    return Cell(str(record), kind="link", url=record.get_absolute_url()) if record is not None else Cell()


def visible_funds(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Fund.objects.visible_to(user)
    return rows


def visible_rounds(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Round.objects.visible_to(user)
    return rows


# --- funds ----------------------------------------------------------------------------------------------------------


def fetch_funds(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    managers, parents = Organization.objects.visible_to(user), Fund.objects.visible_to(user)
    return rows.prefetch_related(Prefetch("manager", managers), Prefetch("parent", parents))


def search_funds(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By the fund's own names, or by those of a manager whom everybody may see."""
    condition = Q()
    for term in search_terms(words):
        manager = Q(manager__search_key__contains=term, manager__visibility=Visibility.PUBLIC)
        condition &= Q(search_key__contains=term) | manager
    return rows.filter(condition)


def kinds_cell(fund: Fund) -> str:
    return "、".join(str(KIND_LABELS.get(kind, kind)) for kind in fund.kinds)


def size_cell(fund: Fund) -> str:
    return "" if fund.size.undisclosed else show_range(fund.size)


def vintages(user: Any) -> list[tuple[str, str]]:
    years = Fund.objects.visible_to(user).filter(vintage__isnull=False).order_by("-vintage")
    return [(str(year), str(year)) for year in years.values_list("vintage", flat=True).distinct()]


def any_vintage(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(vintage__in=[int(value) for value in values])


FUNDS = ListSpec(
    code="funds",
    title=_("Funds"),
    model=Fund,
    icon="coins",
    rows=visible_funds,
    search=search_funds,
    fetch=lambda rows: fetch_funds(AnonymousUser(), rows),
    order=("name_key", "pk"),
    url_name="funds:fund-list",
    create_url_name="funds:fund-create",
    create_permission="funds.create_fund",
    empty_title=_("No fund here yet"),
    empty_hint=_(
        "Add a fund with its level, its manager and its size; parent funds first, so that children can name them."
    ),
    columns=(
        Column("name", _("Name"), named, "link", sort=("name_key",)),
        Column("level", _("Level"), lambda row: Cell(row.get_level_display(), kind="tag"), "tag", sort=("level",)),
        Column("manager", _("Manager"), lambda row: named(row.manager), "link"),
        Column("parent", _("Parent fund"), lambda row: named(row.parent), "link"),
        Column("size", _("Size"), size_cell, "money", sort=("currency", "size_low")),
        Column("currency", _("Currency"), lambda row: row.currency, sort=("currency",), shown=False),
        Column("size_low", _("Size from (whole units)"), lambda row: row.size_low, "number", shown=False),
        Column("size_high", _("Size to (whole units)"), lambda row: row.size_high, "number", shown=False),
        Column("kinds", _("Invests by"), kinds_cell, shown=False),
        Column("vintage", _("Vintage"), lambda row: row.vintage, sort=("vintage",)),
        Column("status", _("Status"), status_cell, "tag"),
        Column("website", _("Website"), lambda row: row.website, shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", shown=False),
    ),
    filters=(
        choice_filter("level", _("Level"), Level, prominent=True),
        choice_filter("status", _("Status"), Status, prominent=True),
        code_filter("kind", _("Invests by"), lambda _user: FundKind.choices, "kinds"),
        code_filter("stage", _("Stages"), stage_options, "stages", prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields"),
        code_filter("region", _("Region"), division_options, "regions"),
        Filter("vintage", _("Vintage"), any_vintage, vintages),
    ),
)


# --- rounds ---------------------------------------------------------------------------------------------------------


def fetch_rounds(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    investments = (
        Investment.objects.visible_to(user).select_related("investor", "investor_fund").order_by("-lead", "pk")
    )
    return rows.select_related("organization", "stage").prefetch_related(
        Prefetch("investments", investments, to_attr="shown_investments")
    )


def search_rounds(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """By the names of the organisation, which may be seen wherever its round may."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(organization__search_key__contains=term)
    return rows.filter(condition)


def organization_cell(row: Round) -> Cell:
    return Cell(row.organization.name, kind="link", url=row.get_absolute_url())


def closed_cell(row: Round) -> Cell:
    """As much of the day as is known."""
    text = show_isoday(row.closed_on)[: DAY_LENGTH[Precision(row.closed_precision)]] if row.closed_on else ""
    return Cell(text, kind="code" if text else "text")


def investors_cell(row: Round) -> str:
    investments = row.shown_investments  # type: ignore[attr-defined]
    return "、".join(investment.investor_label for investment in investments)


def by_stage(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(stage__in=values)


def by_amount_kind(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    condition = Q()
    for value in values:
        condition |= AMOUNT_KINDS[AmountKind(value)]
    return rows.filter(condition)


ROUNDS = ListSpec(
    code="rounds",
    title=_("Rounds of financing"),
    model=Round,
    icon="trending-up",
    rows=visible_rounds,
    search=search_rounds,
    fetch=lambda rows: fetch_rounds(AnonymousUser(), rows),
    order=("-closed_on", "-pk"),
    url_name="funds:round-list",
    create_url_name="funds:round-create",
    create_permission="funds.create_round",
    empty_title=_("No round of financing here yet"),
    empty_hint=_("Add a round with its day and its amount as they were told; an amount nobody told stays undisclosed."),
    columns=(
        Column("organization", _("Organisation"), organization_cell, "link"),
        Column("stage", _("Stage of financing"), lambda row: str(row.stage), sort=("stage__position",)),
        Column("closed", _("Closed on"), closed_cell, "code", sort=("closed_on",)),
        Column("amount", _("Amount"), lambda row: show_range(row.amount), "money", sort=("currency", "amount_low")),
        Column("amount_kind", _("Amount told as"), lambda row: row.amount_kind.label, shown=False),
        Column("currency", _("Currency"), lambda row: row.currency, shown=False),
        Column("amount_low", _("Amount from (whole units)"), lambda row: row.amount_low, "number", shown=False),
        Column("amount_high", _("Amount to (whole units)"), lambda row: row.amount_high, "number", shown=False),
        Column("investors", _("Investors"), investors_cell),
        Column("note", _("Note"), lambda row: row.note, shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", shown=False),
    ),
    filters=(
        Filter("stage", _("Stage of financing"), by_stage, stage_options, prominent=True),
        Filter("told", _("Amount told as"), by_amount_kind, lambda _user: AmountKind.choices, prominent=True),
        Filter(
            "currency", _("Currency"), lambda rows, values: rows.filter(currency__in=values),
            lambda _user: CURRENCY_CHOICES,
        ),
        code_filter("field", _("Technical field"), field_options, "organization__fields"),
        day_filter("closed", _("Closed"), "closed_on"),
    ),
)  # fmt: skip
FETCHES: dict[str, Fetch] = {"funds": fetch_funds, "rounds": fetch_rounds}
LISTS = (FUNDS, ROUNDS)
