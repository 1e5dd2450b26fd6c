"""What goes into the archive of a race: its records as the log attests them, its papers, its scores."""

from collections.abc import Iterator

from qunxing.challenges.archive.gathering import (
    as_csv,
    readable,
    records_of_contracts,
    scores,
)
from qunxing.challenges.models import Contract, Notice, Objection
from qunxing.challenges.papers import contract_paper, notice_paper, pledge_paper, written
from qunxing.ledger.models import Record
from qunxing.ledger.packs import Data
from qunxing.panels.models import Item, Panel, Review, Seat, Sheet, Standing
from qunxing.panels.report import report as panel_report
from qunxing.panels.states import SheetState
from qunxing.races import itemscores
from qunxing.races.models import (
    Baseline,
    Entry,
    Flag,
    GateReport,
    LaneDecision,
    LaneParty,
    Race,
    Route,
    RouteCheck,
    ScoreRun,
    StageItem,
    StagePanel,
    TestingBody,
    TestSet,
)
from qunxing.races.papers import report_paper
from qunxing.races.states.report import ReportState

OF_STAGE = (TestSet, TestingBody, Baseline, Flag, GateReport, StagePanel, Entry)


def records_of(race: Race) -> Iterator[Record]:
    """Every record of the race but who objected and who the experts are."""
    yield race
    yield from race.stages.all()
    lanes = race.lanes.all()
    yield from lanes
    yield from LaneParty.objects.filter(lane__in=lanes)
    yield from Route.objects.filter(lane__in=lanes)
    yield from RouteCheck.objects.filter(race=race)
    for kind in OF_STAGE:
        yield from kind._default_manager.filter(stage__race=race)
    yield from ScoreRun.objects.filter(entry__stage__race=race)
    yield from LaneDecision.objects.filter(report__stage__race=race)
    yield from records_of_panels(race)
    notices = Notice.objects.filter(gate_report__stage__race=race)
    yield from notices
    yield from Objection.objects.filter(notice__in=notices)
    yield from records_of_contracts(Contract.objects.filter(lane__race=race))


def records_of_panels(race: Race) -> Iterator[Record]:
    yield from StageItem.objects.filter(round__stage__race=race)
    panels = Panel.objects.filter(race_stage__stage__race=race)
    yield from panels
    for kind in (Item, Seat, Review, Standing):
        yield from kind._default_manager.filter(panel__in=panels)
    yield from Sheet.objects.filter(review__panel__in=panels).exclude(state=SheetState.DRAFT)


def papers_of(race: Race) -> Iterator[tuple[str, Data]]:
    """What people read, and the item scores by which anybody can compute the standings again."""
    for stage in race.stages.all():
        yield f"plans/{stage.order}-{stage.edition}.json", readable(stage.plan)
    reports = GateReport.objects.filter(stage__race=race).select_related("stage__race", "notice").order_by("pk")
    for report in reports:
        name = f"gates/{report.stage.order}-{report.stage.edition}-{report.number}"
        yield f"{name}/standing.json", readable({"standing": report.standing, "measured": report.measured})
        yield from item_scores(name, report)
        if report.state == ReportState.FINAL:
            yield f"{name}/report.docx", written(report_paper(report))
        if report.notice is not None:
            yield f"documents/{report.notice.number}.docx", written(notice_paper(report.notice))
    for panel in StagePanel.objects.filter(stage__race=race).select_related("panel", "stage"):
        folder = f"panels/{panel.stage.order}-{panel.number}"
        yield f"{folder}/scores.csv", scores(panel.panel)
        yield f"{folder}/report.docx", panel_report(panel.panel)
    contracts = Contract.objects.filter(lane__race=race).select_related("organization", "payer", "issuer")
    for contract in contracts.order_by("pk"):
        yield f"documents/{contract.number}.docx", written(contract_paper(contract))
        yield f"documents/{contract.number}-commitment.docx", written(pledge_paper(contract))


def item_scores(name: str, report: GateReport) -> Iterator[tuple[str, bytes]]:
    """The scores of the entries that counted, lane by item, as `qunxing race standing` reads them."""
    rows = []
    for lane, counted in sorted(report.measured.get("entries", {}).items()):
        if not counted.get("items"):
            continue
        found = itemscores.read(report.stage.race, counted["items"])
        kept = zip(found.items, found.scores, found.sealed, strict=True)
        rows += [[lane, item, float(score)] for item, score, sealed in kept if sealed and score == score]  # noqa: PLR0124
    if rows:
        yield f"{name}/scores.csv", as_csv(["contestant", "item", "score"], rows)
