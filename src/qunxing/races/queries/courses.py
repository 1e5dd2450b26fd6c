"""The course of a race: what the board showed of each lane over time, and how far the lanes came, with the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.formats import show_isoday
from qunxing.races.ladders import runs_by_lane
from qunxing.races.models import Lane, LaneDecision, Race, Stage
from qunxing.races.models.reports import GOES_ON, Funding
from qunxing.races.queries.boards import Board, Part, View, told_reports
from qunxing.races.queries.scales import Scale
from qunxing.races.states.lane import LaneState
from qunxing.races.states.stage import StageState

POINTS = 60  # moments that a chart of the course has at most


# --- what was shown over time ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What the board showed of a lane from a moment on."""

    lane: Lane
    at: datetime
    score: float
    number: int


def courses_of(lanes: Sequence[Lane], stage: Stage, until: datetime | None = None) -> list[list[Shown]]:
    """What was shown of each of these lanes, entry by entry."""
    runs = runs_by_lane(stage, lanes)
    return [
        [
            Shown(lane, run.entry.received_at, run.shown_public, run.entry.number)
            for run in runs.get(lane.pk, ())
            if run.shown_public is not None and (until is None or run.entry.received_at <= until)
        ]
        for lane in lanes
    ]


def history_chart(board: Board) -> dict[str, Any] | None:
    """The lanes' shown scores over time; None where the board shows none, or there is no course yet."""
    if board.part is not Part.PUBLIC or (board.view is View.BLIND and not board.before):
        return None
    until = None if board.before else board.as_of
    courses = courses_of([row.lane for row in board.rows if row.lane is not None], board.stage, until)
    return chart_of([course for course in courses if course], board.scale, _("What the board showed"))


def chart_of(courses: Sequence[Sequence[Shown]], scale: Scale, title: str) -> dict[str, Any] | None:
    moments = sorted({one.at for course in courses for one in course})
    if len(moments) < 2:
        return None
    if len(moments) > POINTS:
        step = -(-len(moments) // POINTS)
        moments = [*moments[::-step]][::-1]
    sign = -1 if scale.lower else 1
    return {
        "type": "line",
        "steps": True,
        "title": title,
        "note": _("%(scale)s; of entries on the public part, guarded against noise") % {"scale": scale.label},
        "labels": [timezone.localtime(moment).strftime("%m-%d %H:%M") for moment in moments],
        "series": [
            {"name": course[0].lane.name, "data": [at_moment(course, moment, sign) for moment in moments]}
            for course in courses
        ],
    }


def at_moment(course: Sequence[Shown], moment: datetime, sign: int) -> float | None:
    held = [one.score for one in course if one.at <= moment]
    return round(sign * held[-1], 6) if held else None


# --- how far they came ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stop:
    """One stage in the funnel: how many came in, what became of them, and the money that its gate released."""

    stage: Stage
    came: int
    went_on: int
    stopped: int
    merged: int
    money: int
    planned: int
    told: bool


def funnel_of(race: Race, user: Any) -> list[Stop]:
    """Every stage that counts, over the lanes that this reader may see; of gates that were not told of, only what was
    planned.
    """
    stages = race.stages.exclude(state=StageState.REPLACED).order_by("order")
    lanes = list(Lane.objects.visible_to(user).filter(race=race))
    present = sum(lane.state in {LaneState.ENTERED, LaneState.RUNNING, LaneState.WINNER} for lane in lanes)
    told: dict[int, list[LaneDecision]] = {}
    reports = told_reports(race)
    for decision in LaneDecision.objects.filter(report__in=reports.values(), lane__in=lanes).select_related("report"):
        told.setdefault(decision.report.stage_id, []).append(decision)
    return [stop_of(stage, present, told.get(stage.pk, []) if stage.pk in reports else None) for stage in stages]


def stop_of(stage: Stage, present: int, decisions: Sequence[LaneDecision] | None) -> Stop:
    if decisions is None:
        began = stage.state != StageState.PLANNED
        return Stop(stage, present if began else 0, 0, 0, 0, 0, stage.gate.release, told=False)
    return Stop(
        stage,
        len(decisions),
        sum(one.follows in GOES_ON for one in decisions),
        sum(one.follows == Funding.STOP for one in decisions),
        sum(one.follows == Funding.MERGE for one in decisions),
        sum(one.money for one in decisions),
        stage.gate.release,
        told=True,
    )


def funnel_chart(stops: Sequence[Stop], day: Any) -> dict[str, Any] | None:
    """Lanes by stage as bars; None before a stage began."""
    begun = [stop for stop in stops if stop.came]
    if not begun:
        return None
    return {
        "type": "bar",
        "across": True,
        "whole": True,
        "title": _("Lanes by stage"),
        "note": _("From the ledger, as of %(day)s") % {"day": show_isoday(day)},
        "labels": [str(stop.stage) for stop in begun],
        "series": [
            {"name": _("came in"), "data": [stop.came for stop in begun]},
            {"name": _("went on"), "data": [stop.went_on if stop.told else None for stop in begun]},
        ],
    }
