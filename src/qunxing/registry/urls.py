"""Addresses of models and filings."""

from typing import Any

from django.urls import path

from qunxing.registry.views import due, filings, models, parts

VERSION: dict[str, Any] = {"pages": parts.VERSION}
OWNERSHIP: dict[str, Any] = {"pages": parts.OWNERSHIP}
COVERAGE: dict[str, Any] = {"pages": parts.COVERAGE}
STEP: dict[str, Any] = {"pages": parts.STEP}

app_name = "registry"
urlpatterns = [
    path("models/", models.model_list, name="model-list"),
    path("models/new/", models.model_create, name="model-create"),
    path("models/<slug:ref>/", models.model_detail, name="model-detail"),
    path("models/<slug:ref>/edit/", models.model_edit, name="model-edit"),
    path("models/<slug:ref>/remove/", models.model_remove, name="model-remove"),
    path("models/<slug:ref>/owners/new/", parts.part_create, OWNERSHIP, name="ownership-create"),
    path("models/<slug:ref>/owners/<slug:part_ref>/edit/", parts.part_edit, OWNERSHIP, name="ownership-edit"),
    path("models/<slug:ref>/owners/<slug:part_ref>/remove/", parts.part_remove, OWNERSHIP, name="ownership-remove"),
    path("models/<slug:ref>/versions/new/", parts.part_create, VERSION, name="version-create"),
    path("models/<slug:ref>/versions/<slug:part_ref>/edit/", parts.part_edit, VERSION, name="version-edit"),
    path("models/<slug:ref>/versions/<slug:part_ref>/remove/", parts.part_remove, VERSION, name="version-remove"),
    path("filings/", filings.filing_list, name="filing-list"),
    path("filings/new/", filings.filing_create, name="filing-create"),
    path("due/", due.due_soon, name="due-soon"),
    path("filings/<slug:ref>/", filings.filing_detail, name="filing-detail"),
    path("filings/<slug:ref>/edit/", filings.filing_edit, name="filing-edit"),
    path("filings/<slug:ref>/service/", filings.filing_service, name="filing-service"),
    path("filings/<slug:ref>/remove/", filings.filing_remove, name="filing-remove"),
    path("filings/<slug:ref>/steps/<slug:part_ref>/edit/", parts.part_edit, STEP, name="step-edit"),
    path("filings/<slug:ref>/steps/<slug:part_ref>/remove/", parts.part_remove, STEP, name="step-remove"),
    path("filings/<slug:ref>/steps/new/", parts.part_create, STEP, name="step-create"),
    path("filings/<slug:ref>/take/<slug:name>/", filings.filing_step, name="filing-step"),
    path("filings/<slug:ref>/models/new/", parts.part_create, COVERAGE, name="coverage-create"),
    path("filings/<slug:ref>/models/<slug:part_ref>/edit/", parts.part_edit, COVERAGE, name="coverage-edit"),
    path("filings/<slug:ref>/models/<slug:part_ref>/remove/", parts.part_remove, COVERAGE, name="coverage-remove"),
]
