"""Races in draft: new ones, from a challenge, their words and the plans of their gates."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunxing.challenges import clock
from qunxing.challenges.models import Challenge
from qunxing.challenges.views.steps import done, posted, today
from qunxing.core.errors import Refused
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.queries import visible_or_404
from qunxing.races.actions import creating, publishing
from qunxing.races.actions.creating import StageSpec
from qunxing.races.forms.plans import StageForm
from qunxing.races.forms.running import FromChallengeForm, NewRaceForm, RaceForm
from qunxing.races.models import Race, Stage
from qunxing.races.rules.running import Permission
from qunxing.races.views.races import the_race


def race_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_RACE)
    form = NewRaceForm(posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        race = form.save(commit=False)
        race.kind = form.cleaned_data["kind"]
        try:
            made = creating.from_preset(
                race,
                form.cleaned_data["preset"],
                actor=request.user,
                first=form.cleaned_data["first"],
                start_money=form.typed_money,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _("New race"), made.get_absolute_url())
    context = {"form": form, "title": _("New race"), "back": reverse("races:race-list")}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def race_edit(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.CHANGE_RACE, race)
    return edit_response(request, race, partial(form_of, request), title=_("Edit race"), save=save_race)


def form_of(request: HttpRequest, data: Any, instance: Race) -> RaceForm:
    return RaceForm(data, instance=instance, user=request.user)


def save_race(race: Any, **words: Any) -> Race:
    return creating.change_race(race, **words)


def from_challenge(request: HttpRequest, ref: str) -> HttpResponse:
    """A challenge that is a race becomes one; its awarded bids are the lanes."""
    rows = Challenge.objects.select_related("board__rule_set", "issuer", "payer")
    challenge: Challenge = visible_or_404(rows, request.user, ref)
    require(request.user, Permission.CREATE_RACE)
    creating.raced_contracts(challenge)
    form = FromChallengeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            made = creating.from_challenge(challenge, actor=request.user, day=today(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _("Make it a race"), made.get_absolute_url())
    back = challenge.get_absolute_url()
    context = {"form": form, "title": _("Make it a race"), "back": back, "record": challenge}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


# --- stages ---------------------------------------------------------------------------------------------------------


def the_stage(request: HttpRequest, ref: str) -> Stage:
    rows = Stage.objects.select_related("race__organization", "race__challenge__board")
    found: Stage = visible_or_404(rows, request.user, ref)
    return found


def stage_page(request: HttpRequest, form: StageForm, title: str, race: Race) -> HttpResponse:
    back = race.get_absolute_url()
    context = {"form": form, "title": title, "back": back, "record": race}
    return render(request, "races/stage_form.html", context, status=422 if form.is_bound else 200)


def stage_create(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.CHANGE_RACE, race)
    form = StageForm(posted(request))
    if form.is_bound and form.is_valid():
        creating.add_stage(race, spec_of(form), actor=request.user)
        return done(request, _("Add a stage"), race.get_absolute_url())
    return stage_page(request, form, _("Add a stage"), race)


def spec_of(form: StageForm) -> StageSpec:
    said = form.cleaned_data
    return StageSpec(said["title"], said["plan"], said["task"])


def stage_edit(request: HttpRequest, ref: str) -> HttpResponse:
    stage = the_stage(request, ref)
    require(request.user, Permission.CHANGE_RACE, stage)
    form = StageForm(posted(request), present=stage)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        values = {"title": said["title"], "task": said["task"], "plan": said["plan"].as_json()}
        try:
            creating.change_stage(stage, actor=request.user, values=values, expected=said["revision"] or 0)
        except StaleRecord as stale:
            return stale_stage(request, form, stage, stale)
        return done(request, _("Edit stage"), stage.race.get_absolute_url())
    return stage_page(request, form, _("Edit stage"), stage.race)


def stale_stage(request: HttpRequest, form: StageForm, stage: Stage, stale: StaleRecord) -> HttpResponse:
    """Somebody saved it meanwhile: what was typed stays, and counts when it is sent once more."""
    form.add_error(None, f"{stale} " + _("Sent once more, what stands here replaces it."))
    form.data = sent_once_more(request, {"revision": stale.current.revision})
    context = {"form": form, "title": _("Edit stage"), "back": stage.race.get_absolute_url(), "record": stage.race}
    return render(request, "races/stage_form.html", context, status=409)


def sent_once_more(request: HttpRequest, revisions: dict[str, int]) -> Any:
    """What was typed, with the revisions moved on to the present ones."""
    typed = request.POST.copy()
    for name, revision in revisions.items():
        typed[name] = str(revision)
    return typed


@require_POST
def stage_remove(request: HttpRequest, ref: str) -> HttpResponse:
    stage = the_stage(request, ref)
    require(request.user, Permission.CHANGE_RACE, stage)
    creating.remove_stage(stage, actor=request.user)
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": stage})
    return redirect(stage.race.get_absolute_url())


def stage_replace(request: HttpRequest, ref: str) -> HttpResponse:
    """A new gate in the place of one whose test set or plan had to change."""
    stage = the_stage(request, ref)
    require(request.user, Permission.RUN_RACE, stage)
    form = StageForm(posted(request), present=stage, reason=True)
    if form.is_bound and form.is_valid():
        try:
            publishing.replace_stage(
                stage, spec_of(form), actor=request.user, at=clock.now(), reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _("Replace the gate"), stage.race.get_absolute_url())
    return stage_page(request, form, _("Replace the gate"), stage.race)
