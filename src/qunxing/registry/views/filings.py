"""Filings: list, page, forms, steps."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import IllegalTransition
from qunxing.core.states import Transition
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.registry import actions
from qunxing.registry.forms import FilingForm, ServiceForm, StepForm
from qunxing.registry.lists import filings_for
from qunxing.registry.lists.filings import granted_text
from qunxing.registry.models import Filing, FilingKind
from qunxing.registry.queries import FilingParts, due_of, filing_parts, steps_of
from qunxing.registry.rules import Permission
from qunxing.registry.states import MACHINE, TONES, State
from qunxing.registry.views.common import form_of, page_context, remove_response
from qunxing.registry.views.panels import filing_panels

FACTS = (
    "kind", "name", "number", "organization", "state", "authority", "authority_name", "region", "region_text",
    "granted_on", "granted_note", "batch", "relies_on",
)  # fmt: skip
OF_ALGORITHMS = ("algorithm_class", "algorithm_role")
# Left out where there is nothing to say.
SELDOM = {
    "authority_name", "region_text", "granted_note", "batch", "public_url", "shown_since", "altered_on", "ended_on",
    "notes",
}  # fmt: skip
OF_SERVICE = ("product", "purpose", "public_url", "went_live_on", "shown_since", "altered_on", "ended_on", "notes")


@require_safe
def filing_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, filings_for(request.user, request.GET.getlist("organization")))


@require_safe
def filing_detail(request: HttpRequest, ref: str) -> HttpResponse:
    user = request.user
    filing = visible_or_404(Filing.objects.select_related("organization"), user, ref)
    context = page_context(request, filing, MACHINE)
    parts = filing_parts(filing, user=user)
    context |= {
        "facts": filing_facts(context["record"], filing, context["evidence"], parts),
        "steps": steps_of(filing, user=user),
        "parts": parts,
        "panels": filing_panels(filing, parts, user=user),
        "tone": TONES[State(context["record"].state)],
        "due": due_of(filing, timezone.localdate()) if concerns(user, filing) else [],
        "nameless": filing.kind == FilingKind.REGISTERED and filing.relies_on_id is None,
    }
    return render(request, "registry/filing.html", context)


def concerns(user: Any, filing: Filing) -> bool:
    """Whether the obligations of the filing are this reader's business."""
    return bool(user.has_perm(Permission.SEE_DUE) and user.has_perm(Permission.SEE_DUTIES, filing))


def filing_facts(record: Any, filing: Filing, evidence: Any, parts: FilingParts) -> list[Fact]:
    """Facts of the record as it is or was; organisation and relied-on filing are named as they are today."""
    every = [*FACTS, *(OF_ALGORITHMS if record.kind == FilingKind.ALGORITHM else ()), *OF_SERVICE]
    names = [name for name in every if name not in SELDOM or getattr(record, name)]
    if record.kind != FilingKind.REGISTERED:
        names.remove("relies_on")
    same = record.organization_id == filing.organization_id
    relied_on = parts.relies_on if record.relies_on_id == filing.relies_on_id else None
    related = {"organization": filing.organization if same else None, "relies_on": relied_on}
    shown = {name: str(row or "") for name, row in related.items() if name in names}
    found = facts(record, names, evidence, granted_on=granted_text(record), **shown)
    return [with_link(fact, related.get(name)) for name, fact in zip(names, found, strict=True)]


def with_link(fact: Fact, record: Any) -> Fact:
    return fact if record is None else Fact(fact.label, fact.value, fact.note, record.get_absolute_url())


def filing_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_FILING)
    form = FilingForm(request.POST or None, user=request.user, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["since"] or timezone.localdate()
        saved = actions.create_filing(form.save(commit=False), actor=request.user, day=day, **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": saved})
        return redirect(saved.get_absolute_url())
    context = {"form": form, "title": _("New filing"), "back": reverse("registry:filing-list")}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def filing_edit(request: HttpRequest, ref: str) -> HttpResponse:
    filing = visible_or_404(Filing.objects, request.user, ref)
    require(request.user, Permission.CHANGE_FILING, filing)
    build = partial(form_of, FilingForm, request.user)
    return edit_response(request, filing, build, title=_("Edit filing"), save=actions.change_filing)


def filing_service(request: HttpRequest, ref: str) -> HttpResponse:
    """The days of the service, which its firm may report whatever the state of the filing."""
    filing = visible_or_404(Filing.objects, request.user, ref)
    require(request.user, Permission.CHANGE_SERVICE, filing)
    build = partial(form_of, ServiceForm, request.user)
    return edit_response(request, filing, build, title=_("Days of the service"))


def filing_step(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Ask for the day of a step, then take it."""
    filing = visible_or_404(Filing.objects, request.user, ref)
    step = permitted_step(request.user, filing, name)
    words: dict[str, Any] = {"user": request.user, "filing": filing, "step": step, "today": timezone.localdate()}
    form = StepForm(request.POST or None, **words)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        actions.move(
            filing, name, actor=request.user, day=cleaned["day"], note=cleaned["note"], values=form.values, **form.words
        )
        messages.success(request, _("%(record)s: %(step)s.") % {"record": filing.name, "step": step.label})
        return redirect(filing.get_absolute_url())
    context = {"form": form, "title": step.label, "back": filing.get_absolute_url(), "record": filing}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def permitted_step(user: Any, filing: Filing, name: str) -> Transition:
    """404 for a step there is none of, 403 for whoever may not, 409 where the state does not allow it (any more)."""
    step = next((step for step in MACHINE if step.name == name), None)
    if step is None:
        raise Http404
    if not user.has_perm(step.permission, filing):
        raise PermissionDenied
    if filing.state not in step.sources:
        raise IllegalTransition
    return step


@require_POST
def filing_remove(request: HttpRequest, ref: str) -> HttpResponse:
    filing = visible_or_404(Filing.objects, request.user, ref)
    require(request.user, Permission.REMOVE_FILING, filing)
    return remove_response(request, filing, back=reverse("registry:filing-list"))
