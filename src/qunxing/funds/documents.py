"""Funds as documents of the search."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, by, pieces
from qunxing.directory.documents import names_of, names_within
from qunxing.directory.models import Organization
from qunxing.funds.models import Fund, Level, Status
from qunxing.ledger.openness import levels_beside


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
DOCUMENTS = (FUNDS,)
