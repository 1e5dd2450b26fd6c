"""The work under a contract: milestones, proof, difficulties, changes."""

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import delivering
from qunxing.challenges.forms.delivering import (
    ChangeForm,
    CheckMilestoneForm,
    DecideForm,
    DifficultyForm,
    ProofForm,
    ReportForm,
)
from qunxing.challenges.models import Contract, ContractChange, Milestone, Proof
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.views.contracts import the_contract
from qunxing.challenges.views.steps import done, form_page, posted, today
from qunxing.ledger.edges import require
from qunxing.ledger.queries import visible_or_404

PARTS = ("contract__challenge__board__rule_set", "contract__challenge__issuer", "contract__organization")


def the_milestone(request: HttpRequest, ref: str) -> Milestone:
    found: Milestone = visible_or_404(Milestone.objects.select_related(*PARTS), request.user, ref)
    return found


def milestone_report(request: HttpRequest, ref: str) -> HttpResponse:
    milestone = the_milestone(request, ref)
    require(request.user, Permission.REPORT_MILESTONE, milestone)
    do = partial(delivering.report_milestone, milestone, actor=request.user, day=today())
    title = _("Report: %(name)s") % {"name": milestone.name}
    return form_page(request, ReportForm(posted(request)), do, title=title, row=milestone.contract)


def milestone_check(request: HttpRequest, ref: str) -> HttpResponse:
    milestone = the_milestone(request, ref)
    require(request.user, Permission.CHECK_MILESTONE, milestone)
    do = partial(delivering.check_milestone, milestone, actor=request.user, day=today())
    title = _("Check: %(name)s") % {"name": milestone.name}
    return form_page(
        request,
        CheckMilestoneForm(posted(request)),
        do,
        title=title,
        row=milestone.contract,
        template="challenges/delivering/milestone.html",
        milestone=milestone,
        proofs=list(milestone.proofs.all()),
    )


def proof_create(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a file, for the contract or for one of its milestones (``?milestone=``)."""
    contract = the_contract(request, ref)
    require(request.user, Permission.REPORT_MILESTONE, contract)
    milestone = contract.milestones.filter(ref=request.GET.get("milestone", "")).first()
    do = partial(delivering.add_proof, contract, actor=request.user, day=today(), milestone=milestone)
    form = ProofForm(posted(request), request.FILES or None)
    title = _("Add proof: %(name)s") % {"name": milestone} if milestone is not None else _("Add proof")
    return form_page(request, form, do, title=title, row=contract)


@require_safe
def proof_file(request: HttpRequest, ref: str) -> FileResponse:
    """The kept file, always as a download and never as a page of ours."""
    proof = visible_or_404(Proof.objects, request.user, ref)
    try:
        content = proof.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    name = proof.file.name.rsplit("/", 1)[-1]
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def difficulty_create(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.REPORT_MILESTONE, contract)
    do = partial(delivering.tell_difficulty, contract, actor=request.user, day=today())
    return form_page(request, DifficultyForm(posted(request)), do, title=_("Tell of a difficulty"), row=contract)


# --- changes --------------------------------------------------------------------------------------------------------


def change_create(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.AGREE_TO_CHANGE, contract)
    form = ChangeForm(posted(request), user=request.user)
    do = partial(ask, contract, request.user)
    return form_page(request, form, do, title=_("Ask for a change"), row=contract)


def ask(contract: Contract, actor: Any, **words: Any) -> ContractChange:
    return delivering.ask_change(contract, ContractChange(**words), actor=actor, day=today())


def the_change(request: HttpRequest, ref: str) -> ContractChange:
    found: ContractChange = visible_or_404(ContractChange.objects.select_related(*PARTS), request.user, ref)
    return found


@require_POST
def change_agree(request: HttpRequest, ref: str) -> HttpResponse:
    asked = the_change(request, ref)
    require(request.user, Permission.AGREE_TO_CHANGE, asked)
    delivering.agree(asked, actor=request.user, day=today())
    return done(request, _("Agree to the change"), asked.get_absolute_url())


@require_POST
def change_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    asked = the_change(request, ref)
    delivering.withdraw_change(asked, actor=request.user)
    return done(request, _("Withdraw the change"), asked.get_absolute_url())


def change_decide(request: HttpRequest, ref: str) -> HttpResponse:
    asked = the_change(request, ref)
    require(request.user, Permission.DECIDE_CHANGE, asked)
    do = partial(delivering.decide_change, asked, actor=request.user, day=today())
    title = _("Decide: %(change)s") % {"change": asked}
    return form_page(request, DecideForm(posted(request)), do, title=title, row=asked.contract)
