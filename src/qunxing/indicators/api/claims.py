"""Published figures over the API."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.indicators.lists import CLAIMS
from qunxing.indicators.models import Claim
from qunxing.indicators.showing import show_claim
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404

router = Router(tags=["indicators"])


class SourceOut(Schema):
    ref: str
    title: str
    publisher: str
    day: date
    url: str


class ClaimOut(Schema):
    """A claim; an open end of its value is not itself meant, `shown` is the value as the pages write it."""

    ref: str
    revision: int
    demo: bool
    indicator: str
    subject: str
    scope: str | None
    scope_text: str
    as_of_low: date
    as_of_high: date
    as_of_precision: str
    value_low: Decimal | None
    value_high: Decimal | None
    low_open: bool
    high_open: bool
    unit: str
    currency: str
    status: str
    wording: str
    place: str
    note: str
    shown: str
    source: SourceOut


@router.get("/claims")
def claims(request: HttpRequest) -> dict[str, Any]:
    """A page of claims; takes the list's own parameters (q, indicator, scope, as_of, status, sort, page, col)."""
    return json_page(request, CLAIMS)


@router.get("/claims/{ref}", response=ClaimOut)
def claim(request: HttpRequest, ref: str) -> dict[str, Any]:
    rows = Claim.objects.select_related("origin", "scope")
    found: Claim = visible_or_404(rows, request.user, ref)
    plain = {name: getattr(found, name) for name in ClaimOut.model_fields if hasattr(found, name)}
    scope = found.scope.code if found.scope is not None else None
    return plain | {"scope": scope, "shown": show_claim(found), "source": found.origin}
