"""Deriving figures without code, and saying who gets the totals of declared ones."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.forms.definitions import BaseForm, DeclaredForm, DefinitionForm
from qunxing.indicators.models import Definition
from qunxing.indicators.rules import Permission
from qunxing.ledger.edges import create_response, edit_response, require


def indicator_create(request: HttpRequest) -> HttpResponse:
    """First what is derived of what, then its words."""
    require(request.user, Permission.DEFINE_INDICATOR)
    ledgers = Ledgers(request.user)
    asked = BaseForm(request.GET or None, ledgers=ledgers)
    back = reverse("indicators:indicator-list")
    if not asked.is_valid():
        context = {"form": asked, "title": _("Derive a figure"), "back": back}
        status = 422 if asked.is_bound else 200
        return render(request, "indicators/figures/derive.html", context, status=status)
    words = {name: asked.cleaned_data[name] for name in ("operation", "base")}
    form = definition_form(request.user, ledgers, words, request.POST or None, None)
    return create_response(request, form, title=_("Derive a figure"), back=back)


def definition_form(
    user: Any, ledgers: Ledgers, words: dict[str, str], data: Any, instance: Definition | None
) -> DefinitionForm:
    return DefinitionForm(data, instance=instance, user=user, ledgers=ledgers, **words)


def declared_form(user: Any, data: Any, instance: Definition) -> DeclaredForm:
    return DeclaredForm(data, instance=instance, user=user)


def indicator_edit(request: HttpRequest, code: str) -> HttpResponse:
    definition = get_object_or_404(Definition.objects.visible_to(request.user), code=code)
    require(request.user, Permission.DEFINE_INDICATOR, definition)
    if definition.declared:
        return edit_response(request, definition, partial(declared_form, request.user), title=_("Edit indicator"))
    words = {"operation": definition.operation, "base": definition.base}
    build = partial(definition_form, request.user, Ledgers(request.user), words)
    return edit_response(request, definition, build, title=_("Edit indicator"))
