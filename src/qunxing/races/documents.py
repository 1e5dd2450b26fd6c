"""Races and their lanes as documents of the search; routes, reports in draft and entries stay out of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, by, either, pieces, year_of
from qunxing.directory.documents import names_of, names_within
from qunxing.races.models import Lane, Race
from qunxing.races.models.races import Kind
from qunxing.races.states.lane import LaneState
from qunxing.races.states.race import RaceState


def race_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    found = rows.select_related("organization")
    return found.prefetch_related("stages", "lanes__parties", names_within(level, "organization__names"))


def race_document(race: Race) -> Document:
    return Document(
        title=race.title,
        url=race.get_absolute_url(),
        names=(race.title,),
        codes=pieces(race.number),
        about=pieces(race.organization.name, race.number),
        text=" ".join(pieces(race.text, *(part for row in race.stages.all() for part in (row.title, row.task)))),
        also=names_of(race.organization),
        owners=(race.organization_id, *(key for lane in race.lanes.all() for key in teams_of(lane))),
        facets={
            "type": (race.kind,),
            "state": (race.state,),
            "field": race.fields,
            "year": year_of(race.published_on),
        },
    )


def teams_of(lane: Lane) -> list[int]:
    """Keys of the organisations of a lane, to whom it and its race are open at every level."""
    return [lane.organization_id, *(party.organization_id for party in lane.parties.all())]


def lane_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    found = rows.select_related("organization", "race")
    return found.prefetch_related("parties", names_within(level, "organization__names"))


def lane_document(lane: Lane) -> Document:
    return Document(
        title=lane.name,
        url=lane.get_absolute_url(),
        names=(lane.name,),
        about=pieces(lane.race.title, lane.organization.name),
        text=lane.approach,
        also=names_of(lane.organization),
        owners=(lane.race.organization_id, *teams_of(lane)),
        facets={"state": (lane.state,), "year": year_of(lane.entered_on)},
    )


RACES = DocumentSpec(
    code="races",
    label=_("Races"),
    icon="trophy",
    model=Race,
    document=race_document,
    fetch=race_rows,
    hangs_on={
        "directory.organization": by("organization"),
        "challenges.challenge": by("challenge"),
        "challenges.challengelist": by("challenge__board"),
        "races.lane": by("lanes"),
        "races.laneparty": by("lanes__parties"),
    },
    types=lambda: dict(Kind.choices),
    states=lambda: dict(RaceState.choices),
)
LANES = DocumentSpec(
    code="lanes",
    label=_("Teams in races"),
    icon="users",
    model=Lane,
    document=lane_document,
    fetch=lane_rows,
    hangs_on={
        "directory.organization": either("organization", "race__organization"),
        "races.race": by("race"),
        "races.laneparty": by("parties"),
        "challenges.challenge": by("race__challenge"),
        "challenges.challengelist": by("race__challenge__board"),
    },
    states=lambda: dict(LaneState.choices),
)
DOCUMENTS = (RACES, LANES)
