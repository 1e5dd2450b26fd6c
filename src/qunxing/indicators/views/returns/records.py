"""Quarterly returns: list, page, forms, steps, and the statistics form of one."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.papers import paper_response
from qunxing.core.errors import Problem
from qunxing.core.formats import show_day, show_number
from qunxing.directory.models import Organization
from qunxing.indicators import returnpapers
from qunxing.indicators.actions import returns as actions
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.forms.returns import ReturnForm, begun_form
from qunxing.indicators.lists.returns import RETURNS
from qunxing.indicators.models import Return
from qunxing.indicators.models.returns import MONEY, PEOPLE, RIGHTS, edited_organizations
from qunxing.indicators.queries.returns.filing import before, terms
from qunxing.indicators.queries.returns.totals import in_thousands
from qunxing.indicators.rules import Permission
from qunxing.indicators.states.returns import RETURN, TONES, ReturnState
from qunxing.indicators.validators import slips
from qunxing.indicators.views.returns.pages import tabs
from qunxing.ledger.actions import remove
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, visible_or_404

ASKED_MONEY = (*MONEY, "two_year_revenue")


@require_safe
def return_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_RETURN_LIST)
    return list_response(request, RETURNS, "indicators/returns/list.html", tabs=tabs(request, "list"))


def shown_return(request: HttpRequest, ref: str) -> Return:
    found: Return = visible_or_404(Return.objects.select_related("organization"), request.user, ref)
    return found


@require_safe
def return_detail(request: HttpRequest, ref: str) -> HttpResponse:
    row = shown_return(request, ref)
    context = record_context(request, row, RETURN)
    record: Return = context["record"]
    last = before(record.organization, record.period)
    values = {name: getattr(record, name) for name in ASKED_MONEY}
    context |= {
        "state_tone": TONES[ReturnState(record.state)],
        "facts": return_facts(record),
        "figures": figures_of(record, last),
        "last": last,
        "slips": [Return._meta.get_field(name).verbose_name for name in slips(values, last)],  # type: ignore[union-attr]
        "due": record.period.due(terms().due_day),
        "can": {permission.name.lower(): request.user.has_perm(permission, row) for permission in Permission},
    }
    return render(request, "indicators/returns/detail.html", context)


def return_facts(row: Return) -> list[Fact]:
    until = show_day(row.certificate_until) if row.certificate_until else ""
    certificate = " · ".join(filter(None, [row.certificate_number, until]))
    found = [
        Fact(_("Organisation"), row.organization.name, url=row.organization.get_absolute_url()),
        Fact(_("Quarter"), str(row.period)),
        Fact(_("Submitted on"), show_day(row.submitted_on) if row.submitted_on else ""),
        Fact(_("High-tech certificate"), certificate),
        Fact(_("Note"), row.note, wide=True),
    ]
    return [fact for fact in found if fact.value]


def figures_of(row: Return, last: Return | None) -> list[dict[str, Any]]:
    """Each figure beside that of the last return."""
    return [
        {"label": Return._meta.get_field(name).verbose_name, "money": name in ASKED_MONEY,  # type: ignore[union-attr]
         "now": shown(name, getattr(row, name)), "last": shown(name, getattr(last, name) if last else None)}
        for name in (*ASKED_MONEY, *PEOPLE, *RIGHTS)
    ]  # fmt: skip


def shown(name: str, value: int | None) -> str:
    return show_number(in_thousands(value) if name in ASKED_MONEY else value)


def return_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_RETURN)
    form = begun_form(
        request.user,
        request.POST or None,
        organization=asked_organization(request),
        period=Quarter.read(request.GET.get("quarter", "")),
        today=timezone.localdate(),
    )
    back = reverse("indicators:return-list")
    return create_response(request, form, title=_("New quarterly return"), back=back, template=FORM)


FORM = "indicators/returns/form.html"


def asked_organization(request: HttpRequest) -> Organization | None:
    """The organisation that is asked for, or the only one for which the user writes."""
    rows = Organization.objects.visible_to(request.user)
    if ref := request.GET.get("organization", ""):
        found: Organization | None = rows.filter(ref=ref).first()
        return found if found and request.user.has_perm(Permission.CHANGE_RETURN, found) else None
    own = list(rows.filter(pk__in=edited_organizations(request.user))[:2])
    return own[0] if len(own) == 1 else None


def return_edit(request: HttpRequest, ref: str) -> HttpResponse:
    row = shown_return(request, ref)
    require(request.user, Permission.CHANGE_RETURN, row)
    build = partial(form_of, request.user)
    return edit_response(request, row, build, title=_("Edit quarterly return"), template=FORM)


def form_of(user: Any, data: Any, instance: Return) -> ReturnForm:
    return ReturnForm(data, instance=instance, user=user, today=timezone.localdate())


@require_POST
def return_move(request: HttpRequest, ref: str) -> HttpResponse:
    row, reason = shown_return(request, ref), request.POST.get("reason", "")
    actions.move(row, request.POST.get("step", ""), actor=request.user, now=timezone.now(), reason=reason)
    words = {"row": row, "state": row.get_state_display()}
    messages.success(request, _("%(row)s is now %(state)s.") % words)
    return redirect(row.get_absolute_url())


@require_POST
def return_remove(request: HttpRequest, ref: str) -> HttpResponse:
    row = shown_return(request, ref)
    require(request.user, Permission.REMOVE_RETURN, row)
    remove(row, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": row})
    return redirect("indicators:return-list")


@require_safe
def return_paper(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The statistics form of one firm, as Word or as a sheet."""
    row = shown_return(request, ref)
    name = f"return-{row.period}-{row.ref}"
    if kind == "docx":
        return paper_response(returnpapers.return_paper(row), name)
    if kind == "xlsx":
        return returnpapers.sheet_response(*returnpapers.return_sheet(row), name)
    raise Problem(_("There is no such form."), _("Choose Word or Excel."), 404)
