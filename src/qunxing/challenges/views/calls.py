"""Calls for needs, needs, and what experts find of them."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import calls as actions
from qunxing.challenges.forms.boards import PutOnListForm
from qunxing.challenges.forms.calls import AppraisalForm, AskExpertsForm, CallForm, NeedForm
from qunxing.challenges.lists.boards import CALLS, NEEDS
from qunxing.challenges.models import Call, Need, NeedAppraisal
from qunxing.challenges.queries.boards import Stop, way
from qunxing.challenges.rules.boards import Permission as ListPermission
from qunxing.challenges.rules.calls import Permission
from qunxing.challenges.states.call import CALL, NEED, NEED_PATH, NEED_TONES, NeedState
from qunxing.challenges.views.tabs import tabs
from qunxing.challenges.wording import listed
from qunxing.core.money import show_money
from qunxing.directory.queries import field_names
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.scenarios.models import Scenario

NEED_FACTS = ("number", "organization", "call", "fields", "money", "submitted_on")
NEED_TEXTS = ("problem", "state_of_art", "goals")


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, CALLS, "challenges/list_list.html", tabs=tabs(request, "calls"))


def the_call(request: HttpRequest, ref: str) -> Call:
    found: Call = visible_or_404(Call.objects, request.user, ref)
    return found


@require_safe
def call_detail(request: HttpRequest, ref: str) -> HttpResponse:
    call = the_call(request, ref)
    context = record_context(request, call, CALL)
    user = request.user
    context |= {
        "facts": facts(context["record"], ("opens_on", "closes_on", "text"), context["evidence"]),
        "fields": listed(name for name in field_names(call.fields)),
        "needs": Need.objects.visible_to(user).filter(call=call).select_related("organization"),
        "takes_needs": call.takes_needs_on(timezone.localdate()) and user.has_perm(Permission.CREATE_NEED),
        "can_run": user.has_perm(Permission.RUN_CALL, call),
    }
    return render(request, "challenges/call.html", context)


def call_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.RUN_CALL)
    form = CallForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New call for needs"), back=reverse("challenges:call-list"))


def call_edit(request: HttpRequest, ref: str) -> HttpResponse:
    call = the_call(request, ref)
    require(request.user, Permission.RUN_CALL, call)
    return edit_response(request, call, partial(call_form, request.user), title=_("Edit call for needs"))


def call_form(user: Any, data: Any, instance: Call) -> CallForm:
    return CallForm(data, instance=instance, user=user)


@require_POST
def call_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    call = the_call(request, ref)
    taken = actions.move_call(call, step, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(step)s: done.") % {"step": taken.label})
    return redirect(call.get_absolute_url())


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, NEEDS, "challenges/list_list.html", tabs=tabs(request, "needs"))


def the_need(request: HttpRequest, ref: str) -> Need:
    rows = Need.objects.select_related("organization", "call", "scenario")
    found: Need = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def need_detail(request: HttpRequest, ref: str) -> HttpResponse:
    need = the_need(request, ref)
    context = record_context(request, need, NEED)
    record, user = context["record"], request.user
    can_list = user.has_perm(ListPermission.CREATE_CHALLENGE) and need.state == NeedState.RECOMMENDED
    context |= {
        "facts": need_facts(record, context["evidence"], user),
        "texts": facts(record, NEED_TEXTS, context["evidence"]),
        "steps": way_of_need(need),
        "appraisals": shown_appraisals(need, user),
        "mean": mean_of(need) if user.has_perm(Permission.SEE_NEED_APPRAISALS, need) else None,
        "entries": need.challenges.visible_to(user),
        "put_form": PutOnListForm() if can_list else None,
        "transitions": [step for step in context["transitions"] if step.name not in {"list", "unlist"}],
        "can_change": user.has_perm(Permission.CHANGE_NEED, need),
        "can_ask": user.has_perm(Permission.JUDGE_NEED, need) and need.state == NeedState.IN_APPRAISAL,
        "sees_appraisals": user.has_perm(Permission.SEE_NEED_APPRAISALS, need),
    }
    return render(request, "challenges/need.html", context)


def way_of_need(need: Need) -> list[Stop]:
    state = NeedState(need.state)
    if state in NEED_PATH:
        return way(NEED_PATH, state)
    known = NEED_PATH[:3] if state == NeedState.REJECTED else NEED_PATH[: 2 if need.number else 1]
    return way([*known, state], state, NEED_TONES[state])


def need_facts(need: Need, evidence: Any, user: Any) -> list[Fact]:
    shown = facts(
        need,
        NEED_FACTS,
        evidence,
        organization=need.organization.name,
        call=str(need.call or ""),
        fields=listed(name for name in field_names(need.fields)),
        money="" if need.money is None else show_money(need.money),
    )
    links = {"organization": need.organization.get_absolute_url()}
    if need.call is not None:
        links["call"] = need.call.get_absolute_url()
    scenario = Scenario.objects.visible_to(user).filter(pk=need.scenario_id).first()
    found = [replace(row, url=links.get(name, row.url)) for name, row in zip(NEED_FACTS, shown, strict=True)]
    return found + ([Fact(_("Scenario"), scenario.title, url=scenario.get_absolute_url())] if scenario else [])


def shown_appraisals(need: Need, user: Any) -> list[NeedAppraisal]:
    return list(NeedAppraisal.objects.visible_to(user).filter(need=need).select_related("by"))


def mean_of(need: Need) -> float | None:
    """The mean of what experts gave, out of 100."""
    totals = [row.total for row in need.appraisals.all() if row.total is not None]
    return round(sum(totals) / len(totals), 1) if totals else None


def need_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_NEED)
    call = Call.objects.visible_to(request.user).filter(ref=request.GET.get("call", "")).first()
    form = NeedForm(request.POST or None, user=request.user, initial={"call": call})
    return create_response(request, form, title=_("Hand in a need"), back=reverse("challenges:need-list"))


def need_edit(request: HttpRequest, ref: str) -> HttpResponse:
    need = the_need(request, ref)
    require(request.user, Permission.CHANGE_NEED, need)
    return edit_response(request, need, partial(need_form, request.user), title=_("Edit need"))


def need_form(user: Any, data: Any, instance: Need) -> NeedForm:
    return NeedForm(data, instance=instance, user=user)


@require_POST
def need_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    need = the_need(request, ref)
    reason = request.POST.get("reason", "")[:500]
    taken = actions.move_need(need, step, actor=request.user, day=timezone.localdate(), reason=reason)
    messages.success(request, _("%(step)s: done.") % {"step": taken.label})
    return redirect(need.get_absolute_url())


@require_POST
def need_from_scenario(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand a scenario in as a need."""
    scenario: Scenario = visible_or_404(Scenario.objects.select_related("organization"), request.user, ref)
    require(request.user, Permission.SUBMIT_NEED, Need(organization=scenario.organization))
    need = actions.hand_in_scenario(scenario, actor=request.user, day=timezone.localdate())
    messages.success(request, _("%(record)s is saved.") % {"record": need})
    return redirect(need.get_absolute_url())


