"""The experts' part of a gate: a panel scores the lanes, as in challenges."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import locked, require, tell
from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, create
from qunxing.ledger.recording import recording
from qunxing.panels import actions as panels
from qunxing.panels.models import Item, Panel, Party
from qunxing.panels.queries import StandingRow, standings
from qunxing.panels.queries.scores import given_in
from qunxing.panels.states import PanelState
from qunxing.panels.terms import PanelTerms, ScoringTerms
from qunxing.races.measured import running_lanes
from qunxing.races.models import Lane, Stage, StageItem, StagePanel
from qunxing.races.rules.running import Permission
from qunxing.races.states.report import ReportState
from qunxing.races.states.stage import CURRENT

HUNDRED = 100
DONE = frozenset({PanelState.CLOSED, PanelState.SIGNED})


def plan_panel(stage: Stage, *, actor: Any, day: date) -> StagePanel:
    """A panel by the rules of the gate, an item for each lane; Refused where experts have no part, or one sits."""
    require(actor, Permission.DECIDE_GATE, stage)
    with recording(actor=actor):
        stored = locked(stage)
        if not stored.gate.expert.weight or stored.state not in CURRENT:
            raise Refused(_("Experts have no part in this gate now."), "", 409)
        before = stored.panels.filter(superseded=False).select_related("panel").first()
        if before is not None:
            supersede(before, stored)
        made = planned(stored, running_lanes(stored), day=day)
        tell("gate.panel", stored, {"panel": made.panel.ref, "round": made.number})
    return made


def supersede(before: StagePanel, stage: Stage) -> None:
    """Another panel takes its place, where it was dissolved or what it led to was taken back."""
    taken_back = stage.reports.filter(state=ReportState.OVERTURNED).count() >= before.number
    if before.panel.state != PanelState.DISSOLVED and not taken_back:
        raise Refused(_("A panel sits for this gate already."), _("Dissolve it first, with the reason."), 409)
    before.superseded = True
    before.save()


def planned(stage: Stage, lanes: list[Lane], *, day: date) -> StagePanel:
    expert, race = stage.gate.expert, stage.race
    panel = panels.create_panel(
        actor=None,
        title=f"{race.title} · {stage.title}"[:200],
        terms=PanelTerms.read({"fields": list(race.fields)} | dict(expert.panel)),
        scoring=ScoringTerms.read(dict(expert.scoring)),
        day=day,
        issuer_parties=[panels.PartySpec(organization=race.organization)],
        demo=race.demo,
    )
    specs = [item_spec(lane, stage, blind=panel.rules.double_blind) for lane in lanes]
    items = panels.add_items(panel, specs, actor=None)
    number = stage.panels.count() + 1
    made = create(StagePanel(stage=stage, panel=panel, number=number, began_on=day, demo=race.demo), actor=None)
    add_many([stage_item(made, lane, item) for lane, item in zip(lanes, items, strict=True)])
    return made


def stage_item(round_: StagePanel, lane: Lane, item: Item) -> StageItem:
    made = StageItem(round=round_, lane=lane, item=item, demo=lane.demo)
    made.derive()
    return made


def item_spec(lane: Lane, stage: Stage, *, blind: bool) -> panels.ItemSpec:
    """What the panel reads of a lane: its route and what it was asked to do."""
    route = lane.route
    return panels.ItemSpec(
        code=f"{lane.number:03d}",
        title=_("Lane %(number)s") % {"number": lane.number} if blind else lane.name,
        text=route.text,
        body=[
            {"heading": _("Task of the stage"), "text": stage.task, "rows": []},
            {"heading": _("Technical route"), "text": route.text, "rows": []},
        ],
        parties=list(parties_of(lane)),
        affiliation=lane.organization.name,
    )


def parties_of(lane: Lane) -> Iterator[panels.PartySpec]:
    yield panels.PartySpec(organization=lane.organization)
    for row in lane.parties.select_related("organization"):
        yield panels.PartySpec(organization=row.organization, role=Party.Role.PARTNER)
    if lane.route.leader:
        yield panels.PartySpec(name=lane.route.leader, role=Party.Role.LEADER)


# --- what it gave ---------------------------------------------------------------------------------------------------


def panel_of(stage: Stage) -> Panel | None:
    """The panel that counts at this gate."""
    row = stage.panels.filter(superseded=False).select_related("panel").first()
    return row.panel if row is not None else None


@dataclass(frozen=True)
class Marks:
    """What the panel gave, from 0 to 1: {lane: its result by the rule that decides} and {lane: {seat: mark}}."""

    experts: dict[str, float] = field(default_factory=dict)
    marks: dict[str, dict[str, float]] = field(default_factory=dict)


def marks_of(stage: Stage) -> Marks:
    """Nothing where experts have no part; Refused while their panel has not closed its scoring."""
    if not stage.gate.expert.weight:
        return Marks()
    panel = panel_of(stage)
    if panel is None or panel.state not in DONE:
        raise Refused(
            _("The panel of this gate has not closed its scoring."), _("Plan it, or close the scoring first."), 409
        )
    rows = StageItem.objects.filter(round__panel=panel).select_related("item", "lane")
    codes = {row.item.ref: row.lane.code for row in rows}
    marks: dict[str, dict[str, float]] = {code: {} for code in codes.values()}
    for given in given_in(panel):
        marks[codes[given.item]][given.reviewer] = float(given.total) / HUNDRED
    experts = {codes[row.item.ref]: result_of(row) / HUNDRED for row in standings(panel) if row.place is not None}
    return Marks(experts, {lane: given for lane, given in marks.items() if lane in experts})


def result_of(row: StandingRow) -> float:
    """The mean that decides."""
    result, marking = row.standing, row.item.panel.marking
    if marking.decides == "calibrated" and result.calibrated is not None:
        return float(result.calibrated)
    trimmed = result.trimmed_mean if row.by_trimmed else None
    return float(trimmed if trimmed is not None else result.raw_mean or 0.0)
