"""Imports: list, upload, preview, apply, give up."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.intake.forms import UploadForm, too_big
from qunxing.intake.jobs import start_job
from qunxing.intake.lists import IMPORTS, TONES
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.queries import file_reading, may_see_rows, open_counts, row_tabs, shown_rows, totals_of
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.showing import group_tabs, shown_group
from qunxing.intake.reconciling.vanishing import Way
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import require
from qunxing.ledger.jobs import seen
from qunxing.ledger.lists import list_response
from qunxing.ledger.reasons import needed_reason, told_reason

FORM_ROOM = 64 * 1024  # what a form takes beside its file
SHOWN_OPEN = 50


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    return list_response(request, IMPORTS, "intake/imports.html", left=open_counts)


@csrf_exempt  # the token is looked for behind the length, lest a huge body be read to find it
def import_create(request: HttpRequest) -> HttpResponse:
    refuse_huge(request)
    return upload(request)


def refuse_huge(request: HttpRequest) -> None:
    """Refused for a body that is longer than any upload may be; nothing of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > settings.UPLOAD_LIMIT + FORM_ROOM:
        raise Refused(too_big(), _("Split it into several files, or ask for a larger limit."), 413)


@csrf_protect
def upload(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    form = UploadForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            batch = actions.new_batch(actor=request.user, **form.words)
            return begin(request, "preview", batch)
    return render(request, "intake/upload.html", {"form": form}, status=422 if form.is_bound else 200)


def begin(request: HttpRequest, kind: str, batch: Batch, **more: Any) -> HttpResponse:
    """Start the work on a batch and go to where it is told of."""
    job = start_job(kind, batch, actor=request.user, language=get_language() or settings.LANGUAGE_CODE, **more)
    return redirect("ledger:job-detail", ref=job.ref)


@require_safe
def import_detail(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SEE)
    batch = get_object_or_404(Batch.objects.select_related("job", "source", "owner"), ref=ref)
    job = seen(batch.job) if batch.job is not None else None
    context = {
        "batch": batch,
        "tone": TONES[Batch.State(batch.state)],
        "list_title": known_list(batch.list_code).title,
        "job": job,
        "busy": job is not None and not job.over,
        "undone": actions.undone_by(batch),
        "may": {permission.name.lower(): request.user.has_perm(permission) for permission in Permission},
    }
    if batch.counts:
        context |= found_context(batch, request.GET.get("rows", ""))
        context |= groups_context(batch, request.GET.get("group", ""))
    if batch.state == Batch.State.APPLIED:
        context |= left_context(batch)
    return render(request, "intake/import.html", context)


def found_context(batch: Batch, asked: str) -> dict[str, Any]:
    """What the list holds and how it was read."""
    tabs, outcome = row_tabs(batch, asked)
    return {
        "tabs": tabs,
        "rows": shown_rows(batch, outcome),
        "outcome_total": batch.counts.get(outcome, 0),
        "totals": totals_of(batch),
        "reading": file_reading(batch),
    }


def groups_context(batch: Batch, asked: str) -> dict[str, Any]:
    """What the list says of the community; the list that an accepted group is part of."""
    tabs, code = group_tabs(batch, asked)
    accepted = batch.summary.get("accepted", {})
    return {
        "group_tabs": tabs,
        "group": shown_group(batch, code) if code is not None else None,
        "ways": Way.choices,
        "has_accepted": any(accepted.values()),
        "whole": Batch.objects.filter(ref=batch.summary.get("part_of", "")).first(),
    }


def left_context(batch: Batch) -> dict[str, Any]:
    """What is left to people, the open ones first."""
    rows, proposals = batch.staff_rows.all(), batch.proposals.all()
    return {
        "staff_rows": rows.filter(state=StaffRow.State.OPEN)[:SHOWN_OPEN],
        "staff_open": rows.filter(state=StaffRow.State.OPEN).count(),
        "staff_known": batch.counts["for_staff"] - rows.count(),
        "proposals": proposals.filter(state=Proposal.State.OPEN)[:SHOWN_OPEN],
        "proposals_open": proposals.filter(state=Proposal.State.OPEN).count(),
    }


@require_safe
def import_file(request: HttpRequest, ref: str) -> FileResponse:
    """The file as it was taken in, always as a download and never as a page of ours."""
    require(request.user, Permission.SEE)
    batch = get_object_or_404(Batch, ref=ref)
    may_see_rows(batch, request.user)
    if not batch.file:
        raise Http404
    file, kind = batch.file.open("rb"), "application/octet-stream"
    return FileResponse(file, as_attachment=True, filename=batch.file_name, content_type=kind)


@require_POST
def import_read(request: HttpRequest, ref: str) -> HttpResponse:
    """Read an upload again whose reading was stopped or broke off."""
    require(request.user, Permission.IMPORT)
    with transaction.atomic():
        return begin(request, "preview", idle_batch(ref, Batch.State.UPLOADED))


@require_POST
def import_apply(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    with transaction.atomic():
        return begin(request, "apply", idle_batch(ref, Batch.State.PREVIEWED))


@require_POST
def import_accept(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept one group of a previewed list; of what vanished nothing without a reason."""
    require(request.user, Permission.IMPORT)
    get_object_or_404(Batch, ref=ref)
    group, way = request.POST.get("group", ""), request.POST.get("way", Way.NOTE)
    if group not in tuple(Group) or way not in Way.values:
        raise Refused(_("There is no such group."), status=422)
    reason = (needed_reason if group == Group.VANISHED else told_reason)(request.POST.get("reason", ""))
    leave = [ref for ref in request.POST.getlist("leave") if ref.isalnum()]
    words = {"group": group, "way": way, "reason": reason, "leave": leave}
    with transaction.atomic():
        return begin(request, "accept", idle_batch(ref, Batch.State.PREVIEWED), **words)


@require_POST
def import_drop(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    with transaction.atomic():
        actions.drop_batch(idle_batch(ref), actor=request.user)
    messages.success(request, _("Given up; nothing was changed."))
    return redirect("intake:import-list")


def idle_batch(ref: str, *states: str) -> Batch:
    """The batch, locked; IllegalTransition when it is in another state, or work on it is under way."""
    batch: Batch = get_object_or_404(Batch.objects.select_for_update(), ref=ref)
    if (states and batch.state not in states) or (batch.job is not None and not seen(batch.job).over):
        raise IllegalTransition
    return batch