def ask_experts(request: HttpRequest, ref: str) -> HttpResponse:
    need = the_need(request, ref)
    require(request.user, Permission.JUDGE_NEED, need)
    form = AskExpertsForm(request.POST or None, need=need)
    if request.method == "POST" and form.is_valid():
        actions.ask_experts(need, actor=request.user, day=timezone.localdate(), **form.cleaned_data)
        messages.success(request, _("The experts find it among what waits for them."))
        return redirect(f"{need.get_absolute_url()}#appraisals")
    context = {"form": form, "title": _("Ask experts"), "back": need.get_absolute_url(), "record": need}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def the_appraisal(request: HttpRequest, ref: str) -> NeedAppraisal:
    rows = NeedAppraisal.objects.select_related("need__organization", "need__call", "by")
    found: NeedAppraisal = visible_or_404(rows, request.user, ref)
    return found


def appraisal(request: HttpRequest, ref: str) -> HttpResponse:
    """The need beside the form of the expert who was asked."""
    found = the_appraisal(request, ref)
    require(request.user, Permission.APPRAISE_NEED, found)
    form = AppraisalForm(request.POST or None, instance=found)
    back = found.need.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        actions.give_appraisal(found, actor=request.user, day=timezone.localdate(), values=form.cleaned_data)
        messages.success(request, _("The appraisal is kept."))
        return redirect(back)
    context = {"form": form, "title": _("Appraise a need"), "back": back, "record": found.need}
    context["texts"] = facts(found.need, ("title", *NEED_TEXTS), [])
    return render(request, "challenges/appraisal.html", context, status=422 if form.is_bound else 200)


@require_POST
def appraisal_release(request: HttpRequest, ref: str) -> HttpResponse:
    found = the_appraisal(request, ref)
    actions.release_expert(found, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("The expert is not asked any more."))
    return redirect(found.need.get_absolute_url())
