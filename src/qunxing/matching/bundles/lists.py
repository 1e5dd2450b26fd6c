"""The proposals of one plan, as a list with filters and exports."""

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_terms
from qunxing.directory.models import Organization
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter
from qunxing.matching.bundles.models import Plan, PlanKind, Proposal
from qunxing.matching.bundles.words import PIECES, missing_text
from qunxing.matching.models import Standing
from qunxing.scenarios.models import Scenario

TONES = {Standing.FIT: "good", Standing.OPEN: "warn"}


def proposals_of(plan: Plan, user: Any) -> QuerySet[Any]:
    """Those whose scenario the reader may see, and whose firm, where there is one."""
    seen = Q(organization__isnull=True) | Q(organization__in=Organization.objects.visible_to(user))
    return Proposal.objects.filter(seen, plan=plan, scenario__in=Scenario.objects.visible_to(user))


def found(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    condition = Q()
    for term in search_terms(words):
        condition &= Q(scenario__search_key__contains=term) | Q(organization__search_key__contains=term)
    return rows.filter(condition)


def linked(record: Any) -> Cell:
    return Cell(str(record), "link", record.get_absolute_url()) if record is not None else Cell("")


def standing_cell(row: Proposal) -> Cell:
    return Cell(Standing(row.standing).label, "tag", tone=TONES[Standing(row.standing)]) if row.standing else Cell("")


def missing_cell(row: Proposal) -> str:
    return "；".join(f"{PIECES[one['piece']]}: {missing_text(one, row.scenario)}" for one in row.missing)


def voucher_cell(row: Proposal) -> str:
    return "、".join(str(voucher) for voucher in row.vouchers.all())


def with_missing(rows: QuerySet[Any], values: Any) -> QuerySet[Any]:
    condition = Q()
    for value in values:
        condition |= Q(pk__in=lacking(rows, value))
    return rows.filter(condition)


def lacking(rows: QuerySet[Any], piece: str) -> list[int]:
    """Keys of the proposals that lack the piece; read here, for not every database looks into lists."""
    return [key for key, missing in rows.values_list("pk", "missing") if any(one["piece"] == piece for one in missing)]


SHARED = (
    Column("scenario", _("Scenario"), lambda row: linked(row.scenario), "link", sort=("scenario__title",)),
    Column("firm", _("Firm"), lambda row: linked(row.organization), "link", sort=("organization__name_key",)),
    Column("standing", _("Conditions"), standing_cell, "tag"),
    Column("score", _("Score"), lambda row: round(row.score, 4), "number", sort=("score",)),
)
PACKAGE = (
    Column("model", _("Filed model"), lambda row: linked(row.filing), "link"),
    Column("fund", _("Fund"), lambda row: linked(row.fund), "link"),
    Column("compute", _("Compute"), lambda row: linked(row.offer), "link"),
    Column("vouchers", _("Vouchers"), voucher_cell),
    Column("support", _("Support (yuan)"), lambda row: row.support, "number", sort=("support",)),
    Column("missing", _("Missing"), missing_cell),
)
MISSING_FILTER = Filter("lacks", _("Lacks"), with_missing, lambda _user: list(PIECES.items()), prominent=True)


def list_of(plan: Plan) -> ListSpec:
    """The list of this plan's proposals; packages have more columns."""
    packages = plan.kind == PlanKind.BUNDLES
    return ListSpec(
        code=f"plan-{plan.kind}",
        title=plan.get_kind_display(),
        model=Proposal,
        icon="package" if packages else "git-merge",
        rows=lambda user: proposals_of(plan, user),
        search=found,
        fetch=fetch,
        order=("pk",),
        url_name="matching:bundles:plan-list",
        empty_title=_("No firm is proposed"),
        empty_hint=_("No open scenario has a firm that meets its conditions."),
        columns=(*map(set_back, SHARED), *PACKAGE) if packages else SHARED,
        filters=(
            choice_filter("standing", _("Conditions"), Standing, prominent=True),
            *([MISSING_FILTER] if packages else []),
        ),
    )


def set_back(column: Column) -> Column:
    """In a package the pieces matter more than how the firm came to be chosen."""
    return replace(column, shown=column.name in {"scenario", "firm"})


def fetch(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("scenario", "organization", "filing", "fund", "offer").prefetch_related("vouchers")
