"""Offers over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404
from qunxing.resources.lists import OFFERS
from qunxing.resources.models import Offer

router = Router(tags=["resources"])


class VoucherOut(Schema):
    ref: str
    kind: str
    percent: int
    cap: int | None
    months: int | None
    between_related: bool
    stacks: bool


class OfferOut(Schema):
    ref: str
    title: str
    kind: str
    provider: str
    state: str
    description: str
    fields: list[str]
    quantity: str | None
    quantity_bound: str
    unit: str
    number_format: str
    region: str
    domestic_chips: bool | None
    price_terms: str
    valid_from: str | None
    valid_until: str | None
    demo: bool
    revision: int
    vouchers: list[VoucherOut]


@router.get("/offers")
def offers(request: HttpRequest) -> dict[str, Any]:
    """A page of offers; takes the list's own parameters.

    They are q, kind, state, field, region, precision, chips, now and until.
    """
    return json_page(request, OFFERS)


@router.get("/offers/{ref}", response=OfferOut)
def offer(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Offer = visible_or_404(Offer.objects.select_related("provider"), request.user, ref)
    plain = {name: getattr(found, name) for name in OfferOut.model_fields}
    vouchers = found.vouchers.visible_to(request.user)
    return plain | {
        "vouchers": [{name: getattr(row, name) for name in VoucherOut.model_fields} for row in vouchers],
        "provider": found.provider.ref,
        "fields": list(found.fields),
        "quantity": None if found.quantity is None else str(found.quantity),
        "valid_from": found.valid_from.isoformat() if found.valid_from else None,
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
    }
