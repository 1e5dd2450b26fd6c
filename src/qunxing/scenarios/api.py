"""Scenarios over the API."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404
from qunxing.scenarios.lists import SCENARIOS
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.queries import conditions_of

router = Router(tags=["scenarios"])


class OwnerOut(Schema):
    ref: str
    name: str
    uscc: str | None


class CoreIndicatorOut(Schema):
    """A core indicator; `target_high` is there for the operator ``between`` only."""

    ref: str
    name: str
    operator: str
    target: Decimal
    target_high: Decimal | None
    unit: str
    tested_how: str


class ScenarioOut(Schema):
    """A scenario without its contact and its appraisals: these do not leave by the API. Money is in whole yuan."""

    ref: str
    revision: int
    demo: bool
    number: str | None
    state: str
    title: str
    organization: OwnerOut
    problem: str
    fields: list[str]
    tasks: list[str]
    mechanism: str
    data_available: str
    data_terms: str
    on_site: bool
    domestic_chips: bool
    security_level: str
    serves_public_generated: bool
    budget_low: int | None
    budget_high: int | None
    budget_undisclosed: bool
    apply_by: date | None
    starts_on: date | None
    ends_on: date | None
    published_on: date | None
    division: str
    location: str
    core_indicators: list[CoreIndicatorOut]
    conditions: list[str]


@router.get("/scenarios")
def scenarios(request: HttpRequest) -> dict[str, Any]:
    """A page of scenarios; takes the list's own parameters (q, state, mechanism, field, task, sort, page, col)."""
    return json_page(request, SCENARIOS)


@router.get("/scenarios/{ref}", response=ScenarioOut)
def scenario(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Scenario = visible_or_404(Scenario.objects.select_related("organization"), request.user, ref)
    plain = {
        name: getattr(found, name) for name in ScenarioOut.model_fields if name not in {"core_indicators", "conditions"}
    }
    return plain | {
        "core_indicators": list(found.core_indicators.all()),
        "conditions": [condition.code for condition in conditions_of(found)],
    }
