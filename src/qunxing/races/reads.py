"""What the pages of a race show: its way, its stages, lanes against gates, reports with their intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from qunxing.challenges.queries.boards import Stop, way
from qunxing.core.errors import Text
from qunxing.races.models import Entry, GateReport, Lane, LaneDecision, Race, Stage, StagePanel
from qunxing.races.planwords import said
from qunxing.races.states.race import PATH, UNDER_WAY, RaceState
from qunxing.races.states.stage import StageState

WIDTH = 200.0


def way_of_race(race: Race) -> list[Stop]:
    """How far it has come; while a gate is decided it is running."""
    state = RaceState(race.state)
    if state == RaceState.STOPPED:
        gone = [RaceState.DRAFT, *([RaceState.PUBLISHED] if race.published_on else [])]
        gone += [RaceState.RUNNING] if race.started_on else []
        return way([*gone, state], state, "bad")
    return way(PATH, RaceState.RUNNING if state == RaceState.DECIDING else state)


@dataclass(frozen=True)
class ShownStage:
    """A stage with its plan in words, its report and its panel as far as the reader sees them."""

    row: Stage
    said: Sequence[tuple[Text, str]]
    release: int
    report: GateReport | None
    panel: StagePanel | None
    over: bool
    expert: bool
    overtaken: bool  # its window began, or is over, while nobody could enter anything

    @property
    def ready(self) -> bool:
        """Whether a report may be made of it."""
        return self.row.state in {StageState.RUNNING, StageState.DECIDING} and self.over and self.report is None


def shown_stages(race: Race, user: Any, at: datetime) -> list[ShownStage]:
    """All editions in their order; a constant number of queries."""
    rows = list(race.stages.order_by("order", "edition"))
    reports = {row.stage_id: row for row in visible_reports(race, user).exclude(state="overturned")}
    panels = StagePanel.objects.visible_to(user).filter(stage__in=rows, superseded=False).select_related("panel")
    by_stage = {row.stage_id: row for row in panels}
    return [
        replace(shown_stage(row, reports.get(row.pk), by_stage.get(row.pk), at), overtaken=is_overtaken(row, race, at))
        for row in rows
    ]


def is_overtaken(row: Stage, race: Race, at: datetime) -> bool:
    """Whether the gate ahead took so long that the window of this one goes by with nothing in it."""
    if race.state not in UNDER_WAY or row.opens_at is None or row.closes_at is None:
        return False
    if row.state == StageState.PLANNED:
        return row.opens_at < at
    return row.state == StageState.RUNNING and row.closes_at < at and not row.has_entries


def visible_reports(race: Race, user: Any) -> Any:
    return GateReport.objects.visible_to(user).filter(stage__race=race)


def shown_stage(row: Stage, report: GateReport | None, panel: StagePanel | None, at: datetime) -> ShownStage:
    plan = row.gate
    over = row.closes_at is not None and at > row.closes_at
    return ShownStage(row, list(said(plan)), plan.release, report, panel, over, plan.expert.weight > 0, overtaken=False)


@dataclass(frozen=True)
class LaneRow:
    """A lane with what each gate decided of it, nothing where it did not come so far."""

    lane: Lane
    decisions: Sequence[LaneDecision | None]
    money: int


def lane_rows(race: Race, stages: Iterable[ShownStage], user: Any) -> list[LaneRow]:
    """Lanes against the gates whose reports the reader sees; what is released counts once it is final."""
    seen = Lane.objects.visible_to(user).filter(race=race).select_related("organization")
    lanes = seen.prefetch_related(Prefetch("merged_into", Lane.objects.visible_to(user)))
    reports = [one.report for one in stages if one.row.state != StageState.REPLACED]
    shown = [report for report in reports if report is not None]
    found: Mapping[tuple[int, int], LaneDecision] = {
        (row.report_id, row.lane_id): row
        for row in LaneDecision.objects.visible_to(user).filter(report__in=shown).select_related("into")
    }
    final = {report.pk for report in shown if report.state == "final"}
    rows = []
    for lane in lanes.order_by("number"):
        cells = [found.get((report.pk, lane.pk)) if report is not None else None for report in reports]
        money = sum(cell.money for cell in cells if cell is not None and cell.report_id in final)
        rows.append(LaneRow(lane, cells, money))
    return rows


@dataclass(frozen=True)
class Bar:
    """A lane's interval on a drawing (panels/interval.html)."""

    low: str
    high: str
    at: str
    raw: str


