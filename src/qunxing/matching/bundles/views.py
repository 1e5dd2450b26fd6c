"""Plans over all scenarios, the package of one, and what a scenario needs beside a firm."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.ledger.actions import create
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404
from qunxing.matching.bundles.actions import remove_plan
from qunxing.matching.bundles.forms import PlanForm, SupplyForm
from qunxing.matching.bundles.jobs import start_plan
from qunxing.matching.bundles.lists import list_of
from qunxing.matching.bundles.models import Plan, PlanKind, Supply
from qunxing.matching.bundles.queries import firm_load, newest_package, pieces_of, short_of
from qunxing.matching.bundles.rules import Permission
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.bundles.words import load_chart
from qunxing.matching.rules import Permission as Matching
from qunxing.scenarios.models import Scenario

KEPT = 50


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans, newest first, and the form for another."""
    require(request.user, Permission.SEE)
    return render(request, "matching/bundles/plans.html", plans_context(request, PlanForm()))


def plans_context(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    plans = Plan.objects.select_related("made_by")[:KEPT]
    return {"plans": plans, "form": form, "may_make": request.user.has_perm(Permission.MAKE)}


@require_POST
def plan_make(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.MAKE)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return render(request, "matching/bundles/plans.html", plans_context(request, form), status=422)
    return begin(request, form.cleaned_data["kind"], form.settings)


def begin(request: HttpRequest, kind: str, wishes: Settings) -> HttpResponse:
    """Queue the work and go to where it is told of."""
    with transaction.atomic():
        job = start_plan(kind, wishes, actor=request.user, language=get_language() or settings.LANGUAGE_CODE)
    return redirect("ledger:job-detail", ref=job.ref)


@require_safe
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """What a plan proposes: a list with filters and exports, the load of firms, and who stays short."""
    require(request.user, Permission.SEE)
    found = get_object_or_404(Plan.objects.select_related("made_by"), ref=ref)
    context = {
        "plan": found,
        "lead": partial(plan_lead, found, request.user),
        "may_make": request.user.has_perm(Permission.MAKE),
    }
    return list_response(request, list_of(found), "matching/bundles/plan.html", **context)


def plan_lead(found: Plan, user: Any) -> dict[str, Any]:
    """What stands above the list; asked for by the whole page only."""
    load = firm_load(found, user)
    wishes = Settings.read(found.wishes)
    assignment = found.kind == PlanKind.ASSIGNMENT
    most = wishes.cap if assignment else wishes.capacity
    telling = any(times > 1 for _firm, times in load)
    chart = load_chart(load, most, found.day.isoformat()) if telling else None
    return {"chart": chart, "short": short_of(found, user), "wishes": wishes, "assignment": assignment}


@require_POST
def plan_remove(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.MAKE)
    remove_plan(get_object_or_404(Plan, ref=ref), actor=request.user)
    messages.success(request, _("The plan is removed."))
    return redirect("matching:bundles:plan-list")


# --- one scenario ---------------------------------------------------------------------------------------------------


@require_safe
def package(request: HttpRequest, ref: str) -> HttpResponse:
    """The package that the newest plan gives the scenario, piece by piece."""
    require(request.user, Permission.SEE)
    scenario = scenario_of(request, ref)
    proposal = newest_package(scenario)
    context = {
        "scenario": scenario,
        "proposal": proposal,
        "pieces": pieces_of(proposal, scenario) if proposal else [],
        "supply": Supply.objects.filter(scenario=scenario).first(),
        "may_make": request.user.has_perm(Permission.MAKE),
        "may_supply": request.user.has_perm(Matching.REQUIRE, scenario),
    }
    return render(request, "matching/bundles/package.html", context)


def scenario_of(request: HttpRequest, ref: str) -> Scenario:
    rows = Scenario.objects.select_related("organization", "supply")
    found: Scenario = visible_or_404(rows, request.user, ref)
    return found


@require_POST
def package_make(request: HttpRequest) -> HttpResponse:
    """Packages for all scenarios, with what is usual."""
    require(request.user, Permission.MAKE)
    return begin(request, PlanKind.BUNDLES, Settings())


def supply_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """How much compute the scenario needs, at what cost, and how much capital."""
    scenario = scenario_of(request, ref)
    require(request.user, Matching.REQUIRE, scenario)
    stored = Supply.objects.filter(scenario=scenario).first()
    title = _("What the scenario needs beside a firm")
    if stored is not None:
        return edit_response(request, stored, partial(form_of, request.user), title=title)
    form = form_of(request.user, request.POST or None, Supply(scenario=scenario))
    if request.method == "POST" and form.is_valid():
        create(form.save(commit=False), actor=request.user, **form.words)
        messages.success(request, _("Saved."))
        return redirect(scenario.get_absolute_url())
    context = {"form": form, "title": title, "back": scenario.get_absolute_url(), "record": scenario}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def form_of(user: Any, data: Any, instance: Supply) -> SupplyForm:
    return SupplyForm(data, instance=instance, user=user)
