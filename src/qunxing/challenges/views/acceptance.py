"""Acceptance: asked for, measured target by target, the user's word, the decision."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.challenges.actions import accepting
from qunxing.challenges.forms.deciding import ReasonForm
from qunxing.challenges.forms.delivering import AcceptanceForm, MeasureForm, ReportForm, WordForm
from qunxing.challenges.models import Acceptance, Commitment, Measurement
from qunxing.challenges.papers import acceptance_paper, paper_response
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.views.contracts import the_contract
from qunxing.challenges.views.steps import done, form_page, posted, today
from qunxing.core.errors import Refused
from qunxing.ledger.edges import require
from qunxing.ledger.queries import visible_or_404

PARTS = ("contract__challenge__board__rule_set", "contract__challenge__issuer", "contract__organization")


def acceptance_ask(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.REPORT_MILESTONE, contract)
    do = partial(accepting.ask_acceptance, contract, actor=request.user, day=today())
    return form_page(request, ReportForm(posted(request)), do, title=_("Ask for the acceptance"), row=contract)


def the_acceptance(request: HttpRequest, ref: str) -> Acceptance:
    found: Acceptance = visible_or_404(Acceptance.objects.select_related(*PARTS), request.user, ref)
    return found


@require_safe
def acceptance_word(request: HttpRequest, ref: str) -> HttpResponse:
    acceptance = the_acceptance(request, ref)
    return paper_response(acceptance_paper(acceptance), f"{acceptance.contract.number}-{acceptance.attempt}")


def acceptance_measure(request: HttpRequest, ref: str) -> HttpResponse:
    """All committed targets on one page; what is left empty is measured later."""
    acceptance = the_acceptance(request, ref)
    require(request.user, Permission.MEASURE, acceptance)
    data = posted(request)
    rows = measure_rows(acceptance, data)
    if data is not None and all(form.is_valid() for _row, form in rows):
        try:
            keep_measured(acceptance, rows, request.user)
        except Refused as refused:
            rows[0][1].add_error(None, str(refused))
        else:
            return done(request, _("Measured values"), acceptance.get_absolute_url())
    context = {"acceptance": acceptance, "contract": acceptance.contract, "rows": rows}
    context["back"] = acceptance.get_absolute_url()
    return render(request, "challenges/delivering/measure.html", context, status=422 if data is not None else 200)


def measure_rows(acceptance: Acceptance, data: Any) -> list[tuple[Commitment, MeasureForm]]:
    """(committed target, its cells)."""
    stored = {row.commitment_id: row for row in Measurement.objects.filter(acceptance=acceptance)}
    found = []
    for row in acceptance.contract.commitments.all():
        kept = stored.get(row.pk)
        initial = {} if kept is None else {"value": kept.value, "measured_by": kept.measured_by, "how": kept.how}
        if kept is not None:
            initial["value"] = kept.value.normalize()
        found.append((row, MeasureForm(data, prefix=row.ref, initial=initial)))
    return found


def keep_measured(acceptance: Acceptance, rows: list[tuple[Commitment, MeasureForm]], actor: Any) -> None:
    for row, form in rows:
        words = form.cleaned_data
        if words.get("value") is not None:
            accepting.measure(acceptance, row, actor=actor, day=today(), **words)


def acceptance_say(request: HttpRequest, ref: str) -> HttpResponse:
    """The user's word."""
    acceptance = the_acceptance(request, ref)
    require(request.user, Permission.GIVE_WORD, acceptance)
    do = partial(accepting.give_word, acceptance, actor=request.user, day=today())
    form = WordForm(posted(request))
    return form_page(request, form, do, title=_("Give the user's word"), row=acceptance.contract)


def acceptance_decide(request: HttpRequest, ref: str) -> HttpResponse:
    acceptance = the_acceptance(request, ref)
    require(request.user, Permission.DECIDE_ACCEPTANCE, acceptance)
    do = partial(accepting.decide, acceptance, actor=request.user, day=today())
    return form_page(
        request,
        AcceptanceForm(posted(request)),
        do,
        title=_("Decide the acceptance"),
        row=acceptance.contract,
        template="challenges/delivering/decide.html",
        acceptance=acceptance,
        measurements=list(acceptance.measurements.select_related("commitment").in_order()),
        rules=acceptance.contract.terms.acceptance,
    )


def acceptance_fail(request: HttpRequest, ref: str) -> HttpResponse:
    """The time to rectify has passed."""
    acceptance = the_acceptance(request, ref)
    require(request.user, Permission.DECIDE_ACCEPTANCE, acceptance)
    do = partial(fail, acceptance, request.user)
    title = _("The time to rectify has passed")
    return form_page(request, ReasonForm(posted(request)), do, title=title, row=acceptance.contract)


def fail(acceptance: Acceptance, actor: Any, reason: str) -> Acceptance:
    return accepting.fail_unrectified(acceptance, actor=actor, day=today(), finding=reason)
