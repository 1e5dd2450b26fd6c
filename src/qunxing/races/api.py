"""Boards and one's own entries over the API; it reads, and says no more than the pages do."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from qunxing.challenges import clock
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404
from qunxing.races.lists.entries import ENTRIES
from qunxing.races.lists.running import RACES
from qunxing.races.models import Entry, Race, Stage
from qunxing.races.queries.boards import Board, BoardRow, Part, board_of, parts_for_reader
from qunxing.races.queries.entries import run_rows
from qunxing.races.scorewords import fault_rows
from qunxing.races.states.stage import StageState

router = Router(tags=["races"])


class RowOut(Schema):
    """A row of a board. Scores are as the ranking has them, higher being better; a baseline has no rank."""

    team: str
    lane: str
    baseline: bool
    rank: int | None
    score: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None
    group: int | None
    entries: int
    entered_at: datetime | None
    decision: str
    money: int | None


class BoardOut(Schema):
    """A board as this reader sees it now; `view` is open, frozen, blind or closed, `before` that others see less."""

    race: str
    stage: int
    title: str
    part: str
    parts: list[str]
    view: str
    before: bool
    as_of: datetime | None
    scale: str
    entries: int
    lanes: int
    items: int
    digest: str
    rows: list[RowOut]


class EntryOut(Schema):
    """An entry of one's own team."""

    ref: str
    race: str
    stage: int
    lane: str
    number: int
    kind: str
    state: str
    received_at: datetime
    digest: str
    size: int
    items: int
    disqualified: bool
    why: str
    faults: list[dict[str, str]]
    runs: list[dict[str, Any]]


@router.get("/races")
def races(request: HttpRequest) -> dict[str, Any]:
    """A page of races; takes the list's own parameters (q, state, kind, field, published, sort, page, col)."""
    return json_page(request, RACES)


@router.get("/races/entries")
def entries(request: HttpRequest) -> dict[str, Any]:
    """A page of one's own entries; all of them for staff and officers."""
    return json_page(request, ENTRIES)


@router.get("/races/entries/{ref}", response=EntryOut)
def entry(request: HttpRequest, ref: str) -> dict[str, Any]:
    rows = Entry.objects.select_related("lane__race", "stage__race")
    found: Entry = visible_or_404(rows, request.user, ref)
    plain = ("ref", "number", "kind", "state", "received_at", "digest", "size", "items", "disqualified", "why")
    return {name: getattr(found, name) for name in plain} | {
        "race": found.stage.race.ref,
        "stage": found.stage.order,
        "lane": found.lane.code,
        "faults": [vars(row) for row in fault_rows(found.faults)],
        "runs": [
            {
                "number": row.run.number,
                "verdict": row.run.verdict,
                "shown": row.shown or None,
                "sealed": row.sealed or None,
                "ended_at": row.run.ended_at,
                "why": row.run.why,
            }
            for row in run_rows(found, request.user)
        ],
    }


@router.get("/races/{ref}/boards", response=list[BoardOut])
def race_boards(request: HttpRequest, ref: str) -> list[dict[str, Any]]:
    """The board of each stage that began: the result where there is one, else the public part."""
    race: Race = visible_or_404(Race.objects.all(), request.user, ref)
    stages = race.stages.exclude(state__in=[StageState.REPLACED, StageState.PLANNED]).select_related("race")
    return [board_out(request, stage, "") for stage in stages.order_by("order")]


@router.get("/races/{ref}/boards/{stage}", response=BoardOut)
def race_board(request: HttpRequest, ref: str, stage: int, part: str = "") -> dict[str, Any]:
    """The board of one stage; `part` is public, sealed or final, as far as this reader may see it."""
    race: Race = visible_or_404(Race.objects.all(), request.user, ref)
    found = race.stages.exclude(state=StageState.REPLACED).select_related("race")
    at = next((one for one in found if one.order == stage), None)
    if at is None:
        raise Http404
    return board_out(request, at, part)


def board_out(request: HttpRequest, stage: Stage, part: str) -> dict[str, Any]:
    allowed = parts_for_reader(stage, request.user)
    asked = part if part in set(allowed) else Part.FINAL if Part.FINAL in allowed else Part.PUBLIC
    found = board_of(stage, request.user, part=asked, now=clock.now())
    return board_data(found) | {"parts": [str(one) for one in allowed]}


def board_data(found: Board) -> dict[str, Any]:
    return {
        "race": found.stage.race.ref,
        "stage": found.stage.order,
        "title": found.stage.title,
        "part": found.part,
        "view": found.view,
        "before": found.before,
        "as_of": found.as_of,
        "scale": str(found.scale.label),
        "entries": found.entries,
        "lanes": found.lanes,
        "items": found.standings.items,
        "digest": found.standings.digest,
        "rows": [row_data(row) for row in found.rows],
    }


def row_data(row: BoardRow) -> dict[str, Any]:
    place = row.place
    return {
        "team": row.name,
        "lane": place.code,
        "baseline": row.baseline,
        "rank": place.rank or None,
        "score": place.score,
        "low": place.low,
        "high": place.high,
        "rank_low": place.rank_low,
        "rank_high": place.rank_high,
        "group": place.group,
        "entries": row.entries,
        "entered_at": row.at,
        "decision": row.decision.follows if row.decision is not None else "",
        "money": row.decision.money if row.decision is not None else None,
    }
