"""Claims as documents of the search."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, bilingual, by, pieces, year_of
from qunxing.indicators.models import Claim, Status
from qunxing.indicators.names import INDICATORS


def claim_rows(rows: QuerySet[Any], _level: str) -> QuerySet[Any]:
    """Whoever sees a claim sees its source, its scope and its community."""
    return rows.select_related("origin", "scope", "scope__community")


def claim_document(claim: Claim) -> Document:
    scope = (claim.scope.name_zh, claim.scope.name_en) if claim.scope else (claim.scope_text,)
    return Document(
        title=claim.subject,
        url=claim.get_absolute_url(),
        names=(claim.subject,),
        about=pieces(claim.origin.title, claim.as_of_high.isoformat()),
        text=" ".join(pieces(claim.wording, claim.note)),
        words=" ".join([claim.indicator, *scope, *bilingual({"": INDICATORS.get(claim.indicator, "")}).values()]),
        facets={"state": pieces(claim.status), "year": year_of(claim.as_of_high)},
    )


CLAIMS = DocumentSpec(
    code="claims",
    label=_("Claims"),
    icon="quote",
    model=Claim,
    document=claim_document,
    fetch=claim_rows,
    hangs_on={
        "ledger.source": by("origin"),
        "directory.scope": by("scope"),
        "directory.community": by("scope__community"),
    },
    states=lambda: dict(Status.choices),
)
DOCUMENTS = (CLAIMS,)
