"""Addresses of contracts, milestones, acceptance, payments, ends and archives."""

from django.urls import URLPattern, path

from qunxing.challenges.views import acceptance, contracts, ending, work

urlpatterns: list[URLPattern] = [
    path("challenges/entries/<slug:ref>/contracts/", contracts.challenge_contracts, name="contracts"),
    path("challenges/entries/<slug:ref>/archive/", ending.archive_make, name="archive-make"),
    path("challenges/entries/<slug:ref>/archive.zip", ending.archive_file, name="archive-file"),
    path("challenges/lists/<slug:ref>/conclude/", ending.list_conclude, name="list-conclude"),
    path("challenges/contracts/", contracts.contract_list, name="contract-list"),
    path("challenges/contracts/<slug:ref>/", contracts.contract_detail, name="contract-detail"),
    path("challenges/contracts/<slug:ref>/edit/", contracts.contract_edit, name="contract-edit"),
    path("challenges/contracts/<slug:ref>/plan/", contracts.contract_plan, name="contract-plan"),
    path("challenges/contracts/<slug:ref>/sign/", contracts.contract_sign, name="contract-sign"),
    path("challenges/contracts/<slug:ref>/void/", contracts.contract_void, name="contract-void"),
    path("challenges/contracts/<slug:ref>/<slug:paper>.docx", contracts.contract_word, name="contract-word"),
    path("challenges/contracts/<slug:ref>/proof/", work.proof_create, name="proof-create"),
    path("challenges/contracts/<slug:ref>/difficulty/", work.difficulty_create, name="difficulty-create"),
    path("challenges/contracts/<slug:ref>/change/", work.change_create, name="change-create"),
    path("challenges/contracts/<slug:ref>/acceptance/", acceptance.acceptance_ask, name="acceptance-ask"),
    path("challenges/contracts/<slug:ref>/end/", ending.termination_ask, name="termination-ask"),
    path("challenges/milestones/<slug:ref>/report/", work.milestone_report, name="milestone-report"),
    path("challenges/milestones/<slug:ref>/check/", work.milestone_check, name="milestone-check"),
    path("challenges/proofs/<slug:ref>/", work.proof_file, name="proof-file"),
    path("challenges/changes/<slug:ref>/agree/", work.change_agree, name="change-agree"),
    path("challenges/changes/<slug:ref>/withdraw/", work.change_withdraw, name="change-withdraw"),
    path("challenges/changes/<slug:ref>/decide/", work.change_decide, name="change-decide"),
    path("challenges/acceptances/<slug:ref>/measure/", acceptance.acceptance_measure, name="acceptance-measure"),
    path("challenges/acceptances/<slug:ref>/word/", acceptance.acceptance_say, name="acceptance-say"),
    path("challenges/acceptances/<slug:ref>/decide/", acceptance.acceptance_decide, name="acceptance-decide"),
    path("challenges/acceptances/<slug:ref>/fail/", acceptance.acceptance_fail, name="acceptance-fail"),
    path("challenges/acceptances/<slug:ref>/acceptance.docx", acceptance.acceptance_word, name="acceptance-word"),
    path("challenges/payments/", ending.payment_list, name="payment-list"),
    path("challenges/payments/<slug:ref>/pay/", ending.payment_pay, name="payment-pay"),
    path("challenges/payments/<slug:ref>/cancel/", ending.payment_cancel, name="payment-cancel"),
    path("challenges/ends/<slug:ref>/", ending.termination_decide, name="termination-decide"),
    path("challenges/bad-records/", ending.badrecord_list, name="badrecord-list"),
    path("challenges/bad-records/new/", ending.badrecord_create, name="badrecord-create"),
    path("challenges/bad-records/<slug:ref>/", ending.badrecord_detail, name="badrecord-detail"),
    path("challenges/bad-records/<slug:ref>/lift/", ending.badrecord_lift, name="badrecord-lift"),
]
