"""Contracts: the list, the page, plan and words of a draft, signatures, papers; and the tab of a challenge."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.challenges.about import about
from qunxing.challenges.actions import contracting
from qunxing.challenges.forms.delivering import (
    ConsentForm,
    ContractForm,
    SignForm,
    SigningForm,
    StopFormSet,
    VoidForm,
    plan_of,
    stop_rows,
)
from qunxing.challenges.lists.delivering import CONTRACTS
from qunxing.challenges.models import Archive, Contract
from qunxing.challenges.papers import contract_paper, paper_response, pledge_paper
from qunxing.challenges.queries.boards import way
from qunxing.challenges.reads import contract_money, shown_changes, shown_evidence, shown_milestones
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.states.challenge import OUTCOMES, ChallengeState
from qunxing.challenges.states.contract import PATH, ContractState
from qunxing.challenges.states.termination import TerminationState
from qunxing.challenges.views.checks import frame
from qunxing.challenges.views.steps import done, form_page, posted, today
from qunxing.core.errors import Refused
from qunxing.ledger.edges import edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import facts, visible_or_404

FACTS = ("number", "organization", "payer", "leader", "starts_on", "ends_on", "pay_days", "sign_by")
PAPERS = {"contract": contract_paper, "commitment": pledge_paper}
GONE = frozenset({ContractState.FAILED, ContractState.TERMINATED, ContractState.VOID})


@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_CONTRACTS)
    return list_response(request, CONTRACTS)


def the_contract(request: HttpRequest, ref: str) -> Contract:
    rows = Contract.objects.select_related(
        "challenge__board__rule_set", "challenge__issuer", "issuer", "organization", "payer", "bid"
    )
    found: Contract = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def contract_detail(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    context = record_context(request, contract)
    user: Any = request.user
    side = side_of(user, contract)
    day = today()
    context |= {
        "contract": contract,
        "about": about(contract),
        "facts": contract_facts(context["record"], context["evidence"]),
        "way": way_of(contract),
        "side": side,
        "can": {permission.name.lower(): user.has_perm(permission, contract) for permission in Permission},
        "in_force": contract.state == ContractState.IN_FORCE,
        "draft": contract.state == ContractState.DRAFT,
        "may_sign": may_sign(contract, side),
        "today": day,
        **contract_parts(contract, day),
    }
    return render(request, "challenges/delivering/contract.html", context)


def contract_parts(contract: Contract, day: Any) -> dict[str, Any]:
    """What hangs on a contract, each part in one query."""
    terminations = list(contract.terminations.all())
    return {
        "parties": list(contract.parties.select_related("organization")),
        "commitments": list(contract.commitments.all()),
        "milestones": shown_milestones(contract, day),
        "money": contract_money(contract, day),
        "changes": shown_changes(contract),
        "difficulties": list(contract.difficulties.all()),
        "acceptances": list(contract.acceptances.prefetch_related("measurements__commitment")),
        "terminations": [(one, shown_evidence(one)) for one in terminations],
        "ending": any(one.state == TerminationState.ASKED for one in terminations),
        "proofs": list(contract.proofs.filter(milestone__isnull=True)),
    }


def contract_facts(contract: Contract, evidence: Any) -> Any:
    return facts(contract, FACTS, evidence, organization=contract.organization.name, payer=contract.payer.name)


def way_of(contract: Contract) -> Any:
    """How far the contract has come; one that ended otherwise shows how."""
    state = ContractState(contract.state)
    if state in GONE:
        return way([ContractState.DRAFT, *([ContractState.IN_FORCE] if contract.signed else []), state], state, "bad")
    return way(PATH, state)


def side_of(user: Any, contract: Contract) -> str:
    """The side the user writes for, if any."""
    try:
        return contracting.side_of(user, contract)
    except Refused:
        return ""


def may_sign(contract: Contract, side: str) -> bool:
    """Whether this side's signature is awaited."""
    if contract.state != ContractState.DRAFT or not side:
        return False
    return (contract.issuer_signed_on if side == contracting.ISSUER else contract.bidder_signed_on) is None


@require_safe
def contract_word(request: HttpRequest, ref: str, paper: str) -> HttpResponse:
    contract = the_contract(request, ref)
    if paper not in PAPERS:
        return redirect(contract.get_absolute_url())
    return paper_response(PAPERS[paper](contract), f"{contract.number}-{paper}")


def contract_edit(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.RUN_CONTRACT, contract)
    contracting.refuse_unless_draft(contract)
    build = partial(contract_form, request)
    return edit_response(request, contract, build, title=_("Edit contract"), save=save_contract)


def contract_form(request: HttpRequest, data: Any, instance: Any) -> ContractForm:
    return ContractForm(data, instance=instance, user=request.user)


def save_contract(contract: Any, **words: Any) -> Contract:
    return contracting.change_contract(contract, **words)


def contract_plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Milestones and tranches of a draft."""
    contract = the_contract(request, ref)
    require(request.user, Permission.RUN_CONTRACT, contract)
    contracting.refuse_unless_draft(contract)
    contracting.refuse_if_raced(contract)
    data = posted(request)
    first = contract.payments.filter(milestone__isnull=True).first()
    signing = SigningForm(data, initial={"on_signing": first.amount if first is not None else 0})
    stops = StopFormSet(data, prefix="stops", initial=stop_rows(contract))
    if data is not None and signing.is_valid() and stops.is_valid():
        try:
            contracting.set_plan(contract, plan_of(signing, stops), actor=request.user)
        except Refused as refused:
            signing.add_error(None, str(refused))
        else:
            return done(request, _("Milestones and tranches"), contract.get_absolute_url())
    context = {"contract": contract, "form": signing, "stops": stops, "back": contract.get_absolute_url()}
    return render(request, "challenges/delivering/plan.html", context, status=422 if data is not None else 200)


def contract_sign(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.SIGN_CONTRACT, contract)
    side = contracting.side_of(request.user, contract)
    kind = SignForm if side == contracting.CONTRACTOR else ConsentForm
    do = partial(contracting.sign, contract, actor=request.user, day=today(), side=side)
    return form_page(
        request,
        kind(posted(request)),
        do,
        title=_("Sign the contract"),
        row=contract,
        template="challenges/delivering/sign.html",
        contract=contract,
        commitments=list(contract.commitments.all()),
        money=contract_money(contract, today()),
    )


def contract_void(request: HttpRequest, ref: str) -> HttpResponse:
    contract = the_contract(request, ref)
    require(request.user, Permission.RUN_CONTRACT, contract)
    do = partial(contracting.void, contract, actor=request.user, day=today())
    return form_page(request, VoidForm(posted(request)), do, title=_("Not concluded"), row=contract)


@require_safe
def challenge_contracts(request: HttpRequest, ref: str) -> HttpResponse:
    """The contracts of a challenge, how it ended and its archive."""
    challenge, context = frame(request, ref, "contracts")
    rows = list(challenge.contracts.select_related("organization"))
    context |= {
        "contracts": rows,
        "archive": Archive.objects.filter(challenge=challenge).first(),
        "may_archive": challenge.state in OUTCOMES and request.user.has_perm(Permission.ARCHIVE_CHALLENGE, challenge),
        "archived": challenge.state == ChallengeState.ARCHIVED,
        "archive_url": reverse("challenges:archive-file", args=[ref]),
    }
    return render(request, "challenges/delivering/contracts.html", context)
