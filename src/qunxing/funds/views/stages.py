"""The vocabulary of stages of financing."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.funds.forms import StageForm
from qunxing.funds.models import Stage
from qunxing.funds.rules import Permission
from qunxing.funds.views.funds import form_of
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.queries import facts, visible_or_404

FACTS = ("code", "name_zh", "name_en", "position", "retired")


@require_safe
def stage_list(request: HttpRequest) -> HttpResponse:
    may_change = request.user.has_perm(Permission.CHANGE_STAGE)
    return render(
        request, "funds/stages.html", {"stages": Stage.objects.visible_to(request.user), "may_change": may_change}
    )


@require_safe
def stage_detail(request: HttpRequest, ref: str) -> HttpResponse:
    stage = visible_or_404(Stage.objects, request.user, ref)
    context = record_context(request, stage)
    context["facts"] = facts(context["record"], FACTS, context["evidence"])
    context["may_change"] = request.user.has_perm(Permission.CHANGE_STAGE)
    return render(request, "funds/stage.html", context)


def stage_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CHANGE_STAGE)
    form = StageForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New stage of financing"), back=reverse("funds:stage-list"))


def stage_edit(request: HttpRequest, ref: str) -> HttpResponse:
    stage = visible_or_404(Stage.objects, request.user, ref)
    require(request.user, Permission.CHANGE_STAGE)
    return edit_response(request, stage, partial(form_of, StageForm, request.user), title=_("Edit stage of financing"))
