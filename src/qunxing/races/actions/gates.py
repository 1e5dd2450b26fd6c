"""A gate decided: the report with its standing, a decision for each lane, public notice, and what follows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.rules.subjects import writes_for
from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, change, create
from qunxing.ledger.canonical import digest
from qunxing.ledger.reasons import bare, needed_reason, told_reason
from qunxing.ledger.recording import recording
from qunxing.races.actions.finishing import end_notice
from qunxing.races.actions.panels import marks_of, panel_of
from qunxing.races.judging import Given, Judged, judge, tie_order
from qunxing.races.measured import Measured, measured, running_lanes
from qunxing.races.models import Entry, GateReport, Lane, LaneDecision, Stage
from qunxing.races.models.reports import GOES_ON, Funding
from qunxing.races.reporting import measured_json, standing_json
from qunxing.races.rules.running import Permission
from qunxing.races.states import race as races
from qunxing.races.states import report as reports
from qunxing.races.states import stage as stages
from qunxing.races.states.entry import EntryState
from qunxing.races.states.race import RaceState
from qunxing.races.states.report import ReportState
from qunxing.races.states.stage import StageState
from qunxing.races.words import veto_text

MOST_YUAN = 10**12
WAITING = frozenset({EntryState.RECEIVED, EntryState.QUEUED, EntryState.SCORING})


def make_report(stage: Stage, *, actor: Any, at: datetime) -> GateReport:
    """Compute the standing once the window has closed and everything is scored; each lane's decision is by the rule.

    Refused before that, or while another report of the gate counts.
    """
    require(actor, Permission.DECIDE_GATE, stage)
    with recording(actor=actor):
        stored = locked(stage)
        refuse_early(stored, at)
        known, marks = measured(stored), marks_of(stored)
        judged = judged_at(stored, known, given_of(known, marks.experts, marks.marks))
        begin_deciding(stored, actor=actor)
        made = report_of(stored, known, judged, day=timezone.localdate(at))
        create(made, actor=actor)
        add_many([decision_of(made, lane, judged) for lane in running_lanes(stored)])
        tell("gate.reported", made, {"stage": stored.ref, "number": made.number, "standing": made.standing_digest})
    stage.refresh_from_db()
    return made


def refuse_early(stage: Stage, at: datetime) -> None:
    """Refused while the window is open, something waits to be scored, or a report counts."""
    if stage.state not in stages.CURRENT:
        raise Refused(_("This gate is not the one that is run now."), "", 409)
    if stage.reports.exclude(state=ReportState.OVERTURNED).exists():
        raise Refused(_("A report of this gate counts already."), _("Take it back first."), 409)
    if stage.closes_at is not None and at <= stage.closes_at:
        words = {"moment": timezone.localtime(stage.closes_at).strftime("%Y-%m-%d %H:%M")}
        raise Refused(
            _("The window of this gate is open until %(moment)s.") % words, _("Wait until it has closed."), 409
        )
    waiting = Entry.objects.filter(stage=stage, state__in=WAITING).count()
    if waiting:
        raise Refused(
            _("%(count)s entries wait to be scored.") % {"count": waiting}, _("Wait until the queue is empty."), 409
        )


def begin_deciding(stage: Stage, *, actor: Any) -> None:
    race = locked(stage.race)
    if stage.state == StageState.RUNNING:
        take(stage, "measure", stages.LIFE, actor=actor)
    if race.state == RaceState.RUNNING:
        follow(race, "decide", races.LIFE)


def given_of(known: Measured, experts: Mapping[str, float], marks: Mapping[str, Mapping[str, float]]) -> Given:
    """What was measured, as the engine takes it."""
    return Given(known.lanes, known.scores, known.strata, known.overall, known.metrics, known.undefined, experts, marks)


def judged_at(stage: Stage, known: Measured, given: Given) -> Judged:
    """The standing and the rule's answer; Refused where the strata are not those of the test set."""
    plan = stage.gate
    times = {code: one.entry.received_at.isoformat() for code, one in known.counted.items()}
    costs = {code: one.entry.cost for code, one in known.counted.items()}
    codes = [lane.code for lane in running_lanes(stage)]
    order = tie_order(plan, codes, times, costs, stage.ref)
    try:
        return judge(plan, given, order)
    except ValueError as error:
        words = {"strata": str(error)}
        raise Refused(
            _("The gate weighs strata that its test set does not have: %(strata)s") % words, "", 409
        ) from error


