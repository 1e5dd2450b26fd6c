"""Addresses of experts, panels and reviews."""

from django.urls import path

from qunxing.panels.views import desk, experts, panels, planning, proof, requests, running

app_name = "panels"
urlpatterns = [
    path("experts/", experts.expert_list, name="expert-list"),
    path("experts/new/", experts.expert_create, name="expert-create"),
    path("experts/<slug:ref>/", experts.expert_detail, name="expert-detail"),
    path("experts/<slug:ref>/edit/", experts.expert_edit, name="expert-edit"),
    path("experts/<slug:ref>/move/", experts.expert_move, name="expert-move"),
    path("experts/<slug:ref>/<slug:kind>/new/", experts.tie_create, name="tie-create"),
    path("experts/<slug:ref>/<slug:kind>/<slug:part_ref>/edit/", experts.tie_edit, name="tie-edit"),
    path("experts/<slug:ref>/<slug:kind>/<slug:part_ref>/remove/", experts.tie_remove, name="tie-remove"),
    path("panels/", panels.panel_list, name="panel-list"),
    path("panels/new/", planning.panel_create, name="panel-create"),
    path("panels/<slug:ref>/", panels.panel_detail, name="panel-detail"),
    path("panels/<slug:ref>/conflicts/", panels.panel_conflicts, name="panel-conflicts"),
    path("panels/<slug:ref>/assignment/", panels.panel_assignment, name="panel-assignment"),
    path("panels/<slug:ref>/progress/", panels.panel_progress, name="panel-progress"),
    path("panels/<slug:ref>/standings/", panels.panel_standings, name="panel-standings"),
    path("panels/<slug:ref>/items/new/", planning.item_create, name="item-create"),
    path("panels/<slug:ref>/items/<slug:item_ref>/", panels.panel_item, name="panel-item"),
    path("panels/<slug:ref>/report.docx", panels.panel_report, name="panel-report"),
    path("panels/<slug:ref>/proof/", proof.panel_proof, name="panel-proof"),
    path("panels/<slug:ref>/proof.json", proof.panel_proof_file, name="panel-proof-file"),
    path("panels/<slug:ref>/move/", running.panel_move, name="panel-move"),
    path("panels/<slug:ref>/check/", running.panel_check, name="panel-check"),
    path("panels/<slug:ref>/assign/", running.panel_assign, name="panel-assign"),
    path("seats/<slug:ref>/move/", running.seat_move, name="seat-move"),
    path("seats/<slug:ref>/sign/", desk.seat_sign, name="seat-sign"),
    path("seats/<slug:ref>/report.docx", desk.seat_report, name="seat-report"),
    path("conflicts/<slug:ref>/judge/", running.conflict_judge, name="conflict-judge"),
    path("recusals/<slug:ref>/", requests.request_create, name="request-create"),
    path("recusals/<slug:ref>/decide/", running.request_decide, name="request-decide"),
    path("reviews/", desk.review_list, name="review-list"),
    path("reviews/<slug:ref>/", desk.review_detail, name="review-detail"),
    path("reviews/<slug:ref>/save/", desk.review_save, name="review-save"),
    path("reviews/<slug:ref>/submit/", desk.review_submit, name="review-submit"),
]
