"""Funds: list with its totals, page, forms."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.funds import actions
from qunxing.funds.forms import FundForm
from qunxing.funds.lists import FUNDS, for_reader
from qunxing.funds.models import Fund
from qunxing.funds.queries import family_of, fund_totals, parts_of
from qunxing.funds.rules import Permission
from qunxing.funds.views.facts import fund_facts, level_chart
from qunxing.funds.views.panels import fund_panels
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404


@require_safe
def fund_list(request: HttpRequest) -> HttpResponse:
    return list_response(
        request, for_reader(FUNDS, request.user), "funds/fund_list.html", summary=partial(fund_summary, request.user)
    )


def fund_summary(user: Any) -> dict[str, Any]:
    """What stands above the list; asked for by the whole page only, never by a fragment."""
    totals = fund_totals(user)
    return {"totals": totals, "chart": level_chart(totals), "day": timezone.localdate()}


@require_safe
def fund_detail(request: HttpRequest, ref: str) -> HttpResponse:
    fund = visible_or_404(Fund.objects, request.user, ref)
    context = record_context(request, fund)
    parts = parts_of(fund, user=request.user)
    context |= {
        "facts": fund_facts(context["record"], context["evidence"], user=request.user),
        "family": family_of(fund, user=request.user),
        "panels": fund_panels(fund, parts, user=request.user),
        "can": {permission.name.lower(): request.user.has_perm(permission, fund) for permission in Permission},
    }
    return render(request, "funds/fund.html", context)


def form_of(form_class: Any, user: Any, data: Any, instance: Any) -> Any:
    return form_class(data, instance=instance, user=user)


def fund_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_FUND)
    form = FundForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New fund"), back=reverse("funds:fund-list"))


def fund_edit(request: HttpRequest, ref: str) -> HttpResponse:
    fund = visible_or_404(Fund.objects, request.user, ref)
    require(request.user, Permission.CHANGE_FUND, fund)
    return edit_response(request, fund, partial(form_of, FundForm, request.user), title=_("Edit fund"))


@require_POST
def fund_remove(request: HttpRequest, ref: str) -> HttpResponse:
    fund = visible_or_404(Fund.objects, request.user, ref)
    require(request.user, Permission.REMOVE_FUND, fund)
    return remove_response(request, fund, back=reverse("funds:fund-list"))


def remove_response(request: HttpRequest, record: Any, *, back: str) -> HttpResponse:
    name = str(record)
    actions.remove_record(record, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": name})
    return redirect(back)
