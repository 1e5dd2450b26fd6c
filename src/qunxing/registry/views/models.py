"""Models: list, page, forms."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.registry import actions
from qunxing.registry.forms import AIModelForm
from qunxing.registry.lists import models_for
from qunxing.registry.lists.models import MODALITIES, TASKS
from qunxing.registry.lists.shared import labelled
from qunxing.registry.models import AIModel
from qunxing.registry.queries import ModelParts, model_parts
from qunxing.registry.rules import Permission
from qunxing.registry.views.common import form_of, page_context, remove_response
from qunxing.registry.views.panels import model_panels

FACTS = (
    "name", "english_name", "modalities", "tasks", "parameters", "parameters_text", "openness", "base_model", "website",
    "description",
)  # fmt: skip


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, models_for(request.user, request.GET.getlist("organization")))


@require_safe
def model_detail(request: HttpRequest, ref: str) -> HttpResponse:
    model = visible_or_404(AIModel.objects, request.user, ref)
    context = page_context(request, model)
    parts = model_parts(model, user=request.user)
    context |= {
        "facts": model_facts(context["record"], context["evidence"], parts),
        "panels": model_panels(model, parts, user=request.user),
    }
    return render(request, "registry/model.html", context)


def model_facts(model: Any, evidence: Any, parts: ModelParts) -> list[Fact]:
    base = parts.base if parts.base is not None and parts.base.pk == model.base_model_id else None
    found = facts(
        model,
        FACTS,
        evidence,
        modalities=labelled(model.modalities, MODALITIES),
        tasks=labelled(model.tasks, TASKS),
        parameters="" if model.parameters is None else f"{model.parameters.normalize():f}",
        base_model=str(base or ""),
    )
    url = base.get_absolute_url() if base is not None else ""
    place = FACTS.index("base_model")
    shown = found[place]
    return [*found[:place], Fact(shown.label, shown.value, shown.note, url), *found[place + 1 :]]


def model_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_MODEL)
    form = AIModelForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        saved = actions.create_model(form.save(commit=False), actor=request.user, owner=owner, **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": saved})
        return redirect(saved.get_absolute_url())
    context = {"form": form, "title": _("New model"), "back": reverse("registry:model-list")}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def model_edit(request: HttpRequest, ref: str) -> HttpResponse:
    model = visible_or_404(AIModel.objects, request.user, ref)
    require(request.user, Permission.CHANGE_MODEL, model)
    return edit_response(request, model, partial(form_of, AIModelForm, request.user), title=_("Edit model"))


@require_POST
def model_remove(request: HttpRequest, ref: str) -> HttpResponse:
    model = visible_or_404(AIModel.objects, request.user, ref)
    require(request.user, Permission.REMOVE_MODEL, model)
    return remove_response(request, model, back=reverse("registry:model-list"))
