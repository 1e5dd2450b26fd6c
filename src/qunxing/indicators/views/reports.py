"""Reports: list, page, figures with their rows, files, differences; drafts, issuing, reissuing."""

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Problem
from qunxing.indicators.actions import reports as actions
from qunxing.indicators.forms.reports import ReportForm
from qunxing.indicators.lists import REPORTS
from qunxing.indicators.models import Report, ReportTemplate
from qunxing.indicators.queries import reports as queries
from qunxing.indicators.reports.docx import DOCX, word_file
from qunxing.indicators.reports.exchange import contract
from qunxing.indicators.reports.paper import Paper
from qunxing.indicators.reports.xlsx import XLSX, workbook_file
from qunxing.indicators.rules import Permission
from qunxing.indicators.states.reports import TONES, ReportState
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.models.records import SEES_ALL
from qunxing.ledger.queries import visible_or_404

ROWS_PAGE = 100
FORMS = {
    "previous": gettext_lazy("the period before"),
    "year_before": gettext_lazy("a year before"),
    "change": gettext_lazy("change on the period before"),
    "change_year": gettext_lazy("change on the year"),
    "growth": gettext_lazy("growth on the period before"),
    "growth_year": gettext_lazy("growth on the year"),
    "count": gettext_lazy("number"),
}
FILES = {"docx": DOCX, "xlsx": XLSX, "json": "application/json"}


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, REPORTS, template="indicators/reports/list.html")


def found(request: HttpRequest, ref: str) -> Report:
    rows = Report.objects.select_related("template", "scope__community", "replaces__template", "issued_by")
    report: Report = visible_or_404(rows, request.user, ref)
    return report


