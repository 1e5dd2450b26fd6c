"""Templates of reports: list, page, forms, and what they would say while they are written."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.ui import wants_fragment
from qunxing.directory.models import Scope
from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.forms.reports import PreviewForm, TemplateForm
from qunxing.indicators.lists import TEMPLATES
from qunxing.indicators.models import Every, Language, Report, ReportTemplate
from qunxing.indicators.queries import reports as queries
from qunxing.indicators.reports.body import FORMS, WORDS
from qunxing.indicators.reports.composing import Asked
from qunxing.indicators.reports.content import compose
from qunxing.indicators.reports.faults import fault_text
from qunxing.indicators.reports.keeping import plain
from qunxing.indicators.reports.paper import Paper
from qunxing.indicators.reports.readers import reader_of
from qunxing.indicators.rules import Permission
from qunxing.indicators.views.reports import page_words
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.models import Visibility
from qunxing.ledger.queries import visible_or_404

FORM = "indicators/reports/template_form.html"


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_TEMPLATES)
    return list_response(request, TEMPLATES)


@require_safe
def template_detail(request: HttpRequest, ref: str) -> HttpResponse:
    template: ReportTemplate = visible_or_404(ReportTemplate.objects, request.user, ref)
    context = record_context(request, template)
    _body, faults = queries.faults_of(context["record"].body)
    context |= {
        "faults": [fault_text(fault) for fault in faults],
        "reports": Report.objects.visible_to(request.user).filter(template=template).select_related("scope")[:12],
        "may_change": request.user.has_perm(Permission.CHANGE_TEMPLATE, template),
        "may_draft": request.user.has_perm(Permission.CHANGE_REPORT),
    }
    return render(request, "indicators/reports/template.html", context)


def form_of(user: Any, data: Any, instance: ReportTemplate | None) -> TemplateForm:
    form = TemplateForm(data, instance=instance, user=user)
    form.known = known_words()  # type: ignore[attr-defined]
    return form


def known_words() -> dict[str, Any]:
    """What can be named in a template, to choose from while it is written."""
    ledgers = Ledgers()
    indicators = [
        {"code": code, "name": one.name, "ways": ledgers.dimensions(one)} for code, one in ledgers.indicators.items()
    ]
    return {"indicators": indicators, "words": WORDS, "forms": FORMS, "scopes": Scope.Code.choices}


def template_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CHANGE_TEMPLATE)
    form = form_of(request.user, request.POST or None, None)
    back = reverse("indicators:template-list")
    return create_response(request, form, title=_("New report template"), back=back, template=FORM)


def template_edit(request: HttpRequest, ref: str) -> HttpResponse:
    template = visible_or_404(ReportTemplate.objects, request.user, ref)
    require(request.user, Permission.CHANGE_TEMPLATE, template)
    build = partial(form_of, request.user)
    return edit_response(request, template, build, title=_("Edit the template"), template=FORM)


@require_POST
def template_preview(request: HttpRequest) -> HttpResponse:
    """What the text would say, or what is wrong with it; nothing is kept."""
    require(request.user, Permission.CHANGE_TEMPLATE)
    form = PreviewForm(request.POST)
    words: dict[str, Any] = previewed(form, request.user) if form.is_valid() else {"faults": messages_of(form)}
    live = wants_fragment(request)
    name = "indicators/reports/preview.html" if live else "indicators/reports/preview_page.html"
    return render(request, name, words, status=422 if words["faults"] and not live else 200)


def previewed(form: PreviewForm, user: Any) -> dict[str, Any]:
    """What the page of a report would show, or the faults of the text."""
    body, faults = queries.faults_of(form.cleaned_data["body"].replace("\r\n", "\n"))
    if faults:
        return {"faults": [fault_text(fault) for fault in faults]}
    content = plain(compose(asked_of(form.cleaned_data, user), body, title=_("Preview")))
    return {"faults": []} | page_words(Report(), Paper(content))


def messages_of(form: PreviewForm) -> list[str]:
    return [str(message) for found in form.errors.values() for message in found]


def asked_of(cleaned: dict[str, Any], user: Any) -> Asked:
    """The template's own settings as far as they are told, as of the end of the period that ended last."""
    every = cleaned["period"] if cleaned["period"] in Every.values else Every.MONTH
    language = cleaned["language"] if cleaned["language"] in Language.values else Language.CHINESE
    audience = cleaned["audience"] if cleaned["audience"] in Visibility.values else Visibility.INTERNAL
    last, _period = queries.last_period(timezone.localdate(), every)
    code = cleaned["scope"] or Scope.Code.SPACE
    scope = Scope.objects.visible_to(user).filter(code=code).select_related("community").order_by("pk").first()
    return Asked(
        cleaned["as_of"] or last, scope, reader_of(audience), span=queries.SPANS[Every(every)], language=language
    )
