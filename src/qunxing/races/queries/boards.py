"""Boards (成绩榜): what of the scores at a gate this reader may see now, and how it is shown.

Three parts. Public: what answers while the window is open, frozen or blind as the gate has it. Sealed: what decides,
for staff and officers until notice of the result was given. Final: the report of the gate, once notice was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from qunxing.races.models import Entry, GateReport, Lane, LaneDecision, Race, Stage
from qunxing.races.queries.boardrows import (
    Difference,
    LaneScore,
    Placed,
    Standings,
    baseline_scores,
    public_scores,
    sealed_scores,
    standings_of,
)
from qunxing.races.queries.scales import Scale, scale_of
from qunxing.races.rules.entering import Permission
from qunxing.races.states.report import ReportState

NONE = Standings()


class Part(StrEnum):
    PUBLIC = "public"
    SEALED = "sealed"
    FINAL = "final"


class View(StrEnum):
    """How a board stands: as it is, at a moment before, or not to be seen."""

    OPEN = "open"
    FROZEN = "frozen"
    BLIND = "blind"
    CLOSED = "closed"


@dataclass(frozen=True)
class BoardRow:
    """A row as it is shown; `lane` is None for a baseline."""

    place: Placed
    name: str
    lane: Lane | None = None
    note: str = ""
    entries: int = 0
    at: datetime | None = None
    decision: LaneDecision | None = None
    into: Lane | None = None

    @property
    def baseline(self) -> bool:
        return self.lane is None


@dataclass(frozen=True)
class Board:
    """A board for one reader at one moment; `before` says that others do not see it yet."""

    stage: Stage
    part: Part
    view: View
    scale: Scale
    rows: tuple[BoardRow, ...] = ()
    standings: Standings = NONE
    as_of: datetime | None = None
    entries: int = 0
    lanes: int = 0
    before: bool = False
    report: GateReport | None = None
    left_out: bool = False  # lanes that are counted in the ranks, and not open to this reader

    @property
    def places(self) -> dict[str, BoardRow]:
        return {row.place.code: row for row in self.rows if row.lane is not None}


def told_report(stage: Stage) -> GateReport | None:
    """The report of the gate that notice was given of, if it stands."""
    rows = GateReport.objects.filter(stage=stage, told=True).exclude(state=ReportState.OVERTURNED)
    found: GateReport | None = rows.order_by("-number").first()
    return found


def told_reports(race: Race) -> dict[int, GateReport]:
    """{stage: the same of it}."""
    rows = GateReport.objects.filter(stage__race=race, told=True).exclude(state=ReportState.OVERTURNED)
    return {report.stage_id: report for report in rows.order_by("number")}


def parts_for_reader(stage: Stage, user: Any) -> list[Part]:
    """The parts that this reader may look at."""
    report = told_report(stage)
    parts = [Part.PUBLIC]
    if report is not None or user.has_perm(Permission.SEE_SEALED, stage):
        parts.append(Part.SEALED)
    return [*parts, Part.FINAL] if report is not None else parts


def board_of(stage: Stage, user: Any, *, part: str, now: datetime, wait: bool = False) -> Board:
    """The board; a part that this reader may not see is answered with the public one."""
    allowed = parts_for_reader(stage, user)
    chosen = Part(part) if part in set(allowed) else Part.PUBLIC
    if chosen is Part.FINAL:
        return final_board(stage, user)
    if chosen is Part.SEALED:
        return sealed_board(stage, user, wait=wait)
    return public_board(stage, user, now, wait=wait)


# --- the public part ------------------------------------------------------------------------------------------------


def view_at(stage: Stage, now: datetime) -> tuple[View, datetime | None]:
    """(how the public part stands at this moment, the last moment that it shows)."""
    plan = stage.gate
    if told_report(stage) is not None:
        return View.CLOSED, None
    if plan.board.mode == "blind":
        return View.BLIND, None
    frozen_from = freeze_of(stage)
    if plan.board.mode == "frozen" and frozen_from is not None and now >= frozen_from:
        return View.FROZEN, frozen_from
    return View.OPEN, None


def freeze_of(stage: Stage) -> datetime | None:
    """From when a frozen board stands still; never before the window opens."""
    if stage.closes_at is None:
        return None
    moment = stage.closes_at - timedelta(hours=stage.gate.board.hours)
    return max(moment, stage.opens_at) if stage.opens_at is not None else moment


def public_board(stage: Stage, user: Any, now: datetime, *, wait: bool = False) -> Board:
    """Staff and officers look through ice and blinds, and are told that others do not."""
    view, until = view_at(stage, now)
    sees = user.has_perm(Permission.SEE_SEALED, stage)
    before = sees and view in {View.FROZEN, View.BLIND}
    seen = seen_lanes(stage, user)
    entries, lanes = counts_of(stage, seen, None if sees else until)
    words: dict[str, Any] = {"entries": entries, "lanes": lanes, "before": before}
    if view is View.BLIND and not sees:
        return Board(stage, Part.PUBLIC, view, scale_of(stage.gate), **words)
    scores = public_scores(stage, None if sees else until)
    found = standings_of(stage, scores, sealed=False, wait=wait)
    rows = rows_of(stage, seen, scores, found, sealed=False)
    words["left_out"] = any(one.lane.pk not in seen for one in scores)
    return Board(stage, Part.PUBLIC, view, scale_of(stage.gate), rows, found, as_of=until, **words)


def seen_lanes(stage: Stage, user: Any) -> frozenset[int]:
    """The lanes of its race that this reader may see."""
    rows = Lane.objects.visible_to(user).filter(race_id=stage.race_id)
    return frozenset(rows.values_list("pk", flat=True))


def counts_of(stage: Stage, seen: frozenset[int], until: datetime | None) -> tuple[int, int]:
    """(entries, lanes that entered) up to a moment, of the lanes that are seen: a total tells of no other."""
    rows = Entry.objects.filter(stage=stage, lane__in=seen).exclude(kind=Entry.Kind.DRY_RUN).exclude(state="refused")
    if until is not None:
        rows = rows.filter(received_at__lte=until)
    return rows.count(), rows.values("lane").distinct().count()


def rows_of(
    stage: Stage, seen: frozenset[int], scores: Sequence[LaneScore], found: Standings, *, sealed: bool
) -> tuple[BoardRow, ...]:
    """Lanes that the reader may see, and the baselines, by their score; ranks count the other lanes, too."""
    by_code = {one.lane.code: one for one in scores}
    rows = [
        BoardRow(place, one.lane.name, one.lane, entries=one.entries, at=one.at)
        for place in found.places
        if (one := by_code[place.code]).lane.pk in seen
    ]
    rows += [BoardRow(place, row.name, None, row.note) for row, place in baseline_scores(stage, sealed=sealed)]
    return tuple(sorted(rows, key=lambda row: (-(row.place.score or 0.0), row.place.rank)))


# --- what decides ---------------------------------------------------------------------------------------------------


def sealed_board(stage: Stage, user: Any, *, wait: bool = False) -> Board:
    """The sealed part; the caller has asked whether this reader may see it."""
    report = told_report(stage)
    scores = sealed_scores(stage)
    found = standings_of(stage, scores, sealed=True, wait=wait)
    seen = seen_lanes(stage, user)
    rows = rows_of(stage, seen, scores, found, sealed=True)
    entries, lanes = counts_of(stage, seen, None)
    words: dict[str, Any] = {"entries": entries, "lanes": lanes, "before": report is None, "report": report}
    words["left_out"] = any(one.lane.pk not in seen for one in scores)
    return Board(stage, Part.SEALED, View.CLOSED, scale_of(stage.gate), rows, found, **words)


def final_board(stage: Stage, user: Any) -> Board:
    """The report's own places and what follows for each lane."""
    report = told_report(stage)
    if report is None:
        return Board(stage, Part.FINAL, View.CLOSED, scale_of(stage.gate, whole=True))
    seen = seen_lanes(stage, user)
    decisions = list(report.decisions.select_related("lane__organization", "lane__race", "into"))
    rows = [final_row(decision, report, seen) for decision in decisions if decision.lane_id in seen]
    entries, lanes = counts_of(stage, seen, None)
    rows.sort(key=lambda row: (row.place.rank or 10**6, row.name))
    return Board(
        stage,
        Part.FINAL,
        View.CLOSED,
        scale_of(stage.gate, whole=True),
        tuple(rows),
        Standings(items=int(report.standing.get("items") or 0), digest=report.standing_digest),
        entries=entries,
        lanes=lanes,
        report=report,
        left_out=len(rows) < len(decisions),
    )


def final_row(decision: LaneDecision, report: GateReport, seen: frozenset[int]) -> BoardRow:
    """The lane as the report has it; a lane that it merges into is named to whoever may see that one, too."""
    told: dict[str, Any] = next(
        (one for one in report.standing.get("places", []) if one["lane"] == decision.lane.code), {}
    )
    ends = (decision.low, decision.high, told.get("rank_low"), told.get("rank_high"), told.get("group"))
    place = Placed(decision.lane.code, decision.rank or 0, decision.score, *ends)
    into = decision.into if decision.into_id in seen else None
    return BoardRow(place, decision.lane.name, decision.lane, decision=decision, into=into)


# --- differences ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixRow:
    """A lane and its difference to each of the others, None where it meets itself."""

    name: str
    code: str
    cells: tuple[Difference | None, ...]


def matrix_rows(board: Board) -> list[MatrixRow]:
    """The differences between the lanes that are shown, in the order of the board."""
    matrix = board.standings.matrix
    if matrix is None:
        return []
    codes = [row.place.code for row in board.rows if row.lane is not None]
    names = {code: row.name for code, row in board.places.items()}
    return [MatrixRow(names[code], code, tuple(matrix.get((code, other)) for other in codes)) for code in codes]
