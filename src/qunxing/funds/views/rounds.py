"""Rounds of financing: list with its totals, page, forms."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.directory.models import Organization
from qunxing.funds.forms import RoundForm
from qunxing.funds.lists import ROUNDS, for_reader
from qunxing.funds.models import Fund, Investment, Round
from qunxing.funds.queries import financing_totals, round_parts
from qunxing.funds.rules import Permission
from qunxing.funds.views.facts import round_facts
from qunxing.funds.views.funds import form_of, remove_response
from qunxing.funds.views.panels import round_panel
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds, or those of one organisation (``?organization=ref``) or with one fund in them (``?fund=ref``)."""
    subject, rows = asked_rounds(request)
    spec = for_reader(replace(ROUNDS, rows=lambda _user: rows), request.user)
    context = {
        "subject": subject,
        "summary": partial(round_summary, request.user, rows if subject else None),
        "may_change_stages": request.user.has_perm(Permission.CHANGE_STAGE),
    }
    return list_response(request, spec, "funds/round_list.html", **context)


def asked_rounds(request: HttpRequest) -> tuple[Any, QuerySet[Round]]:
    """The organisation or fund asked for, if any, and the visible rounds that are about it."""
    user, rows = request.user, Round.objects.visible_to(request.user)
    if ref := request.GET.get("organization", ""):
        organization = visible_or_404(Organization.objects, user, ref)
        return organization, rows.filter(organization=organization)
    if ref := request.GET.get("fund", ""):
        fund = visible_or_404(Fund.objects, user, ref)
        joined = Investment.objects.visible_to(user).filter(investor_fund=fund)
        return fund, rows.filter(pk__in=joined.values("round_id"))
    return None, rows


def round_summary(user: Any, rows: QuerySet[Round] | None) -> dict[str, Any]:
    return {"totals": financing_totals(user, rows), "day": timezone.localdate()}


@require_safe
def round_detail(request: HttpRequest, ref: str) -> HttpResponse:
    found = shown_round(request, ref)
    context = record_context(request, found)
    context |= {
        "facts": round_facts(context["record"], context["evidence"]),
        "panel": round_panel(found, round_parts(found, user=request.user), user=request.user),
        "can": {permission.name.lower(): request.user.has_perm(permission, found) for permission in Permission},
    }
    return render(request, "funds/round.html", context)


def shown_round(request: HttpRequest, ref: str) -> Round:
    found: Round = visible_or_404(Round.objects.select_related("organization", "stage"), request.user, ref)
    return found


def round_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_ROUND)
    form = RoundForm(request.POST or None, user=request.user, initial=asked_organization(request))
    return create_response(request, form, title=_("New round of financing"), back=reverse("funds:round-list"))


def asked_organization(request: HttpRequest) -> dict[str, Any]:
    """The organisation whose page the reader comes from, to begin with."""
    rows = Organization.objects.visible_to(request.user)
    found = rows.filter(ref=request.GET.get("organization", "")).first()
    return {"organization": found.pk} if found else {}


def round_edit(request: HttpRequest, ref: str) -> HttpResponse:
    found = shown_round(request, ref)
    require(request.user, Permission.CHANGE_ROUND, found)
    return edit_response(request, found, partial(form_of, RoundForm, request.user), title=_("Edit round of financing"))


@require_POST
def round_remove(request: HttpRequest, ref: str) -> HttpResponse:
    found = shown_round(request, ref)
    require(request.user, Permission.REMOVE_ROUND, found)
    return remove_response(request, found, back=reverse("funds:round-list"))
