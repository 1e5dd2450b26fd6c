"""Word templates: list, page with the placeholders there are, forms, and one filled with records."""

from functools import partial
from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.errors import Refused
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.core.specs import declared
from qunxing.intake.lists import PAPERS
from qunxing.intake.models import Paper
from qunxing.intake.papers import fill, filled_words, placeholders
from qunxing.intake.papers.forms import PaperForm
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.lists.page import narrowed, ordering, read_wish
from qunxing.ledger.queries import facts, visible_or_404

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FACTS = ("note", "digest")
MOST = 500


@require_safe
def paper_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, PAPERS)


@require_safe
def paper_detail(request: HttpRequest, ref: str) -> HttpResponse:
    paper = visible_or_404(Paper.objects, request.user, ref)
    context = record_context(request, paper)
    context["facts"] = facts(context["record"], FACTS, ())
    context["may_change"] = request.user.has_perm(Permission.EDIT_PAPER, paper)
    context |= names_context(sheets().get(paper.sheet_code), "records" if paper.together else "record")
    return render(request, "intake/papers/paper.html", context)


@require_safe
def paper_names(request: HttpRequest, code: str) -> HttpResponse:
    """The placeholders of a sheet, before there is a template."""
    require(request.user, Permission.EDIT_PAPER)
    if code not in sheets():
        raise Http404
    return render(request, "intake/papers/names.html", names_context(sheets()[code], "record"))


def names_context(spec: SheetSpec | None, root: str) -> dict[str, Any]:
    if spec is None:
        return {"sheet": None, "names": []}
    return {"sheet": spec, "names": list(placeholders(spec)), "root": root, "sheets": sheets().values()}


@require_safe
def paper_file(request: HttpRequest, ref: str) -> FileResponse:
    paper = visible_or_404(Paper.objects, request.user, ref)
    try:
        content = paper.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=f"{paper.name}.docx", content_type=DOCX)


def paper_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.EDIT_PAPER)
    form = PaperForm(request.POST or None, request.FILES or None, user=request.user)
    return create_response(request, form, title=_("New Word template"), back=reverse("intake:paper-list"))


def paper_edit(request: HttpRequest, ref: str) -> HttpResponse:
    paper = visible_or_404(Paper.objects, request.user, ref)
    require(request.user, Permission.EDIT_PAPER, paper)
    return edit_response(request, paper, partial(paper_form, request), title=_("Edit Word template"))


def paper_form(request: HttpRequest, data: Any, instance: Any) -> PaperForm:
    files = request.FILES if data is not None else None
    return PaperForm(data, files, instance=instance, user=request.user)


@require_safe
def paper_fill(request: HttpRequest, ref: str) -> FileResponse:
    """The template filled with the records named (``?record=REF``), or with the rows of a list as it is asked for."""
    paper = visible_or_404(Paper.objects, request.user, ref)
    spec = sheets().get(paper.sheet_code)
    if spec is None:
        raise Refused(_("The program no longer has the sheet that this template is filled from."), status=409)
    rows = chosen(spec, request.GET, request.user)
    if not rows:
        raise Refused(_("No record is chosen, or none that you may see."), _("Choose one on its page or list."), 422)
    with paper.file.open("rb") as file:
        content = fill(file.read(), filled_words(rows, spec, user=request.user, day=timezone.localdate()))
    name = f"{slugify(paper.name, allow_unicode=True) or 'paper'}-{timezone.localdate():%Y%m%d}.docx"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=DOCX)


def chosen(spec: SheetSpec, query: QueryDict, user: Any) -> list[Any]:
    """The records asked for that the reader may see, in the order of their list; Refused where they are too many."""
    rows = spec.model.objects.visible_to(user)
    if "of_list" not in query:
        return list(rows.filter(ref__in=query.getlist("record")[:MOST]))
    keys = listed_keys(spec, query, user)
    if len(keys) > MOST:
        raise Refused(_("These are more than %(most)s records.") % {"most": MOST}, _("Narrow the list first."), 413)
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def listed_keys(spec: SheetSpec, query: QueryDict, user: Any) -> list[int]:
    """The keys of the rows of that list in its order, as far as one file takes them."""
    lists = (one for one in declared("lists", "LISTS") if one.code == query["of_list"] and one.model is spec.model)
    found = next(lists, None)
    if found is None:
        raise Http404
    wish = read_wish(found, user, query)
    return list(narrowed(wish).order_by(*ordering(wish)).values_list("pk", flat=True)[: MOST + 1])
