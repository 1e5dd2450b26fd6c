"""What imports leave to people: rows that could not be placed, and proposals about names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.intake import actions
from qunxing.intake.lists import PROPOSALS, STAFF_ROWS, TONES
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.queries import bearers
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import require
from qunxing.ledger.lists import list_response

ENDS = (StaffRow.State.SETTLED, StaffRow.State.DISMISSED)


@require_safe
def staff_rows(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    return list_response(request, STAFF_ROWS, "intake/leftover_list.html")


@require_safe
def staff_row(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SEE)
    row = get_object_or_404(StaffRow.objects.select_related("batch", "settled_by"), ref=ref)
    context = {"row": row, "tone": TONES[StaffRow.State(row.state)], "may_settle": may_settle(request)}
    return render(request, "intake/staff_row.html", context)


def may_settle(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(Permission.SETTLE))


@require_POST
def staff_row_settle(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    row = get_object_or_404(StaffRow.objects.select_related("batch"), ref=ref)
    state = request.POST.get("state", "")
    if state not in ENDS:
        raise Refused(_("Say whether the row is settled or left out."))
    actions.settle_row(row, actor=request.user, state=state, note=request.POST.get("reason", ""))
    messages.success(request, _("Row %(row)s is put away.") % {"row": row.place})
    return onwards(request, row.batch, "intake:staff-rows", "for-staff")


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    return list_response(request, PROPOSALS, "intake/leftover_list.html")


@require_safe
def proposal(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SEE)
    found = get_object_or_404(Proposal.objects.select_related("batch__source", "settled_by"), ref=ref)
    context = {
        "proposal": found,
        "tone": TONES[Proposal.State(found.state)],
        "sides": [
            (_("Earlier or other name"), found.old_name, bearers(found.old_key, request.user)),
            (_("Name on the list"), found.new_name, bearers(found.new_key, request.user)),
        ],
        "may_settle": may_settle(request),
    }
    return render(request, "intake/proposal.html", context)


@require_POST
def proposal_accept(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    found = get_object_or_404(Proposal.objects.select_related("batch__source"), ref=ref)
    messages.success(request, actions.accept_proposal(found, actor=request.user))
    return onwards(request, found.batch, "intake:proposals", "proposals")


@require_POST
def proposal_dismiss(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    found = get_object_or_404(Proposal.objects.select_related("batch"), ref=ref)
    actions.dismiss_proposal(found, actor=request.user)
    messages.success(request, _("Put away; it will not be proposed again."))
    return onwards(request, found.batch, "intake:proposals", "proposals")


def onwards(request: HttpRequest, batch: Batch, list_name: str, part: str) -> HttpResponse:
    """Back to where the person works through what is left: the page of the import, or the list of all."""
    if request.GET.get("from") == "list":
        return redirect(list_name)
    return redirect(f"{batch.get_absolute_url()}#{part}")
