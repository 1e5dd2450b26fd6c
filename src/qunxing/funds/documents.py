"""Funds as documents of the search."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, by, either, pieces, place_code, year_of
from qunxing.directory.documents import names_of, names_within
from qunxing.directory.models import Organization
from qunxing.funds.models import Fund, Investment, Level, Round, Status
from qunxing.ledger.openness import levels_beside, levels_within


def fund_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """With the manager where it may be told: a hidden one does not hide its fund."""
    managers = Organization.objects.filter(visibility__in=levels_beside(level)).prefetch_related(names_within(level))
    return rows.prefetch_related(Prefetch("manager", managers))


def fund_document(fund: Fund) -> Document:
    manager = fund.manager
    return Document(
        title=fund.name,
        url=fund.get_absolute_url(),
        names=pieces(fund.name, fund.short_name, fund.english_name),
        about=pieces(fund.short_name, manager.name if manager else None),
        text=fund.description,
        also=names_of(manager) if manager else (),
        words=fund.website,
        owners=(fund.manager_id,) if fund.manager_id else (),
        facets={
            "type": (fund.level,),
            "state": pieces(fund.status),
            "field": fund.fields,
            "place": tuple(sorted({region[:2] for region in fund.regions})),
            "year": pieces(str(fund.vintage or "")),
        },
    )


FUNDS = DocumentSpec(
    code="funds",
    label=_("Funds"),
    icon="coins",
    model=Fund,
    document=fund_document,
    fetch=fund_rows,
    hangs_on={"directory.organization": by("manager")},
    types=lambda: dict(Level.choices),
    states=lambda: dict(Status.choices),
)


def round_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    """With who invested, as far as investor and round may both be told."""
    opened, beside = levels_within(level), levels_beside(level)
    told = Investment.objects.filter(
        Q(investor__isnull=True) | Q(investor__visibility__in=beside),
        Q(investor_fund__isnull=True) | Q(investor_fund__visibility__in=beside),
        visibility__in=opened,
    )
    investments = told.select_related("investor", "investor_fund").order_by("pk")
    related = rows.select_related("organization", "stage").prefetch_related(names_within(level, "organization__names"))
    return related.prefetch_related(Prefetch("investments", investments, to_attr="told_investments"))


def round_document(row: Any) -> Document:
    firm, stage = row.organization, row.stage
    investors = [name for one in row.told_investments for name in investor_names(one)]
    return Document(
        title=f"{firm.short_name or firm.name} · {stage.name_zh}",
        url=row.get_absolute_url(),
        names=(f"{firm.short_name or firm.name} {stage.name_zh}",),
        about=pieces(firm.name, row.closed_on.isoformat() if row.closed_on else None),
        text=row.note,
        also=names_of(firm),
        words=" ".join(pieces(stage.name_en, *investors)),
        owners=(row.organization_id,),
        facets={"field": firm.fields, "place": place_code(firm.division), "year": year_of(row.closed_on)},
    )


def investor_names(investment: Any) -> tuple[str, ...]:
    """The names under which an investor is looked for."""
    record = investment.investor_record
    return (investment.investor_name,) if record is None else pieces(record.name, record.short_name)


ROUNDS = DocumentSpec(
    code="rounds",
    label=_("Rounds of financing"),
    icon="trending-up",
    model=Round,
    document=round_document,
    fetch=round_rows,
    hangs_on={
        "directory.organization": either("organization", "investments__investor"),
        "funds.fund": by("investments__investor_fund"),
        "funds.stage": by("stage__pk"),
    },
)
DOCUMENTS = (FUNDS, ROUNDS)
