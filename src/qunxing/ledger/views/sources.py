"""Sources: list, page, forms, and the file behind one."""

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.forms import SourceForm
from qunxing.ledger.lists import list_response
from qunxing.ledger.lists.sources import SOURCES
from qunxing.ledger.models import Source
from qunxing.ledger.queries import cited_records, facts, visible_or_404
from qunxing.ledger.rules import Permission

FACTS = ("title", "publisher", "day", "url", "series", "digest", "note")


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, SOURCES)


@require_safe
def source_detail(request: HttpRequest, ref: str) -> HttpResponse:
    source = visible_or_404(Source.objects, request.user, ref)
    context = record_context(request, source)
    context["facts"] = facts(context["record"], FACTS, ())
    context["cited"], context["cited_total"] = cited_records(source, user=request.user)
    context["may_change"] = request.user.has_perm(Permission.CHANGE_SOURCE, source)
    return render(request, "ledger/source.html", context)


@require_safe
def source_file(request: HttpRequest, ref: str) -> FileResponse:
    """The kept file, always as a download and never as a page of ours."""
    source = visible_or_404(Source.objects, request.user, ref)
    if not source.file:
        raise Http404
    name = source.file.name.rsplit("/", 1)[-1]
    try:
        content = source.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def source_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_SOURCE)
    form = SourceForm(request.POST or None, request.FILES or None, user=request.user)
    return create_response(request, form, title=_("New source"), back=reverse("ledger:source-list"))


def source_edit(request: HttpRequest, ref: str) -> HttpResponse:
    source = visible_or_404(Source.objects, request.user, ref)
    require(request.user, Permission.CHANGE_SOURCE, source)
    build = partial(source_form, request)
    return edit_response(request, source, build, title=_("Edit source"))


def source_form(request: HttpRequest, data: Any, instance: Any) -> SourceForm:
    files = request.FILES if data is not None else None
    return SourceForm(data, files, instance=instance, user=request.user)
