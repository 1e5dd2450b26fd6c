"""Invitations: making one, its page, its steps, the list; and the requirements of a scenario."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.ledger.edges import edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import facts, visible_or_404
from qunxing.matching import actions, inviting
from qunxing.matching.forms import InvitationForm, RequirementForm
from qunxing.matching.funnel import funnel_chart, silent_invitations
from qunxing.matching.lists import INVITATIONS
from qunxing.matching.models import Invitation, Requirement, Shortlist
from qunxing.matching.rules import Permission
from qunxing.matching.states import LIFE, STOPS, State
from qunxing.matching.views.shortlists import the_candidate, the_shortlist
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.queries import Step

NEWEST = 30
FACTS = ("invited_on", "answer_by", "answered_on", "answer", "message")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where all matching stands: the funnel, what is silent, the newest shortlists."""
    require(request.user, Permission.SEE_ALL)
    today = timezone.localdate()
    rows = Shortlist.objects.visible_to(request.user).select_related("scenario__organization", "organization", "fund")
    context = {
        "funnel": funnel_chart(Invitation.objects.visible_to(request.user), today),
        "silent": silent_invitations(request.user, today),
        "shortlists": list(rows.order_by("-pk")[:NEWEST]),
        "today": today,
    }
    return render(request, "matching/overview.html", context)


@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_INVITATIONS)
    return list_response(request, INVITATIONS)


def invitation_create(request: HttpRequest, ref: str, firm: str) -> HttpResponse:
    shortlist = the_shortlist(request, ref)
    require(request.user, Permission.INVITE, shortlist)
    candidate = the_candidate(request, shortlist, firm)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {"day": timezone.localdate(), **form.cleaned_data}
        made = inviting.invite(shortlist, candidate, actor=request.user, **words)
        messages.success(request, _("%(firm)s is invited.") % {"firm": candidate.organization})
        return redirect(made.get_absolute_url())
    title = _("Invite %(firm)s") % {"firm": candidate.organization}
    context = {"form": form, "title": title, "back": shortlist.get_absolute_url(), "record": shortlist.scenario}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def the_invitation(request: HttpRequest, ref: str) -> Invitation:
    rows = Invitation.objects.select_related("scenario__organization", "organization")
    found: Invitation = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def invitation_detail(request: HttpRequest, ref: str) -> HttpResponse:
    invitation = the_invitation(request, ref)
    context = record_context(request, invitation, LIFE)
    record = context["record"]
    context |= {
        "facts": facts(record, FACTS, context["evidence"]),
        "steps": steps_of(record),
        "scenario": invitation.scenario,
        "scenario_seen": Scenario.objects.visible_to(request.user).filter(pk=invitation.scenario_id).exists(),
    }
    return render(request, "matching/invitation.html", context)


def steps_of(invitation: Invitation) -> list[Step]:
    """The way of the invitation; one that was declined or ended shows how far it came."""
    state = State(invitation.state)
    if state in STOPS:
        stops = list(STOPS)
        here = stops.index(state)
        statuses = ["done" if place < here else "here" if place == here else "ahead" for place in range(len(stops))]
        return [Step(stop.label, status) for stop, status in zip(stops, statuses, strict=True)]
    gone = [stop for stop, column in STOPS.items() if getattr(invitation, column) is not None]
    return [*(Step(stop.label, "done") for stop in gone), Step(state.label, "here", "warn")]


@require_POST
def invitation_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    invitation = the_invitation(request, ref)
    reason = request.POST.get("reason", "")
    taken = inviting.move(invitation, step, actor=request.user, day=timezone.localdate(), reason=reason)
    messages.success(request, _("%(step)s: done.") % {"step": taken.label})
    return redirect(invitation.get_absolute_url())


def requirement_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Places, sizes and certificates that the scenario asks for."""
    scenario = visible_or_404(Scenario.objects.select_related("organization"), request.user, ref)
    require(request.user, Permission.REQUIRE, scenario)
    stored = Requirement.objects.filter(scenario=scenario).first()
    build: Any = partial(requirement_form, request.user)
    if stored is not None:
        return edit_response(request, stored, build, title=_("Requirements of the firm"), save=save_requirement)
    form = build(request.POST or None, Requirement(scenario=scenario))
    if request.method == "POST" and form.is_valid():
        actions.set_requirement(scenario, actor=request.user, values=form.record_values, **form.words)
        messages.success(request, _("The requirements are kept."))
        return redirect(scenario.get_absolute_url())
    context = {
        "form": form,
        "title": _("Requirements of the firm"),
        "back": scenario.get_absolute_url(),
        "record": scenario,
    }
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def requirement_form(user: Any, data: Any, instance: Any) -> RequirementForm:
    return RequirementForm(data, instance=instance, user=user)


def save_requirement(stored: Any, *, values: dict[str, Any], **words: Any) -> Requirement:
    return actions.set_requirement(stored.scenario, values=values, **words)