def report_of(stage: Stage, known: Measured, judged: Judged, *, day: date) -> GateReport:
    """The report as it is computed."""
    found = standing_json(stage.gate, known, judged)
    return GateReport(
        stage=stage,
        number=stage.reports.count() + 1,
        standing=found,
        standing_digest=digest(found),
        measured=measured_json(stage, known, panel_of(stage)),
        made_on=day,
        visibility=stage.race.visibility,
        demo=stage.race.demo,
    )


def decision_of(report: GateReport, lane: Lane, judged: Judged) -> LaneDecision:
    """What the rule says of the lane, and what follows if nobody decides otherwise."""
    place = (
        next((one for one in judged.standing.places if one.contestant == lane.code), None) if judged.standing else None
    )
    passed = next((one for one in judged.passing if one.contestant == lane.code), None)
    goes = passed is not None and passed.passes
    made = LaneDecision(
        report=report,
        lane=lane,
        passes=goes,
        tied=passed is not None and passed.tied_at_line,
        undefined=judged.undefined.get(lane.code, "")[:200] if place is None else "",
        veto=veto_text(judged.vetoes[lane.code]) if lane.code in judged.vetoes else "",
        follows=Funding.SAME if goes else Funding.STOP,
        money=report.stage.gate.release if goes else 0,
        visibility=report.visibility,
        demo=lane.demo,
    )
    if place is not None:
        made.rank, made.score = place.rank, place.score
        made.low, made.high = (place.low, place.high) if judged.by_items else (None, None)
    return made


# --- people decide --------------------------------------------------------------------------------------------------


def decide(
    decision: LaneDecision,
    *,
    actor: Any,
    follows: str,
    money: int,
    reason: str = "",
    into: Lane | None = None,
    expected: int | None = None,
) -> LaneDecision:
    """More, the same, less, stop or merge; what the rule does not say by itself needs a reason."""
    require(actor, Permission.DECIDE_GATE, decision)
    if follows not in Funding.values:
        raise Refused(_("Choose what follows for the lane."), "", 422)
    with recording(actor=actor, reason=told_reason(reason)):
        report = drafted(decision.report)
        stored = locked(decision)
        planned = report.stage.gate.release
        check_decision(stored, report, follows, money, into)
        by_rule = follows == (Funding.SAME if stored.passes else Funding.STOP)
        told = told_reason(reason) if by_rule else needed_reason(reason)
        amount = planned if follows == Funding.SAME else money if follows in {Funding.MORE, Funding.LESS} else 0
        values = {"follows": follows, "money": amount, "reason": told, "into": into}
        saved = change(stored, actor=actor, values=values | unagreed(stored, into), expected=expected)
        facts = {"lane": stored.lane.ref, "follows": follows, "money": amount, "by_rule": by_rule}
        tell("gate.decided", saved, facts)
    return saved


def unagreed(decision: LaneDecision, into: Lane | None) -> dict[str, Any]:
    """Another merge than before was agreed to by nobody."""
    same = into is not None and decision.into_id == into.pk
    return {} if same else {"agreed_on": None, "into_agreed_on": None}


