"""Addresses of races, their lanes, gates and notices."""

from django.urls import URLPattern, path

from qunxing.races.views import gates, lanes, planning, races

urlpatterns: list[URLPattern] = [
    path("races/", races.race_list, name="race-list"),
    path("races/new/", planning.race_create, name="race-create"),
    path("races/from/<slug:ref>/", planning.from_challenge, name="from-challenge"),
    path("races/<slug:ref>/", races.race_detail, name="race-detail"),
    path("races/<slug:ref>/edit/", planning.race_edit, name="race-edit"),
    path("races/<slug:ref>/publish/", races.race_publish, name="race-publish"),
    path("races/<slug:ref>/start/", races.race_start, name="race-start"),
    path("races/<slug:ref>/stop/", races.race_stop, name="race-stop"),
    path("races/<slug:ref>/close/", races.race_close, name="race-close"),
    path("races/<slug:ref>/archive/", races.archive_make, name="archive-make"),
    path("races/<slug:ref>/archive.zip", races.archive_file, name="archive-file"),
    path("races/<slug:ref>/stages/new/", planning.stage_create, name="stage-create"),
    path("races/stages/<slug:ref>/edit/", planning.stage_edit, name="stage-edit"),
    path("races/stages/<slug:ref>/remove/", planning.stage_remove, name="stage-remove"),
    path("races/stages/<slug:ref>/replace/", planning.stage_replace, name="stage-replace"),
    path("races/stages/<slug:ref>/panel/", gates.panel_plan, name="panel-plan"),
    path("races/stages/<slug:ref>/report/", gates.report_make, name="report-make"),
    path("races/<slug:ref>/invite/", lanes.lane_invite, name="lane-invite"),
    path("races/<slug:ref>/enter/", lanes.lane_enter, name="lane-enter"),
    path("races/<slug:ref>/routes/", lanes.route_list, name="route-list"),
    path("races/routes/<slug:ref>/judge/", lanes.route_judge, name="route-judge"),
    path("races/lanes/<slug:ref>/", lanes.lane_detail, name="lane-detail"),
    path("races/lanes/<slug:ref>/edit/", lanes.lane_edit, name="lane-edit"),
    path("races/lanes/<slug:ref>/answer/<slug:word>/", lanes.lane_answer, name="lane-answer"),
    path("races/lanes/<slug:ref>/<slug:step>/go/", lanes.lane_move, name="lane-move"),
    path("races/reports/<slug:ref>/", gates.report_detail, name="report-detail"),
    path("races/reports/<slug:ref>/report.docx", gates.report_word, name="report-word"),
    path("races/reports/<slug:ref>/words/", gates.report_words, name="report-words"),
    path("races/reports/<slug:ref>/notice/", gates.report_notice, name="report-notice"),
    path("races/reports/<slug:ref>/confirm/", gates.report_confirm, name="report-confirm"),
    path("races/reports/<slug:ref>/again/", gates.report_again, name="report-again"),
    path("races/decisions/<slug:ref>/", gates.decision_edit, name="decision-edit"),
    path("races/decisions/<slug:ref>/agree/", gates.decision_agree, name="decision-agree"),
]
