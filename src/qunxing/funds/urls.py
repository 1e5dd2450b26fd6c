"""Addresses of funds and rounds."""

from typing import Any

from django.urls import path

from qunxing.funds.views import funds, parts, rounds, stages

COMMITMENTS = "funds/<slug:ref>/commitments/"
INVESTMENTS = "rounds/<slug:ref>/investments/"
COMMITMENT: dict[str, Any] = {"pages": parts.COMMITMENT}
INVESTMENT: dict[str, Any] = {"pages": parts.INVESTMENT}

app_name = "funds"
urlpatterns = [
    path("funds/", funds.fund_list, name="fund-list"),
    path("funds/new/", funds.fund_create, name="fund-create"),
    path("funds/<slug:ref>/", funds.fund_detail, name="fund-detail"),
    path("funds/<slug:ref>/edit/", funds.fund_edit, name="fund-edit"),
    path("funds/<slug:ref>/remove/", funds.fund_remove, name="fund-remove"),
    path(f"{COMMITMENTS}new/", parts.part_create, COMMITMENT, name="commitment-create"),
    path(f"{COMMITMENTS}<slug:part_ref>/edit/", parts.part_edit, COMMITMENT, name="commitment-edit"),
    path(
        "funds/<slug:ref>/commitments/<slug:part_ref>/remove/", parts.part_remove, COMMITMENT, name="commitment-remove"
    ),
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/new/", rounds.round_create, name="round-create"),
    path("rounds/<slug:ref>/", rounds.round_detail, name="round-detail"),
    path("rounds/<slug:ref>/edit/", rounds.round_edit, name="round-edit"),
    path("rounds/<slug:ref>/remove/", rounds.round_remove, name="round-remove"),
    path(f"{INVESTMENTS}new/", parts.part_create, INVESTMENT, name="investment-create"),
    path(f"{INVESTMENTS}<slug:part_ref>/edit/", parts.part_edit, INVESTMENT, name="investment-edit"),
    path(
        "rounds/<slug:ref>/investments/<slug:part_ref>/remove/", parts.part_remove, INVESTMENT, name="investment-remove"
    ),
    path("stages/", stages.stage_list, name="stage-list"),
    path("stages/new/", stages.stage_create, name="stage-create"),
    path("stages/<slug:ref>/", stages.stage_detail, name="stage-detail"),
    path("stages/<slug:ref>/edit/", stages.stage_edit, name="stage-edit"),
]
