"""Sheets: what there is, out as files, in through a preview."""

from tempfile import SpooledTemporaryFile
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunxing.core.downloads import IN_MEMORY, XLSX, streamed
from qunxing.core.errors import IllegalTransition, Problem
from qunxing.core.exports import write_csv
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.intake.actions import undone_by
from qunxing.intake.forms import SheetForm
from qunxing.intake.lists import TONES
from qunxing.intake.models import Batch, Headings, SheetRow
from qunxing.intake.rules import Permission
from qunxing.intake.sheets import actions, books, choosing, exporting, headings, out, pages
from qunxing.intake.views.imports import begin, idle_batch, refuse_huge
from qunxing.ledger.edges import require
from qunxing.ledger.jobs import seen
from qunxing.ledger.queries import visible_or_404
from qunxing.ledger.recording import Entry, note, recording


def spec_for(request: HttpRequest, code: str) -> SheetSpec:
    """The sheet, for a reader of imports who may see its ledger."""
    require(request.user, Permission.SEE)
    spec = sheets().get(code)
    if spec is None:
        raise Http404
    if spec.see:
        require(request.user, spec.see)
    return spec


def sheet_batch(request: HttpRequest, ref: str, *, permission: str = Permission.IMPORT) -> tuple[Batch, SheetSpec]:
    require(request.user, permission)
    batch = get_object_or_404(Batch.objects.select_related("job", "source", "owner"), ref=ref, kind=Batch.Kind.SHEET)
    return batch, spec_for(request, batch.list_code)


@require_safe
def sheet_hub(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    context = {
        "shelves": pages.shelves(request.user),
        "may_import": request.user.has_perm(Permission.IMPORT),
        "ready": exporting.ready(request.GET.get("ready", ""), request.user),
    }
    return render(request, "intake/sheets/hub.html", context)


@require_safe
def sheet_template(request: HttpRequest, code: str) -> HttpResponse:
    spec = spec_for(request, code)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    books.write_template(spec, out.columns_for(spec, request.user), file)
    return workbook_response(file, f"{spec.code}-template")


def workbook_response(file: Any, name: str) -> HttpResponse:
    file.seek(0)
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX))


@require_safe
def sheet_export(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger's rows, or those of one of its lists as filtered, to be changed and imported again."""
    spec = spec_for(request, code)
    try:
        rows = exporting.asked_rows(spec, request.user, request.GET)
    except LookupError as error:
        raise Http404 from error
    columns = out.columns_for(spec, request.user)
    if any(column.personal for column in columns):
        with recording(actor=request.user):
            note(Entry("contacts.exported", spec.model.kind_code(), spec.code, {"rows": rows.count()}))
    name = f"{spec.code}-{timezone.localdate():%Y%m%d}"
    if request.GET.get("format") == "csv":
        told = out.told_rows(spec, columns, rows, user=request.user)
        return streamed(write_csv(out.headings(spec, columns), told), "text/csv; charset=utf-8", f"{name}.csv")
    if rows.count() > exporting.SOON:
        language = get_language() or settings.LANGUAGE_CODE
        job = exporting.start_export(spec, request.GET, actor=request.user, language=language)
        return redirect("ledger:job-detail", ref=job.ref)
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    out.workbook(spec, rows, file, user=request.user)
    return workbook_response(file, name)


@require_safe
def sheet_file(request: HttpRequest, ref: str) -> HttpResponse:
    """The workbook that a job of the reader has written."""
    require(request.user, Permission.SEE)
    job = exporting.ready(ref, request.user)
    if job is None:
        raise Http404
    name = spec_for(request, job.arguments["sheet"]).code
    return workbook_response(exporting.file_of(job).open("rb"), f"{name}-{timezone.localdate(job.created_at):%Y%m%d}")


@csrf_exempt  # the token is looked for behind the length, lest a huge body be read to find it
def sheet_import(request: HttpRequest, code: str) -> HttpResponse:
    refuse_huge(request)
    return take_in(request, code)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, code: str) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    spec = spec_for(request, code)
    form = SheetForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            batch = actions.upload(spec, actor=request.user, **form.words)
            return begin(request, "sheet_preview", batch)
    origins = Headings.objects.filter(sheet_code=code).order_by("origin").values_list("origin", flat=True)
    context = {"form": form, "spec": spec, "origins": list(origins)}
    return render(request, "intake/sheets/upload.html", context, status=422 if form.is_bound else 200)


def batch_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The page of a sheet's batch: how it is read, its rows, what can be done."""
    spec = spec_for(request, batch.list_code)
    job = seen(batch.job) if batch.job is not None else None
    context: dict[str, Any] = {
        "batch": batch,
        "spec": spec,
        "job": job,
        "busy": job is not None and not job.over,
        "may_import": request.user.has_perm(Permission.IMPORT),
        "tone": TONES[Batch.State(batch.state)],
        "undone": undone_by(batch),
        "tables": choosing.shown_tables(spec, headings.from_json(batch.mapping)),
    }
    if batch.state in (Batch.State.PREVIEWED, Batch.State.APPLIED):
        context |= {
            "page": pages.preview_of(batch, spec, request.GET, user=request.user),
            "leaving": (("yes", _("Leave all of these out")), ("no", _("Take all of these in"))),
            "unclean": pages.unclean_total(batch),
            "written": pages.written_total(batch),
            "unknown": [one for table in context["tables"] for one in table.headings if not one.heading.target],
        }
    return render(request, "intake/sheets/batch.html", context)


