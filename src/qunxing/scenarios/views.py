"""Scenarios: list, page, forms, the steps of their life."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.divisions import division_name
from qunxing.directory.models import Task
from qunxing.directory.queries import field_names
from qunxing.ledger.edges import edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.scenarios import actions
from qunxing.scenarios.completeness import Gap, Incomplete, gaps_of
from qunxing.scenarios.forms import AppraisalForm, ScenarioForm
from qunxing.scenarios.lists import SCENARIOS
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.queries import budget_text, conditions_of, contact_of, steps_of
from qunxing.scenarios.rows import stored_rows
from qunxing.scenarios.rules import Permission
from qunxing.scenarios.states import LIFE, WITH_OWNER, State

TASKS = dict(Task.choices)
FACTS = (
    "number", "organization", "mechanism", "fields", "tasks", "apply_by", "starts_on", "ends_on", "division",
    "location", "published_on",
)  # fmt: skip
TEXTS = ("problem", "data_available", "data_terms")


@require_safe
def scenario_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, SCENARIOS)


def the_scenario(request: HttpRequest, ref: str) -> Scenario:
    rows = Scenario.objects.select_related("organization", "contact")
    found: Scenario = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def scenario_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return detail(request, the_scenario(request, ref))


def detail(request: HttpRequest, scenario: Scenario, missing: list[Gap] | None = None) -> HttpResponse:
    """The page of a scenario; with what is missing when a step was refused for it."""
    context = record_context(request, scenario, LIFE)
    record, user = context["record"], request.user
    indicators = stored_rows(record, "core_indicators")
    context |= {
        "facts": scenario_facts(record, context["evidence"]),
        "texts": facts(record, TEXTS, context["evidence"]),
        "steps": steps_of(record),
        "conditions": conditions_of(record),
        "indicators": indicators,
        "contact": contact_of(record, user=user),
        "refused": missing is not None,
        "missing": to_do(scenario, len(indicators), user=user) if missing is None else missing,
        "appraisals": appraisals_of(scenario, user=user),
        "can": {permission.name.lower(): user.has_perm(permission, scenario) for permission in Permission},
        "in_appraisal": scenario.state == State.IN_APPRAISAL,
    }
    return render(request, "scenarios/scenario.html", context, status=200 if missing is None else 422)


def scenario_facts(scenario: Scenario, evidence: Any) -> list[Fact]:
    found = facts(
        scenario,
        FACTS,
        evidence,
        organization=scenario.organization.name,
        fields="、".join(name.strip() for name in field_names(scenario.fields)),
        tasks="、".join(str(TASKS.get(task, task)) for task in scenario.tasks),
        division=division_name(scenario.division),
    )
    owner, division = FACTS.index("organization"), FACTS.index("division")
    found[owner] = replace(found[owner], url=scenario.organization.get_absolute_url())
    found[division] = replace(found[division], label=_("Division"))
    budget = Fact(_("Budget"), budget_text(scenario))
    return [*found[:3], budget, *found[3:]]


def to_do(scenario: Scenario, indicators: int, *, user: Any) -> list[Gap]:
    """What a draft still lacks, for those who can fill it in."""
    if scenario.state not in WITH_OWNER or not user.has_perm(Permission.CHANGE_CORE, scenario):
        return []
    return gaps_of(scenario, indicators=indicators, day=timezone.localdate())


def appraisals_of(scenario: Scenario, *, user: Any) -> list[Any]:
    if not user.has_perm(Permission.SEE_APPRAISALS, scenario):
        return []
    return list(scenario.appraisals.select_related("by"))


def form_of(request: HttpRequest, data: Any, instance: Scenario | None) -> ScenarioForm:
    return ScenarioForm(data, instance=instance, user=request.user, posted=request.POST)


def scenario_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE)
    form = form_of(request, request.POST or None, None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        actions.create_scenario(made, actor=request.user, rows=form.rows or (), **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": made})
        return redirect(made.get_absolute_url())
    context = {"form": form, "title": _("New scenario"), "back": reverse("scenarios:scenario-list")}
    return render(request, "scenarios/form.html", context, status=422 if form.is_bound else 200)


def scenario_edit(request: HttpRequest, ref: str) -> HttpResponse:
    scenario = the_scenario(request, ref)
    require(request.user, Permission.CHANGE, scenario)
    build = partial(form_of, request)
    title, template = _("Edit scenario"), "scenarios/form.html"
    return edit_response(request, scenario, build, title=title, template=template, save=save_scenario)


def save_scenario(scenario: Any, *, values: dict[str, Any], **words: Any) -> Scenario:
    rows = values.pop("rows")
    return actions.change_scenario(scenario, values=values, rows=rows, **words)


@require_POST
def scenario_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    scenario = the_scenario(request, ref)
    reason = request.POST.get("reason", "")[:500]
    try:
        taken = actions.move(scenario, step, actor=request.user, day=timezone.localdate(), reason=reason)
    except Incomplete as refused:
        return detail(request, the_scenario(request, ref), refused.gaps)
    messages.success(request, _("%(step)s: done.") % {"step": taken.label})
    return redirect(scenario.get_absolute_url())


def appraisal_create(request: HttpRequest, ref: str) -> HttpResponse:
    scenario = the_scenario(request, ref)
    if not request.user.has_perm(Permission.APPRAISE, scenario):
        raise PermissionDenied
    form = AppraisalForm(request.POST or None)
    back = scenario.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        actions.appraise(scenario, actor=request.user, day=timezone.localdate(), **form.cleaned_data)
        messages.success(request, _("The appraisal is kept."))
        return redirect(f"{back}#appraisals")
    context = {"form": form, "title": _("New appraisal"), "back": back, "record": scenario}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)
