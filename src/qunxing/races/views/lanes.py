"""Lanes: invited, entered, their page and words, out and back; routes compared."""

from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.models import Contract
from qunxing.challenges.views.steps import done, posted, reason_of, today
from qunxing.core.errors import Refused
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.queries import visible_or_404
from qunxing.ledger.recording import recording
from qunxing.races.actions import lanes, routes
from qunxing.races.forms.running import JudgeRoutesForm, LaneForm, TeamForm
from qunxing.races.models import Lane, LaneDecision, LaneParty, Race, Route, RouteCheck, Stage
from qunxing.races.models.reports import Funding
from qunxing.races.reads import histories
from qunxing.races.rules.entering import Permission as Entering
from qunxing.races.rules.running import Permission
from qunxing.races.states import lane as lane_states
from qunxing.races.states.lane import LaneState
from qunxing.races.states.race import RaceState
from qunxing.races.states.report import ReportState
from qunxing.races.states.stage import StageState
from qunxing.races.views.planning import sent_once_more
from qunxing.races.views.races import the_race

MOVES = {"withdraw": lanes.withdraw, "disqualify": lanes.disqualify, "reinstate": lanes.reinstate}


def the_lane(request: HttpRequest, ref: str) -> Lane:
    rows = Lane.objects.select_related("race__organization", "race__challenge__board", "organization", "contract")
    rows = rows.prefetch_related(Prefetch("merged_into", Lane.objects.visible_to(request.user)))
    found: Lane = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def lane_detail(request: HttpRequest, ref: str) -> HttpResponse:
    lane = the_lane(request, ref)
    context = record_context(request, lane)
    user: Any = request.user
    context |= {
        "lane": lane,
        "race": lane.race,
        "route": Route.objects.visible_to(user).filter(lane=lane).first(),
        "parties": list(LaneParty.objects.visible_to(user).filter(lane=lane).select_related("organization")),
        "histories": histories(lane, user),
        "contract": Contract.objects.visible_to(user).filter(pk=lane.contract_id).first(),
        "can": {permission.name.lower(): user.has_perm(permission, lane) for permission in Permission},
        "answers": lane.state == LaneState.INVITED and lane.race.state == RaceState.PUBLISHED,
        "steps": steps_of(lane, user),
        "merges": merges_of(lane, user),
        "enters": stage_to_enter(lane, user),
    }
    return render(request, "races/lane.html", context)


def stage_to_enter(lane: Lane, user: Any) -> Stage | None:
    """The stage that runs, for whoever hands in for the lane."""
    if not user.has_perm(Entering.HAND_IN_ENTRY, lane):
        return None
    found: Stage | None = lane.race.stages.filter(state=StageState.RUNNING).order_by("order").first()
    return found


def merges_of(lane: Lane, user: Any) -> list[LaneDecision]:
    """The merges that wait for the word of one of the two teams, for whoever gives it."""
    rows = LaneDecision.objects.filter(Q(lane=lane) | Q(into=lane), report__state=ReportState.DRAFT)
    found = rows.filter(follows=Funding.MERGE).select_related("lane", "into")
    return [row for row in found if not row.agreed and user.has_perm(Permission.AGREE_TO_MERGE, row)]


def steps_of(lane: Lane, user: Any) -> list[Any]:
    """The steps that a button takes, for whoever may."""
    if lane.race.state in {RaceState.CLOSED, RaceState.STOPPED, RaceState.AWARDED}:
        return []
    found = [step for step in lane_states.LIFE.leaving(lane.state) if step.name in MOVES]
    return [step for step in found if user.has_perm(step.permission, lane)]


def team_page(request: HttpRequest, race: Race, title: str, do: Any) -> HttpResponse:
    """The form of a team, and what is done with it; a refusal stands above what was typed."""
    form = TeamForm(posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        try:
            lane = do(race, form.team, actor=request.user, day=today())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, title, lane.get_absolute_url())
    context = {"form": form, "title": title, "back": race.get_absolute_url(), "record": race}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def lane_invite(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.RUN_RACE, race)
    return team_page(request, race, _("Invite a team"), lanes.invite)


