"""Addresses of checks, reviews, awards, notices and objections."""

from django.urls import URLPattern, path

from qunxing.challenges.views import awards, checks, notices, reading

urlpatterns: list[URLPattern] = [
    path("challenges/entries/<slug:ref>/check/", checks.check_list, name="check-list"),
    path("challenges/entries/<slug:ref>/check/run/", checks.check_run, name="check-run"),
    path("challenges/entries/<slug:ref>/check/admit/", checks.check_admit, name="check-admit"),
    path("challenges/bids/<slug:ref>/check/", checks.check_detail, name="check-detail"),
    path("challenges/bids/<slug:ref>/check/judge/", checks.check_judge, name="check-judge"),
    path("challenges/bids/<slug:ref>/check/<slug:verdict>/", checks.check_decide, name="check-decide"),
    path("challenges/bids/<slug:ref>/disqualify/", checks.bid_disqualify, name="bid-disqualify"),
    path("challenges/bids/<slug:ref>/reading/", reading.reading_list, name="reading-list"),
    path("challenges/bids/<slug:ref>/reading/<slug:upload>/", reading.reading_file, name="reading-file"),
    path("challenges/entries/<slug:ref>/review/", awards.review, name="review"),
    path("challenges/entries/<slug:ref>/review/begin/", checks.review_begin, name="review-begin"),
    path("challenges/entries/<slug:ref>/review/again/", awards.review_again, name="review-again"),
    path("challenges/entries/<slug:ref>/award/", awards.award, name="award"),
    path("challenges/entries/<slug:ref>/award.docx", awards.award_word, name="award-word"),
    path("challenges/entries/<slug:ref>/award/propose/", awards.propose, name="propose"),
    path("challenges/entries/<slug:ref>/award/notice/", awards.notice_give, name="notice-give"),
    path("challenges/entries/<slug:ref>/award/confirm/", awards.award_confirm, name="award-confirm"),
    path("challenges/entries/<slug:ref>/review/panel/", awards.review_panel, name="review-panel"),
    path("challenges/entries/<slug:ref>/award/next/", awards.award_next, name="award-next"),
    path("challenges/entries/<slug:ref>/award/none/", awards.award_none, name="award-none"),
    path("challenges/notices/", notices.notice_list, name="notice-list"),
    path("challenges/notices/<slug:ref>/", notices.notice_detail, name="notice-detail"),
    path("challenges/notices/<slug:ref>/notice.docx", notices.notice_word, name="notice-word"),
    path("challenges/notices/<slug:ref>/object/", notices.notice_object, name="notice-object"),
    path("challenges/notices/<slug:ref>/steps/<slug:step>/", notices.notice_move, name="notice-move"),
    path("challenges/objections/<slug:ref>/", notices.objection_detail, name="objection-detail"),
    path("challenges/objections/<slug:ref>/examine/", notices.objection_examine, name="objection-examine"),
    path("challenges/objections/<slug:ref>/answer/", notices.objection_answer, name="objection-answer"),
    path("challenges/objections/<slug:ref>/withdraw/", notices.objection_withdraw, name="objection-withdraw"),
]
