"""Payments, ends before their time, bad records, archives and the end of a list."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import archiving, paying, terminating
from qunxing.challenges.forms.delivering import BadRecordForm, EndForm, PayForm, TerminationForm
from qunxing.challenges.lists.delivering import BAD_RECORDS, PAYMENTS
from qunxing.challenges.models import BadRecord, Payment, Termination
from qunxing.challenges.reads import shown_evidence
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.views.boards import the_board
from qunxing.challenges.views.contracts import the_contract
from qunxing.challenges.views.entries import the_challenge
from qunxing.challenges.views.steps import done, form_page, posted, reason_of, today, zip_file
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import facts, visible_or_404

PARTS = ("contract__challenge__board__rule_set", "contract__challenge__issuer", "contract__organization")


@require_safe
def payment_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_CONTRACTS)
    return list_response(request, PAYMENTS)


def the_payment(request: HttpRequest, ref: str) -> Payment:
    found: Payment = visible_or_404(Payment.objects.select_related(*PARTS), request.user, ref)
    return found


def payment_pay(request: HttpRequest, ref: str) -> HttpResponse:
    payment = the_payment(request, ref)
    require(request.user, Permission.KEEP_PAYMENT, payment)
    do = partial(paying.pay, payment, actor=request.user)
    form = PayForm(posted(request), initial={"day": today()})
    title = _("Keep payment %(number)s") % {"number": payment}
    return form_page(request, form, do, title=title, row=payment.contract)


@require_POST
def payment_cancel(request: HttpRequest, ref: str) -> HttpResponse:
    payment = the_payment(request, ref)
    require(request.user, Permission.RUN_CONTRACT, payment)
    paying.cancel(payment, actor=request.user, reason=reason_of(request))
    return done(request, _("Cancel the payment"), payment.get_absolute_url())


# --- ends -----------------------------------------------------------------------------------------------------------


def termination_ask(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.ASK_TERMINATION, contract)
    do = partial(terminating.ask_termination, contract, actor=request.user, day=today())
    return form_page(request, TerminationForm(posted(request)), do, title=_("Ask for the end"), row=contract)


def termination_decide(request: HttpRequest, ref: str) -> HttpResponse:
    found: Termination = visible_or_404(Termination.objects.select_related(*PARTS), request.user, ref)
    require(request.user, Permission.DECIDE_TERMINATION, found)
    do = partial(decide, found, request.user)
    return form_page(
        request,
        EndForm(posted(request)),
        do,
        title=_("Decide on the end"),
        row=found.contract,
        template="challenges/delivering/end.html",
        termination=found,
        evidence=shown_evidence(found),
    )


def decide(termination: Termination, actor: Any, *, outcome: str, returned: int | None, finding: str) -> Termination:
    words = {"outcome": outcome, "finding": finding, "returned": returned or 0}
    return terminating.decide_termination(termination, actor=actor, day=today(), **words)  # type: ignore[arg-type]


# --- bad records ----------------------------------------------------------------------------------------------------


@require_safe
def badrecord_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_BAD_RECORDS)
    return list_response(request, BAD_RECORDS)


def the_bad_record(request: HttpRequest, ref: str) -> BadRecord:
    rows = BadRecord.objects.select_related("organization", "challenge")
    found: BadRecord = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def badrecord_detail(request: HttpRequest, ref: str) -> HttpResponse:
    record = the_bad_record(request, ref)
    context = record_context(request, record)
    names = ("organization", "kind", "since", "reason", "lifted_on", "lifted_why")
    context["facts"] = facts(context["record"], names, context["evidence"], organization=record.organization.name)
    context["may_lift"] = record.lifted_on is None and request.user.has_perm(Permission.KEEP_BAD_RECORD, record)
    return render(request, "challenges/delivering/badrecord.html", context)


def badrecord_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.KEEP_BAD_RECORD)
    form = BadRecordForm(posted(request), user=request.user, initial={"since": today()})
    if form.is_bound and form.is_valid():
        made = terminating.record_bad(form.save(commit=False), actor=request.user)
        return done(request, _("Keep a bad record"), made.get_absolute_url())
    context = {"form": form, "title": _("Keep a bad record"), "back": reverse("challenges:badrecord-list")}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def badrecord_lift(request: HttpRequest, ref: str) -> HttpResponse:
    record = the_bad_record(request, ref)
    terminating.lift(record, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, _("Lift the bad record"), record.get_absolute_url())


# --- archive --------------------------------------------------------------------------------------------------------


@require_POST
def archive_make(request: HttpRequest, ref: str) -> HttpResponse:
    challenge = the_challenge(request, ref)
    archiving.archive(challenge, actor=request.user, day=today())
    return done(request, _("Archive"), reverse("challenges:contracts", args=[ref]))


@require_safe
def archive_file(request: HttpRequest, ref: str) -> FileResponse:
    challenge = the_challenge(request, ref)
    return zip_file(archiving.archived_file(challenge, actor=request.user, day=today()), challenge)


@require_POST
def list_conclude(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    archiving.conclude(board, actor=request.user)
    return done(request, _("Conclude the list"), board.get_absolute_url())
