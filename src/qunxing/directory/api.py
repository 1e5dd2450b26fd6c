"""The directory over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.directory.lists import PRODUCTS, organizations_for
from qunxing.directory.models import Organization
from qunxing.directory.queries import parts_of
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404

router = Router(tags=["directory"])


class OrganizationOut(Schema):
    """An organisation without its contacts: personal data does not leave by the API."""

    ref: str
    name: str
    uscc: str | None
    short_name: str
    english_name: str
    roles: list[str]
    fields: list[str]
    industry: str
    size_class: str
    founded_on: str | None
    registered_capital: int | None
    division: str
    address: str
    website: str
    description: str
    demo: bool
    revision: int
    names: list[dict[str, Any]]
    residencies: list[dict[str, Any]]
    products: list[dict[str, Any]]


@router.get("/organizations")
def organizations(request: HttpRequest) -> dict[str, Any]:
    """A page of organisations; takes the list's own parameters (q, role, field, tier, sort, page, col)."""
    return json_page(request, organizations_for(request.user))


@router.get("/products")
def products(request: HttpRequest) -> dict[str, Any]:
    return json_page(request, PRODUCTS)


@router.get("/organizations/{ref}", response=OrganizationOut)
def organization(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Organization = visible_or_404(Organization.objects, request.user, ref)
    parts = parts_of(found, user=request.user)
    plain = {name: getattr(found, name) for name in OrganizationOut.model_fields if hasattr(found, name)}
    return plain | {
        "roles": list(found.roles),
        "fields": list(found.fields),
        "founded_on": found.founded or None,
        "names": [
            {"kind": row.kind, "text": row.text, "from": day_text(row.from_day), "until": day_text(row.to_day)}
            for row in parts.names
        ],
        "residencies": [
            {
                "scope": row.scope.code,
                "tier": row.tier,
                "stage": row.stage,
                "entered_on": day_text(row.entered_on),
                "left_on": day_text(row.left_on),
            }
            for row in parts.residencies
        ],
        "products": [{"name": row.name, "category": row.category} for row in parts.products],
    }


def day_text(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