@require_POST
def sheet_read(request: HttpRequest, ref: str) -> HttpResponse:
    """Read an upload again whose reading was stopped or broke off."""
    batch, _spec = sheet_batch(request, ref)
    with transaction.atomic():
        return begin(request, "sheet_preview", idle_batch(batch.ref, Batch.State.UPLOADED))


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_columns(request: HttpRequest, ref: str) -> HttpResponse:
    """What each column of the file is, to be corrected; the preview is then made anew."""
    batch, spec = sheet_batch(request, ref)
    tables = headings.from_json(batch.mapping)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            settled = headings.settle(spec, tables, choosing.said(tables, request.POST))
            with transaction.atomic():
                waiting = idle_batch(ref, Batch.State.UPLOADED, Batch.State.PREVIEWED)
                actions.remap(waiting, settled, actor=request.user)
                return begin(request, "sheet_preview", waiting)
        except IllegalTransition:
            raise
        except Problem as error:
            problem = error
    context = {"batch": batch, "spec": spec, "tables": choosing.shown_tables(spec, tables), "problem": problem}
    return render(request, "intake/sheets/columns.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_row(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One row with all its cells, each to be corrected in place."""
    batch, spec = sheet_batch(request, ref)
    row = get_object_or_404(SheetRow.objects.select_related("batch"), batch=batch, number=number)
    if request.method == "POST":
        return say(request, row, spec) if "record" in request.POST else correct(request, row)
    context = {
        "batch": batch,
        "spec": spec,
        "shown": pages.shown_rows(batch, spec, [row], user=request.user)[0],
        "cells": pages.shown_cells(spec, batch, row),
        "open": batch.state == Batch.State.PREVIEWED,
        "may_import": True,
    }
    return render(request, "intake/sheets/row.html", context)


def correct(request: HttpRequest, row: SheetRow) -> HttpResponse:
    """Put the texts of the form in place of those cells that differ, all or none; then back to the rows."""
    before = row.get_outcome_display()
    with transaction.atomic():
        idle_batch(row.batch.ref, Batch.State.PREVIEWED)
        places = [int(key) for key in row.cells.keys() | row.edits.keys() if key.isdecimal()]
        given = {place: request.POST.get(f"cell-{place}") for place in places}
        texts = {key: text.strip() for key, text in given.items() if text is not None}
        if changed := {key: text for key, text in texts.items() if text != pages.cell_of(row, key)}:
            row = actions.edit_cells(row, changed, actor=request.user)
    return told(request, row, before)


def say(request: HttpRequest, row: SheetRow, spec: SheetSpec) -> HttpResponse:
    """Let the row be about the record of that reference; about whom its cells tell where none is given."""
    before, ref = row.get_outcome_display(), request.POST["record"]
    record = visible_or_404(spec.model.objects, request.user, ref) if ref else None
    with transaction.atomic():
        idle_batch(row.batch.ref, Batch.State.PREVIEWED)
        row = actions.say_record(row, record, actor=request.user)
    return told(request, row, before)


def told(request: HttpRequest, row: SheetRow, before: str) -> HttpResponse:
    words = {"place": row.place, "before": before, "now": row.get_outcome_display()}
    messages.success(request, _("Row %(place)s is corrected: %(before)s → %(now)s.") % words)
    return redirect(f"{reverse('intake:import-detail', args=[row.batch.ref])}?rows={row.outcome}#rows")


@require_POST
def sheet_leave(request: HttpRequest, ref: str) -> HttpResponse:
    """Leave one row, or all rows as filtered, out of what is applied; or take them in again."""
    batch, _spec = sheet_batch(request, ref)
    outcome, rows = pages.asked_rows(batch, request.POST)
    number = request.POST.get("number", "")
    if number:
        rows = batch.rows.filter(number=int(number) if number.isdecimal() and len(number) < 10 else 0)
    leave = request.POST.get("out") == "yes"
    with transaction.atomic():
        idle_batch(ref, Batch.State.PREVIEWED)
        total = actions.leave_out(rows, out=leave, actor=request.user)
    left = ngettext("%(total)s row is left out.", "%(total)s rows are left out.", total)
    taken = ngettext("%(total)s row is taken in.", "%(total)s rows are taken in.", total)
    messages.success(request, (left if leave else taken) % {"total": total})
    return redirect(f"{batch.get_absolute_url()}?rows={outcome}#rows")


@require_POST
def sheet_apply(request: HttpRequest, ref: str) -> HttpResponse:
    """Begin the writing: of everything, or with `clean` of what is clean."""
    batch, _spec = sheet_batch(request, ref)
    with transaction.atomic():
        waiting = idle_batch(batch.ref, Batch.State.PREVIEWED)
        return begin(request, "sheet_apply", waiting, clean_only=request.POST.get("clean") == "yes")