@dataclass(frozen=True)
class ReportRow:
    """A lane of a report: its place, its interval, what the rule says and what was decided."""

    decision: LaneDecision
    bar: Bar | None
    ranks: str
    group: int | None
    metrics: Mapping[str, Any]
    counted: Mapping[str, Any]
    metric_values: Sequence[Any] = ()

    @property
    def low(self) -> float | None:
        return self.decision.low

    @property
    def high(self) -> float | None:
        return self.decision.high

    band = None  # the group stands in a column of its own

    @property
    def received(self) -> datetime | None:
        """When the entry that counts arrived."""
        told = self.counted.get("received")
        return datetime.fromisoformat(told) if told else None


def report_rows(report: GateReport, user: Any = None) -> list[ReportRow]:
    """The lanes in the order of their places, those without a score last; those that the reader sees, all without one.

    A lane that another merges into is left out where this reader does not see it.
    """
    places = {place["lane"]: place for place in report.standing.get("places", [])}
    decisions = list(report.decisions.select_related("lane__organization", "into__organization"))
    if user is not None:
        decisions = seen_decisions(report, decisions, user)
    decisions.sort(key=lambda row: (row.rank is None, row.rank or 0, row.lane.number))
    ends = [value for row in decisions for value in (row.low, row.high, row.score) if value is not None]
    rows = [report_row(report, row, places.get(row.lane.code), ends) for row in decisions]
    names = metric_names(rows)
    return [replace(row, metric_values=[row.metrics.get(name) for name in names]) for row in rows]


def seen_decisions(report: GateReport, decisions: Iterable[LaneDecision], user: Any) -> list[LaneDecision]:
    seen = set(Lane.objects.visible_to(user).filter(race=report.race).values_list("pk", flat=True))
    kept = [row for row in decisions if row.lane_id in seen]
    for row in kept:
        if row.into_id not in seen:
            row.into = None
    return kept


def metric_names(rows: Iterable[ReportRow]) -> list[str]:
    """The columns of the metrics, each once."""
    return list(dict.fromkeys(name for row in rows for name in row.metrics))


def report_row(
    report: GateReport, row: LaneDecision, place: Mapping[str, Any] | None, ends: Sequence[float]
) -> ReportRow:
    metrics = report.standing.get("metrics", {}).get(row.lane.code, {})
    counted = report.measured.get("entries", {}).get(row.lane.code, {})
    if place is None:
        return ReportRow(row, None, "", None, metrics, counted)
    ranks = span_of(place["rank_low"], place["rank_high"]) if report.standing.get("by_items") else ""
    return ReportRow(row, bar_of(row, ends), ranks, place["group"], metrics, counted)


def span_of(first: int, last: int) -> str:
    """Ranks that are possible: one alone, or from one to another."""
    return str(first) if first == last else f"{first}–{last}"


def bar_of(row: LaneDecision, ends: Sequence[float]) -> Bar | None:
    if row.low is None or row.high is None or row.score is None:
        return None
    least, most = min(ends), max(ends)
    scale = WIDTH / (most - least) if most > least else 1.0
    marks = [f"{(value - least) * scale:.1f}" for value in (row.low, row.high, row.score, row.score)]
    return Bar(*marks)


@dataclass(frozen=True)
class Neighbours:
    """Two lanes that cannot be told apart, and how many more items would; -1 where none would."""

    first: str
    second: str
    items: int


def to_part(report: GateReport, rows: Iterable[ReportRow]) -> list[Neighbours]:
    """Of the lanes in these rows."""
    names = {row.decision.lane.code: row.decision.lane.name for row in rows}
    pairs = [(*one["lanes"], one["items"]) for one in report.standing.get("to_part", [])]
    return [Neighbours(names[one], names[other], items) for one, other, items in pairs if {one, other} <= set(names)]


@dataclass(frozen=True)
class History:
    """What a lane did, gate by gate; of the lanes that merged into it as well, each under its own name."""

    lane: Lane
    decisions: Sequence[LaneDecision]
    entries: Sequence[Any]


def histories(lane: Lane, user: Any) -> list[History]:
    """The lane's own first; then those it took in."""
    lanes = [lane, *Lane.objects.visible_to(user).filter(merged_into=lane).select_related("organization")]
    decisions = LaneDecision.objects.visible_to(user).filter(lane__in=lanes).exclude(report__state="overturned")
    rows = list(decisions.select_related("report__stage", "into").order_by("report__stage__order", "pk"))
    entries = list(entries_of(lanes, user))
    return [
        History(
            one,
            [row for row in rows if row.lane_id == one.pk],
            [row for row in entries if row.lane_id == one.pk],
        )
        for one in lanes
    ]


def entries_of(lanes: Sequence[Lane], user: Any) -> Any:
    """The entries that the reader may see: of one's own team, for staff and officers of all."""
    rows = Entry.objects.visible_to(user).filter(lane__in=lanes).select_related("stage", "lane")
    return rows.order_by("stage__order", "number")
