"""Races: the list, the page, and the steps of the whole."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock
from qunxing.challenges.views.steps import done, reason_of, today, zip_file
from qunxing.core.errors import Refused
from qunxing.core.money import show_money
from qunxing.directory.models import Organization
from qunxing.directory.queries import field_names
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import TIMELINE_LENGTH, Fact, facts, visible_or_404
from qunxing.races.actions import archiving, finishing, publishing
from qunxing.races.lists.running import RACES
from qunxing.races.models import Race, RaceArchive
from qunxing.races.models.races import Kind
from qunxing.races.readiness import at_start, missing
from qunxing.races.reads import lane_rows, shown_stages, way_of_race
from qunxing.races.rules.entering import Permission as Entering
from qunxing.races.rules.running import Permission
from qunxing.races.states.race import OVER, RaceState
from qunxing.races.words import gap_text

FACTS = ("number", "kind", "organization", "payer", "fields", "start_money", "enter_until", "published_on",
         "started_on", "ends_on")  # fmt: skip
NEWEST = 6  # rows of the timeline at first


@require_safe
def race_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, RACES)


def the_race(request: HttpRequest, ref: str) -> Race:
    rows = Race.objects.select_related("organization", "payer", "challenge__board__rule_set")
    found: Race = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def race_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return detail(request, the_race(request, ref))


def detail(request: HttpRequest, race: Race, refused: Refused | None = None) -> HttpResponse:
    """The page of a race; with the reason when a step was refused."""
    context = record_context(request, race)
    user, at = request.user, clock.now()
    stages = shown_stages(race, user, at)
    context |= {
        "race": race,
        "facts": race_facts(context["record"], context["evidence"], user),
        "steps": way_of_race(race),
        "stages": stages,
        "gates": [one for one in stages if one.row.state != "replaced"],
        "lanes": lane_rows(race, stages, user),
        "can": {permission.name.lower(): user.has_perm(permission, race) for permission in Permission},
        "to_bench": user.has_perm(Entering.SEE_SEALED, race),
        "missing": missing_of(race, user, at) if refused is None else [],
        "refused": refused,
        "archive": RaceArchive.objects.visible_to(user).filter(race=race).first(),
        "today": today(),
        **steps_of(race),
    }
    shorten_timeline(request, context)
    return render(request, "races/race.html", context, status=200 if refused is None else refused.status)


def shorten_timeline(request: HttpRequest, context: dict[str, Any]) -> None:
    """The newest of what happened, unless more is asked for: every change of a part is a row."""
    if "timeline" not in request.GET and len(context["timeline"]) > NEWEST:
        context |= {"timeline": context["timeline"][:NEWEST], "timeline_more": TIMELINE_LENGTH}


def steps_of(race: Race) -> dict[str, bool]:
    """What may be done in this state, whoever does it."""
    state = RaceState(race.state)
    return {
        "draft": state == RaceState.DRAFT,
        "published": state == RaceState.PUBLISHED,
        "invites": race.kind == Kind.INVITED and state in {RaceState.DRAFT, RaceState.PUBLISHED},
        "enters": race.kind == Kind.OPEN
        and state == RaceState.PUBLISHED
        and (race.enter_until is None or today() <= race.enter_until),
        "awarded": state == RaceState.AWARDED,
        "over": state in OVER,
        "stoppable": state in {RaceState.DRAFT, RaceState.PUBLISHED, RaceState.RUNNING, RaceState.DECIDING},
        "of_challenge": race.kind == Kind.CHALLENGE,
    }


def race_facts(race: Race, evidence: Any, user: Any) -> list[Fact]:
    """Its facts; organisations are linked where the reader may see them."""
    seen = set(
        Organization.objects.visible_to(user)
        .filter(pk__in=[key for key in (race.organization_id, race.payer_id) if key])
        .values_list("pk", flat=True)
    )
    payer = race.payer if race.payer_id in seen else None
    names = [name for name in FACTS if name != "enter_until" or race.kind == Kind.OPEN]
    shown = facts(
        race,
        names,
        evidence,
        organization=race.organization.name,
        payer=payer.name if payer is not None else "",
        fields="、".join(str(name) for name in field_names(race.fields)),
        start_money=show_money(race.start_money) if race.start_money else "",
    )
    links = {"organization": race.organization.get_absolute_url() if race.organization_id in seen else ""}
    return [
        Fact(item.label, item.value, url=links[name]) if links.get(name) else item
        for name, item in zip(names, shown, strict=True)
    ]


def missing_of(race: Race, user: Any, at: Any) -> list[str]:
    """What a draft lacks before it is published, and a published race before it starts, for whoever runs it."""
    if not user.has_perm(Permission.RUN_RACE, race):
        return []
    found = []
    if race.state == RaceState.DRAFT:
        found = missing(race, at)
    elif race.state == RaceState.PUBLISHED:
        found = at_start(race)
    lines = [f"{one.stage}: {gap_text(one.gap)}" if one.stage is not None else gap_text(one.gap) for one in found]
    return list(dict.fromkeys(lines))


# --- steps ----------------------------------------------------------------------------------------------------------


@require_POST
def race_publish(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.RUN_RACE, race)
    try:
        publishing.publish(race, actor=request.user, at=clock.now())
    except Refused as refused:
        return detail(request, the_race(request, ref), refused)
    return done(request, _("Publish"), race.get_absolute_url())


@require_POST
def race_start(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.RUN_RACE, race)
    try:
        publishing.start(race, actor=request.user, day=today())
    except Refused as refused:
        return detail(request, the_race(request, ref), refused)
    return done(request, _("Start the race"), race.get_absolute_url())


@require_POST
def race_stop(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    finishing.stop(race, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, _("Stop the race"), race.get_absolute_url())


@require_POST
def race_close(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    require(request.user, Permission.RUN_RACE, race)
    finishing.close(race, actor=request.user, day=today())
    return done(request, _("Close the race"), race.get_absolute_url())


@require_POST
def archive_make(request: HttpRequest, ref: str) -> HttpResponse:
    race = the_race(request, ref)
    archiving.archive(race, actor=request.user, day=today())
    return done(request, _("Archive"), race.get_absolute_url())


@require_safe
def archive_file(request: HttpRequest, ref: str) -> FileResponse:
    race = the_race(request, ref)
    return zip_file(archiving.archived_file(race, actor=request.user, day=today()), race)