@require_safe
def report_detail(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    paper = queries.paper_of(report, request.user)
    context = record_context(request, report)
    context |= page_words(report, paper) | {
        "report": report,
        "tone": TONES[ReportState(report.state)],
        "proof": queries.prove(report) if report.frozen else None,
        "reissue": Report.objects.visible_to(request.user).filter(replaces=report).order_by("pk").last(),
        "may_change": request.user.has_perm(Permission.CHANGE_REPORT, report),
        "may_issue": request.user.has_perm(Permission.ISSUE_REPORT, report),
        "may_compare": request.user.has_perm(Permission.SEE_DIFFERENCES, report),
        "sees_all": getattr(request.user, "kind", None) in SEES_ALL,
        "sees_authors": request.user.has_perm("ledger.see_authors"),
    }
    return render(request, "indicators/reports/report.html", context)


def page_words(report: Report, paper: Paper) -> dict[str, Any]:
    """What the page says: the sections with the addresses of their figures, what is counted, what to know."""
    numbers = {item["key"]: place for place, item in enumerate(paper.content["figures"], start=1)}
    address = partial(figure_url, report)
    heading = paper.heading()
    with paper.said():
        return {
            "heading": heading,
            "paper": paper,
            "sections": [shown_section(section, paper, numbers, address) for section in paper.content["sections"]],
            "definitions": list(paper.definitions()),
            "remarks": paper.remarks(),
        }


def figure_url(report: Report, number: int) -> str:
    return reverse("indicators:report-figure", args=[report.ref, number]) if report.pk else ""


def shown_section(section: Any, paper: Paper, numbers: dict[str, int], address: Any) -> dict[str, Any]:
    blocks = [shown_block(block, paper, numbers, address) for block in section["blocks"]]
    return {"heading": section["heading"], "blocks": blocks}


def shown_block(block: dict[str, Any], paper: Paper, numbers: dict[str, int], address: Any) -> dict[str, Any]:
    """The block with an address for each figure in it."""

    def cell(part: Any) -> dict[str, str]:
        number = numbers.get(part.get("figure", ""))
        return {"text": part["text"], "url": address(number) if number else ""}

    match block["kind"]:
        case "paragraph":
            return block | {"parts": [cell(part) for part in block["parts"]]}
        case "table":
            return block | {"lines": [[cell(part) for part in line] for line in block["lines"]]}
        case "rows":
            return block | {"lists": [shown_rows(paper, key) for key in block["figures"]]}
        case _:
            return dict(block)


def shown_rows(paper: Paper, key: str) -> dict[str, Any]:
    names, hidden = paper.names_behind(key)
    links = queries.links_to(paper.items[key]["kind"], [ref for ref, _name in names])
    rows = [{"name": name, "url": links.get(ref, "")} for ref, name in names]
    return {"rows": rows, "hidden": hidden}


@require_safe
def report_figure(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One figure of a report: its words, what it counts, and the rows behind it."""
    report = found(request, ref)
    paper = queries.paper_of(report, request.user)
    if not 1 <= number <= len(paper.content["figures"]):
        raise Http404
    item = paper.content["figures"][number - 1]
    if not paper.content["rows"].get(item["kind"]) and not report.frozen:
        paper = Paper(queries.content_now(report, all_names=True), paper.seen)
    names, hidden = paper.names_behind(item["key"])
    pages = Paginator(names, ROWS_PAGE)
    page = pages.get_page(request.GET.get("page"))
    links = queries.links_to(item["kind"], [one for one, _name in page.object_list])
    doubtful = set(item["perhaps"])
    rows = [{"name": name, "url": links.get(one, ""), "perhaps": one in doubtful} for one, name in page.object_list]
    definition = paper.content["definitions"].get(item["code"])
    words = {"report": report, "item": item, "rows": rows, "hidden": hidden, "page": page, "definition": definition}
    return render(request, "indicators/reports/figure.html", words)


@require_safe
def report_file(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The report as a file; what is kept, whole, is for those who see all rows."""
    report = found(request, ref)
    if kind not in FILES:
        raise Http404
    name = f"{report.number or 'draft'}-{report.as_of:%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file_of(report, request.user, kind), content_type=FILES[kind], headers=headers)


def file_of(report: Report, user: Any, kind: str) -> bytes:
    paper = queries.paper_of(report, user)
    if kind == "docx":
        return word_file(paper)
    if kind == "xlsx":
        return workbook_file(paper)
    said = contract(paper.content, sealed=paper.digest, seen=paper.seen)
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


@require_safe
def report_kept(request: HttpRequest, ref: str) -> HttpResponse:
    """What is kept of an issued report, whole: the digest in the log is of these bytes."""
    report = found(request, ref)
    require(request.user, Permission.SEE_DIFFERENCES, report)
    if not report.frozen:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{report.number}-kept.json"'}
    return HttpResponse(queries.kept_text(report), content_type="application/json", headers=headers)


def form_of(user: Any, data: Any, instance: Report | None) -> ReportForm:
    return ReportForm(data, instance=instance, user=user)


def report_create(request: HttpRequest) -> HttpResponse:
    """A draft made by hand; opened from a template it is filled in for the period that ended last."""
    require(request.user, Permission.CHANGE_REPORT)
    form = form_of(request.user, request.POST or None, None)
    template = ReportTemplate.objects.filter(ref=request.GET.get("template", "")).first()
    if template is not None and request.method != "POST":
        as_of, _period = queries.last_period(timezone.localdate(), template.period)
        scope = form.fields["scope"].queryset.filter(code=template.scope).first()  # type: ignore[attr-defined]
        form.initial.update(template=template, as_of=as_of, scope=scope, visibility=template.audience)
    return create_response(request, form, title=_("New report"), back=reverse("indicators:report-list"))


def report_edit(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    require(request.user, Permission.CHANGE_REPORT, report)
    if report.state != ReportState.DRAFT:
        raise Problem(_("Only a draft can be changed."), _("What was issued stays as it was said: reissue it."), 409)
    return edit_response(request, report, partial(form_of, request.user), title=_("Edit the draft"))


@require_POST
def report_issue(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    require(request.user, Permission.ISSUE_REPORT, report)
    reason = request.POST.get("reason", "")
    actions.issue(report, actor=request.user, reason=reason, at=timezone.now())
    messages.success(request, _("Issued as %(number)s; what it says stays as it is now.") % {"number": report.number})
    return redirect(report.get_absolute_url())


@require_POST
def report_drop(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    require(request.user, Permission.CHANGE_REPORT, report)
    actions.drop(report, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The draft is dropped."))
    return redirect("indicators:report-list")


@require_POST
def report_reissue(request: HttpRequest, ref: str) -> HttpResponse:
    report = found(request, ref)
    require(request.user, Permission.CHANGE_REPORT, report)
    made = actions.reissue(report, actor=request.user)
    return redirect("indicators:report-differences", made.ref)


@require_safe
def report_differences(request: HttpRequest, ref: str) -> HttpResponse:
    """What differs from the report that this one is a reissue of; else what it would say otherwise today."""
    report = found(request, ref)
    require(request.user, Permission.SEE_DIFFERENCES, report)
    if report.replaces is None and not report.frozen:
        raise Problem(_("A draft that replaces nothing has nothing to differ from."), _("Issue it first."), 409)
    before = report.replaces if report.replaces is not None else report
    pair = queries.Difference(before, report if report.replaces is not None else None)
    words = {
        "report": report,
        "before": pair.before,
        "after": pair.after,
        "changes": shown_changes(pair),
        "following": [(one, FORMS[one.form]) for one in pair.changes if one.follows and one.differs],
    }
    return render(request, "indicators/reports/differences.html", words)


def shown_changes(pair: queries.Difference) -> list[dict[str, Any]]:
    """The figures of the day itself, each with the rows that moved."""
    found = [one for one in pair.changes if not one.follows]
    links: dict[str, str] = {}
    for kind in {one.kind for one in found if one.kind}:
        links |= queries.links_to(kind, {ref for one in found if one.kind == kind for ref in moved_refs(one)})
    return [{"change": one, "groups": groups_of(one, links)} for one in found]


def moved_refs(one: Any) -> list[str]:
    return [*one.came, *one.left, *one.corrected_in, *one.corrected_out, *one.corrected]


def groups_of(one: Any, links: dict[str, str]) -> list[dict[str, Any]]:
    """The rows that moved, kind by kind, each with its name and its address."""
    titles = (
        (_("Came"), one.came, "good"),
        (_("Left"), one.left, "warn"),
        (_("Corrected: added, was there already"), one.corrected_in, "info"),
        (_("Corrected: taken out, was said by mistake"), one.corrected_out, "info"),
        (_("Corrected, counted in both"), one.corrected, "muted"),
    )
    return [
        {
            "title": title,
            "tone": tone,
            "rows": [{"name": one.names.get(ref, ref), "url": links.get(ref, "")} for ref in refs],
        }
        for title, refs, tone in titles
        if refs
    ]
