"""The registry over the API; a part of a record appears as far as the caller may see it."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from qunxing.ledger.edges import require
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404
from qunxing.registry.lists import filings_for, models_for
from qunxing.registry.models import AIModel, Filing
from qunxing.registry.queries import DueItem, due_items, filing_parts, model_parts, steps_of
from qunxing.registry.rules import Permission

router = Router(tags=["registry"])
MODEL_FIELDS = (
    "ref", "name", "english_name", "description", "parameters_text", "openness", "website", "demo", "revision",
)  # fmt: skip
FILING_FIELDS = (
    "ref", "kind", "name", "state", "number", "authority", "authority_name", "region", "region_text",
    "granted_precision", "granted_note", "batch", "algorithm_class", "algorithm_role", "product", "purpose",
    "public_url", "notes", "demo", "revision",
)  # fmt: skip
FILING_DAYS = ("granted_on", "went_live_on", "shown_since", "altered_on", "ended_on")


@router.get("/models")
def models(request: HttpRequest) -> dict[str, Any]:
    """A page of models; takes the list's own parameters (q, modality, openness, filing, organization, sort, page)."""
    return json_page(request, models_for(request.user, request.GET.getlist("organization")))


@router.get("/filings")
def filings(request: HttpRequest) -> dict[str, Any]:
    """A page of filings; takes the list's own parameters (q, kind, state, region, granted, organization, sort)."""
    return json_page(request, filings_for(request.user, request.GET.getlist("organization")))


@router.get("/filings/due")
def due(request: HttpRequest) -> list[dict[str, Any]]:
    """What the caller has to see to, the most pressing first."""
    require(request.user, Permission.SEE_DUE)
    return [due_out(item) for item in due_items(request.user, timezone.localdate())]


@router.get("/models/{ref}")
def model(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: AIModel = visible_or_404(AIModel.objects, request.user, ref)
    parts = model_parts(found, user=request.user)
    return {name: getattr(found, name) for name in MODEL_FIELDS} | {
        "modalities": list(found.modalities),
        "tasks": list(found.tasks),
        "parameters": None if found.parameters is None else str(found.parameters),
        "base_model": named(parts.base),
        "versions": [{"version": row.version, "note": row.note, **days(row, "released_on")} for row in parts.versions],
        "owners": [
            {"organization": named(row.organization), "role": row.role, **days(row, "from_day", "to_day")}
            for row in parts.ownerships
        ],
        "filings": [filing_line(row.filing) for row in parts.coverages],
    }


@router.get("/filings/{ref}")
def filing(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Filing = visible_or_404(Filing.objects.select_related("organization"), request.user, ref)
    parts = filing_parts(found, user=request.user)
    plain = {name: getattr(found, name) for name in FILING_FIELDS}
    return {
        **plain,
        **days(found, *FILING_DAYS),
        "organization": named(found.organization),
        "relies_on": filing_line(parts.relies_on) if parts.relies_on is not None else None,
        "models": [named(row.model) for row in parts.coverages],
        "relied_on_by": parts.relying_total,
        "steps": [
            {"state": step.state, "day": step.day.isoformat(), "note": step.note}
            for step in steps_of(found, user=request.user)
        ],
    }


def named(record: Any) -> dict[str, str] | None:
    return None if record is None else {"ref": record.ref, "name": record.name}


def filing_line(filing: Filing) -> dict[str, Any]:
    return {name: getattr(filing, name) for name in ("ref", "kind", "name", "number", "state")}


def due_out(item: DueItem) -> dict[str, Any]:
    return {
        "filing": filing_line(item.filing),
        "organization": named(item.filing.organization),
        "duty": str(item.due.duty.value),
        "since": item.due.since.isoformat(),
        "last_day": item.day.isoformat(),
        "certain": item.due.deadline.certain,
        "days_left": item.days_left,
    }


def days(record: Any, *names: str) -> dict[str, str | None]:
    return {name: day_text(getattr(record, name)) for name in names}


def day_text(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
