"""Addresses of test sets, entries, scores and boards."""

from django.urls import URLPattern, path

from qunxing.races.views import boards, entering, testsets

urlpatterns: list[URLPattern] = [
    path("races/entries/", entering.entry_list, name="entry-list"),
    path("races/entries/receipt/", entering.receipt_check, name="receipt-check"),
    path("races/entries/<slug:ref>/", entering.entry_detail, name="entry-detail"),
    path("races/entries/<slug:ref>/file/", entering.entry_file, name="entry-file"),
    path("races/entries/<slug:ref>/receipt/", entering.entry_receipt, name="entry-receipt"),
    path("races/entries/<slug:ref>/steps/<slug:step>/", entering.entry_step, name="entry-step"),
    path("races/lanes/<slug:lane>/stages/<slug:stage>/enter/", entering.entry_create, name="entry-create"),
    path("races/lanes/<slug:lane>/stages/<slug:stage>/questions/", entering.questions_file, name="questions"),
    path("races/stages/<slug:ref>/bench/", testsets.bench, name="bench"),
    path("races/stages/<slug:ref>/tests/new/", testsets.testset_create, name="testset-create"),
    path("races/stages/<slug:ref>/bodies/new/", testsets.body_create, name="body-create"),
    path("races/stages/<slug:ref>/baselines/new/", testsets.baseline_create, name="baseline-create"),
    path("races/bodies/<slug:ref>/revoke/", testsets.body_revoke, name="body-revoke"),
    path("races/signs/<slug:ref>/look/", testsets.flag_look, name="flag-look"),
    path("races/scorers/", testsets.scorer_list, name="scorer-list"),
    path("races/scorers/new/", testsets.scorer_create, name="scorer-create"),
    path("races/scorers/<slug:ref>/", testsets.scorer_detail, name="scorer-detail"),
    path("races/<slug:ref>/board/", boards.board, name="board"),
    path("races/<slug:ref>/board/wall/", boards.wall, name="board-wall"),
    path("races/<slug:ref>/board/embed/", boards.embed, name="board-embed"),
    path("races/<slug:ref>/board/atom/", boards.feed, name="board-feed"),
    path("races/<slug:ref>/board.csv", boards.table, name="board-csv"),
]