def lane_enter(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.ENTER_RACE, race)
    lanes.refuse_late(race, today())
    return team_page(request, race, _("Enter the race"), lanes.enter)


def lane_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Words of the lane and its route; saved together or not at all."""
    lane = the_lane(request, ref)
    require(request.user, Permission.CHANGE_LANE, lane)
    form = LaneForm(posted(request), lane=lane, route=lane.route)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            save_lane(request, lane, form)
        except StaleRecord as stale:
            form = stale_form(request, form, lane, stale)
            status = 409
        else:
            return done(request, _("Edit lane"), lane.get_absolute_url())
    context = {"form": form, "title": _("Edit lane"), "back": lane.get_absolute_url(), "record": lane}
    return render(request, "ledger/form.html", context, status=status)


def save_lane(request: HttpRequest, lane: Lane, form: LaneForm) -> None:
    said, actor = form.cleaned_data, request.user
    with recording(actor=actor):
        lanes.change_lane(lane, actor=actor, values=form.lane_values, expected=said["lane_revision"])
        lanes.change_route(lane.route, actor=actor, values=form.route_values, expected=said["route_revision"])


def stale_form(request: HttpRequest, form: LaneForm, lane: Lane, stale: StaleRecord) -> LaneForm:
    """Somebody saved it meanwhile: what was typed stays, and counts when it is sent once more."""
    form.add_error(None, f"{stale} " + _("Sent once more, what stands here replaces it."))
    fresh = Lane.objects.select_related("route").get(pk=lane.pk)
    revisions = {"lane_revision": fresh.revision, "route_revision": fresh.route.revision}
    form.data = sent_once_more(request, revisions)
    return form


@require_POST
def lane_answer(request: HttpRequest, ref: str, word: str) -> HttpResponse:
    lane = the_lane(request, ref)
    require(request.user, Permission.ENTER_LANE, lane)
    if word not in {"yes", "no"}:
        raise Http404
    lanes.answer_invitation(lane, actor=request.user, day=today(), comes=word == "yes", reason=reason_of(request))
    return done(request, _("Take part") if word == "yes" else _("Decline"), lane.get_absolute_url())


@require_POST
def lane_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    lane = the_lane(request, ref)
    if step not in MOVES:
        raise Http404
    taken = lane_states.LIFE.named(step)
    require(request.user, taken.permission, lane)
    MOVES[step](lane, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, taken.label, lane.get_absolute_url())


# --- routes ---------------------------------------------------------------------------------------------------------


@require_safe
def route_list(request: HttpRequest, ref: str) -> HttpResponse:
    """Every two routes held against each other, for staff."""
    race = the_race(request, ref)
    require(request.user, Permission.CHECK_ROUTES, race)
    rows = RouteCheck.objects.filter(race=race).select_related("first__route", "second__route")
    context = {"race": race, "record": race, "checks": list(rows)}
    return render(request, "races/routes.html", context)


def route_judge(request: HttpRequest, ref: str) -> HttpResponse:
    rows = RouteCheck.objects.select_related("race", "first__route", "second__route")
    check: RouteCheck = visible_or_404(rows, request.user, ref)
    require(request.user, Permission.CHECK_ROUTES, check)
    initial = {"expected": check.revision, "differ": "no" if check.differ is False else "yes", "word": check.word}
    form, status = JudgeRoutesForm(posted(request), initial=initial), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                routes.judge_routes(check, actor=request.user, **form.cleaned_data)
            except StaleRecord as stale:
                status = 409
                form.add_error(None, f"{stale} " + _("Sent once more, what stands here replaces it."))
                form.data = sent_once_more(request, {"expected": stale.current.revision})
            else:
                return done(request, _("Compare the routes"), reverse("races:route-list", args=[check.race.ref]))
    back = reverse("races:route-list", args=[check.race.ref])
    context = {"form": form, "check": check, "title": _("Compare the routes"), "back": back, "record": check.race}
    return render(request, "races/route.html", context, status=status)