def check_decision(decision: LaneDecision, report: GateReport, follows: str, money: int, into: Lane | None) -> None:
    planned = report.stage.gate.release
    if (follows == Funding.MORE and money <= planned) or (follows == Funding.LESS and not 0 <= money < planned):
        words = {"planned": f"{planned:,}"}
        raise Refused(_("The gate releases %(planned)s yuan; more is above that, less is below.") % words, "", 422)
    if money > MOST_YUAN:
        raise Refused(_("So much money is never released."), "", 422)
    if (follows == Funding.MERGE) != (into is not None):
        raise Refused(_("A merge names the lane that takes the other in; nothing else does."), "", 422)
    if into is not None and (into.race_id != decision.lane.race_id or into.pk == decision.lane_id):
        raise Refused(_("A lane merges into another one of the same race."), "", 422)
    if follows in GOES_ON and decision.veto:
        raise Refused(_("A veto stops the lane: %(veto)s") % {"veto": decision.veto}, "", 409)


def drafted(report: GateReport) -> GateReport:
    """The stored report, kept from others; Refused once it was put before the public."""
    stored = locked(report)
    refuse_unless_draft(stored)
    return stored


def refuse_unless_draft(report: GateReport) -> None:
    if report.state != ReportState.DRAFT:
        raise Refused(_("This report is before the public or final; nothing in it changes."), "", 409)


def write_words(
    report: GateReport, *, actor: Any, reasons: str, dissent: str = "", expected: int | None = None
) -> GateReport:
    """Why it was decided so, and who sees it otherwise."""
    require(actor, Permission.DECIDE_GATE, report)
    with recording(actor=actor):
        stored = drafted(report)
        values = {"reasons": bare(reasons), "dissent": bare(dissent)}
        return change(stored, actor=actor, values=values, expected=expected)


def agree_to_merge(decision: LaneDecision, *, actor: Any, day: date, word: str = "") -> LaneDecision:
    """The word of one of the two teams; staff may keep a word given otherwise, and say how."""
    require(actor, Permission.AGREE_TO_MERGE, decision)
    with recording(actor=actor, reason=told_reason(word)):
        drafted(decision.report)
        stored = locked(decision)
        if stored.follows != Funding.MERGE or stored.into is None:
            raise Refused(_("No merge is meant here."), "", 409)
        values = agreement(stored, actor, day)
        if not values:
            raise Refused(_("Your side has agreed already."), "", 409)
        if len(values) > 1:
            needed_reason(word)
        saved = change(stored, actor=actor, values=values)
        tell("gate.merge_agreed", saved, {"lane": stored.lane.ref, "into": stored.into.ref, "sides": sorted(values)})
    return saved


def agreement(decision: LaneDecision, actor: Any, day: date) -> dict[str, Any]:
    """The sides the actor speaks for that have not agreed; staff speak for both."""
    if decision.into is None:
        return {}
    sides = {"agreed_on": decision.lane.organization_id, "into_agreed_on": decision.into.organization_id}
    open_sides = {name: key for name, key in sides.items() if getattr(decision, name) is None}
    own = {name for name, key in open_sides.items() if actor is not None and writes_for(actor, key)}
    return dict.fromkeys(own or (open_sides if speaks_for_all(actor, decision) else ()), day)


def speaks_for_all(actor: Any, decision: LaneDecision) -> bool:
    return actor is None or bool(actor.has_perm(Permission.DECIDE_GATE, decision))


# --- taken back -----------------------------------------------------------------------------------------------------


def take_back(report: GateReport, *, actor: Any, reason: str) -> GateReport:
    """The report counts no more, nor its notice; the gate is decided anew on what stands then."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(report)
        take(stored, "overturn", reports.LIFE, actor=actor, reason=reason, overturned_why=reason)
        if stored.notice is not None:
            end_notice(stored.notice)
        tell("gate.taken_back", stored, {"number": stored.number, "reason": reason})
    report.refresh_from_db()
    return report


def decide_anew(report: GateReport, *, actor: Any, at: datetime, reason: str) -> GateReport:
    """Take the report back and compute the standing again, with what was scored or disqualified since."""
    with recording(actor=actor):
        take_back(report, actor=actor, reason=reason)
        return make_report(report.stage, actor=actor, at=at)
