"""The course of a race: what the board showed of each lane over time, and how far the lanes came, with the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.formats import show_isoday
from qunxing.races.ladders import counted_runs
from qunxing.races.models import Lane, LaneDecision, Race, Stage
from qunxing.races.models.reports import GOES_ON, Funding
from qunxing.races.queries.boards import Board, Part, View, told_report
from qunxing.races.queries.scales import Scale
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


def course_of(lane: Lane, stage: Stage, until: datetime | None = None) -> list[Shown]:
    """What was shown of one lane, entry by entry."""
    return [
        Shown(lane, run.entry.received_at, run.shown_public, run.entry.number)
        for run in counted_runs(lane, stage)
        if run.shown_public is not None and (until is None or run.entry.received_at <= until)
    ]


def history_chart(board: Board) -> dict[str, Any] | None:
    """The lanes' shown scores over time; None where the board shows none, or there is no course yet."""
    if board.part is not Part.PUBLIC or (board.view is View.BLIND and not board.before):
        return None
    until = None if board.before else board.as_of
    courses = [course_of(row.lane, board.stage, until) for row in board.rows if row.lane is not None]
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


def funnel_of(race: Race) -> list[Stop]:
    """Every stage that counts; of gates that were not told of, only what was planned."""
    stages = race.stages.exclude(state=StageState.REPLACED).order_by("order")
    present = race.lanes.filter(state__in=["entered", "running", "winner"]).count()
    return [stop_of(stage, present) for stage in stages]


def stop_of(stage: Stage, present: int) -> Stop:
    report = told_report(stage)
    if report is None:
        began = stage.state != StageState.PLANNED
        return Stop(stage, present if began else 0, 0, 0, 0, 0, stage.gate.release, told=False)
    decisions = list(LaneDecision.objects.filter(report=report))
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
