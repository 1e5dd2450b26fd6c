"""A panel made by hand: its rules, and what it is to judge."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.ledger.edges import require
from qunxing.panels import actions
from qunxing.panels.planforms import ItemForm, PlanForm
from qunxing.panels.rules import Permission
from qunxing.panels.views.panels import shown_panel


def panel_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_PANEL)
    form = PlanForm(request.POST or None, user=request.user)
    if form.is_valid():
        panel = actions.create_panel(actor=request.user, **form.planned())
        messages.success(request, _("The panel is planned. Add what it is to judge, then commit to a draw."))
        return redirect(panel.get_absolute_url())
    return shown(request, form, title=_("New panel"), back=reverse("panels:panel-list"))


def item_create(request: HttpRequest, ref: str) -> HttpResponse:
    """Add an item; one that is refused is told above what was typed."""
    panel = shown_panel(request, ref)
    require(request.user, Permission.RUN, panel)
    form = ItemForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.add_item(panel, actor=request.user, **form.added())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Added: %(code)s") % {"code": form.cleaned_data["code"]})
            return redirect(panel.get_absolute_url())
    return shown(request, form, title=_("New item"), back=panel.get_absolute_url())


def shown(request: HttpRequest, form: Any, **words: Any) -> HttpResponse:
    return render(request, "ledger/form.html", {"form": form, **words}, status=422 if form.is_bound else 200)
