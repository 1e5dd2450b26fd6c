"""A gate: the report, what people decide, the notice with its appeals, and what follows."""

from datetime import datetime, timedelta

from qunxing.challenges.actions import noticing as notices
from qunxing.challenges.actions import objecting as objections
from qunxing.challenges.models import Notice
from qunxing.challenges.rehearsal.acts import objecting, scoring, sitting
from qunxing.challenges.rehearsal.stage import Words, fresh
from qunxing.races.actions import gates, lanes, noticing, panels, publishing
from qunxing.races.actions import scoring as queue
from qunxing.races.actions.creating import StageSpec
from qunxing.races.actions.disqualifying import disqualify
from qunxing.races.models import Entry, GateReport, LaneDecision
from qunxing.races.models import Stage as Gate
from qunxing.races.rehearsal import invariants
from qunxing.races.rehearsal.acts.drafting import end, ended
from qunxing.races.rehearsal.acts.entering import Course, work
from qunxing.races.rehearsal.stage import RaceStage, running, writer
from qunxing.races.states.report import ReportState

WHY = "按规定办理"
PLAIN = "plain"
FATES = (
    PLAIN, PLAIN, "more_less", "more_less", "merge", "merge", "dismissed", "withdrawn", "open", "upheld", "upheld",
    "taken_back", "replaced", "rerun_behind", "waits", "stopped",
)  # fmt: skip
MOST_TRIES = 3


def decide(stage: RaceStage, course: Course, fate: str) -> Course | None:
    """The gate to its end; the gate that took its place where it was replaced."""
    if fate == "waits":
        while_entries_wait(stage, course)
    if not judged(stage, course.gate):
        end(stage, course.race)
        return None
    report = reported(stage, course.gate)
    invariants.check(stage.memory, invariants.SEALED)
    if fate == "replaced" and not course.gate.edition > 1:
        return replaced(stage, course, report)
    if fate == "taken_back":
        report = anew(stage, report)
    settle(stage, report, fate)
    notice_of(stage, report)
    if fate == "stopped" and stage.dice.happens(0.5):
        end(stage, course.race)
        return None
    confirmed(stage, appealed(stage, report, fate))
    return None


def while_entries_wait(stage: RaceStage, course: Course) -> None:
    entry = Entry.objects.filter(stage=course.gate, state="scored").order_by("pk").first()
    if entry is None:
        return
    stage.do("entry.rerun", queue.rerun, entry, actor=stage.staff, reason="核对")
    words: Words = {"actor": stage.staff, "at": stage.clock.at}
    stage.refused("gate.decided_while_entries_wait", gates.make_report, course.gate, **words)
    work(stage)


# --- the experts ----------------------------------------------------------------------------------------------------


def judged(stage: RaceStage, gate: Gate) -> bool:
    """Whether the experts, where they have a part, gave their marks; another panel is tried where one falls apart."""
    if not gate.gate.expert.weight:
        return True
    if not gate.panels.exists():
        words: Words = {"actor": stage.staff, "at": stage.clock.at}
        stage.refused("gate.decided_without_its_panel", gates.make_report, gate, **words)
    for _each in range(MOST_TRIES):
        round_ = stage.do("gate.panel", panels.plan_panel, gate, once=True, **stage.by_staff())
        try:
            scoring.review(stage, round_.panel)
        except sitting.Hopeless:
            stage.memory.refused["panel.hopeless"] += 1
            scoring.dissolve(stage, round_.panel)
        else:
            return True
    return False


# --- the report -----------------------------------------------------------------------------------------------------


def reported(stage: RaceStage, gate: Gate) -> GateReport:
    """Computed by staff, once; who decides at the same time finds it done."""
    words: Words = {"actor": stage.staff, "at": stage.clock.at}
    team = writer(running(gate.race)[0]) if running(gate.race) else stage.visitor
    stage.refused("gate.decided_by_a_team", gates.make_report, gate, actor=team, at=stage.clock.at)
    seen = fresh(gate)  # a second window with the same page
    made: GateReport = stage.do("gate.report", gates.make_report, gate, once=True, **words)
    stage.refused("gate.decided_at_once_by_two", lambda: gates.make_report(seen, **words))
    stage.refused("gate.confirmed_unpublished", noticing.confirm, made, **stage.by_officer())
    return made


def anew(stage: RaceStage, report: GateReport) -> GateReport:
    """Taken back, with an entry disqualified since; what was computed then is kept."""
    entry = Entry.objects.filter(stage=report.stage, state="scored", disqualified=False).order_by("pk").first()
    if entry is not None:
        stage.do("entry.disqualify", disqualify, entry, actor=stage.staff, reason="泄题", once=True)
    words: Words = {"actor": stage.staff, "at": stage.clock.at}
    stage.refused("gate.taken_back_without_a_reason", gates.take_back, report, actor=stage.staff, reason="")
    if report.stage.gate.expert.weight and stage.dice.happens(0.5):
        stage.do("gate.take_back", gates.take_back, report, actor=stage.staff, reason=WHY, once=True)
        if not judged(stage, report.stage):
            raise RuntimeError("no panel after the report was taken back")
        return reported(stage, report.stage)
    made: GateReport = stage.do("gate.decide_anew", gates.decide_anew, report, reason=WHY, once=True, **words)
    return made


def replaced(stage: RaceStage, course: Course, report: GateReport) -> Course:
    """Another gate in its place, with a test set of its own; what was entered to the old one stays."""
    words: Words = {"actor": stage.staff, "at": stage.clock.at, "reason": "测试集有误"}
    spec = moved(stage, course.gate)
    stage.refused("stage.replaced_under_a_report", publishing.replace_stage, course.gate, spec, **words)
    stage.do("gate.take_back", gates.take_back, report, actor=stage.staff, reason=WHY, once=True)
    return Course(course.race, another(stage, course.gate), course.exam, course.shares)


def moved(stage: RaceStage, gate: Gate, opens: datetime | None = None) -> StageSpec:
    """The same gate with a window from some days ahead, not before that of the gate ahead has closed."""
    ahead = gate.race.stages.exclude(state="replaced").filter(order__lt=gate.order).order_by("-order").first()
    closed = ahead.closes_at if ahead is not None else None
    plan, opens = gate.gate, opens or max(stage.clock.at + timedelta(days=3), closed or stage.clock.at)
    return StageSpec(gate.title, plan.moved(opens - (plan.opens_at or opens)), gate.task)


def another(stage: RaceStage, gate: Gate, opens: datetime | None = None) -> Gate:
    """Another edition in its place; where the next gate is in the way, that one is replaced before."""
    spec = moved(stage, gate, opens)
    later = gate.race.stages.filter(state="planned", order__gt=gate.order).order_by("order").first()
    closes = spec.plan.closes_at or stage.clock.at
    if later is not None and (later.opens_at or closes) < closes:
        words: Words = {"actor": stage.staff, "at": stage.clock.at, "reason": "窗口重叠"}
        stage.refused("stage.replaced_into_the_next", publishing.replace_stage, gate, spec, **words)
        another(stage, later, closes + timedelta(days=1))
    return replaced_by(stage, gate, spec)


def replaced_by(stage: RaceStage, gate: Gate, spec: StageSpec) -> Gate:
    words: Words = {"actor": stage.staff, "at": stage.clock.at, "reason": "窗口已过，另定时间"}
    late = StageSpec(gate.title, gate.gate, gate.task)
    if gate.closes_at is not None and gate.closes_at <= stage.clock.at:
        stage.refused("stage.replaced_in_the_past", publishing.replace_stage, gate, late, **words)
    made: Gate = stage.do("stage.replace", publishing.replace_stage, gate, spec, once=True, **words)
    stage.memory.frozen[made.ref] = made.plan_digest
    return made


def in_time(stage: RaceStage, gate: Gate) -> Gate:
    """The gate, or another in its place where what came before it took longer than was planned; seldom a later one."""
    later = gate.race.stages.filter(state="planned").order_by("order").first()
    if later is not None and stage.dice.happens(0.05):
        another(stage, later)
    gone = gate.opens_at is not None and gate.opens_at <= stage.clock.at
    return another(stage, gate) if gone else gate


# --- people decide --------------------------------------------------------------------------------------------------


def settle(stage: RaceStage, report: GateReport, fate: str) -> None:
    """By the rule, or otherwise with a reason."""
    words = "按盲测成绩，依规则决定。"
    stage.do("gate.words", gates.write_words, report, actor=stage.staff, reasons=words, dissent="一名成员保留意见")
    rows = list(report.decisions.select_related("lane", "report").order_by("pk"))
    for row in rows:
        if row.veto:
            again: Words = {"actor": stage.staff, "follows": "same", "money": 0, "reason": "成绩最好"}
            stage.refused("decision.against_a_veto", gates.decide, row, **again)
    on = [row for row in rows if row.follows == "same"]
    if fate == "more_less" and on:
        more_or_less(stage, report, on)
    if fate == "merge" and on and len(rows) > 1:
        merged(stage, report, rows, on[0])


def more_or_less(stage: RaceStage, report: GateReport, rows: list[LaneDecision]) -> None:
    """Within what the gate has for all of its lanes; more than that is not put before the public."""
    planned = report.stage.gate.release
    first = rows[0]
    words: Words = {"actor": stage.staff, "reason": "领先明显"}
    stage.refused("decision.more_that_is_none", gates.decide, first, follows="more", money=planned, **words)
    stage.refused("decision.without_a_reason", gates.decide, first, follows="stop", money=0, actor=stage.staff)
    lanes_here = report.decisions.count()
    if stage.dice.happens(0.4):
        beyond = planned * lanes_here + 1
        stage.do("decision.more", gates.decide, first, follows="more", money=beyond, **words)
        stage.refused("notice.beyond_the_budget", noticing.give_notice, report, **stage.by_staff())
        stage.do("decision.same", gates.decide, first, follows="same", money=0, **words)
    if planned and lanes_here > len(rows):
        stage.do("decision.more", gates.decide, first, follows="more", money=planned + planned // 3, **words)
    if planned and len(rows) > 1:
        less = stage.dice.choice([0, planned // 2])
        stage.do("decision.less", gates.decide, rows[1], follows="less", money=less, **words)


def merged(stage: RaceStage, report: GateReport, rows: list[LaneDecision], into: LaneDecision) -> None:
    """With the word of both teams; staff may keep a word that was given otherwise."""
    row = next((one for one in reversed(rows) if one.pk != into.pk), None)
    if row is None:
        return
    words: Words = {"actor": stage.staff, "money": 0, "reason": "两队方法互补"}
    stage.refused("merge.into_itself", gates.decide, row, follows="merge", into=row.lane, **words)
    stage.do("decision.merge", gates.decide, row, follows="merge", into=into.lane, **words)
    stage.refused("notice.of_a_merge_not_agreed", noticing.give_notice, report, **stage.by_staff())
    visitor = stage.visitor
    stage.refused("merge.agreed_by_a_stranger", gates.agree_to_merge, row, actor=visitor, day=stage.clock.day)
    if stage.dice.happens(0.3):
        said = stage.by_staff(word="两队来函同意")
        stage.do("merge.agree", gates.agree_to_merge, row, once=True, **said)
        return
    for lane in (row.lane, into.lane):
        words = {"actor": writer(lane), "day": stage.clock.day}
        stage.do("merge.agree", gates.agree_to_merge, row, once=True, **words)


# --- the notice -----------------------------------------------------------------------------------------------------


def notice_of(stage: RaceStage, report: GateReport) -> None:
    """Before the public; nothing in the report changes from now on, and no lane goes."""
    stage.do("gate.give_notice", noticing.give_notice, report, once=True, **stage.by_staff())
    row = report.decisions.order_by("pk").first()
    if row is not None:
        words: Words = {"actor": stage.staff, "money": 0, "reason": WHY}
        stage.refused("decision.after_the_notice", gates.decide, row, follows="stop", **words)
        leaves: Words = {"actor": writer(row.lane), "day": stage.clock.day, "reason": "不满意"}
        stage.refused("lane.withdrawn_under_a_notice", lanes.withdraw, row.lane, **leaves)
    stage.refused("gate.confirmed_during_the_notice", noticing.confirm, report, **stage.by_officer())


def appealed(stage: RaceStage, report: GateReport, fate: str) -> GateReport:
    """Whoever objects in time is answered; who is upheld has the gate decided anew."""
    shown = fresh(report).notice
    if shown is None:
        raise RuntimeError("a report under notice has none")
    if fate in {"dismissed", "withdrawn"}:
        objecting.answered(stage, shown, fate)
    elif fate == "open":
        still_open(stage, report, shown)
    elif fate == "upheld":
        objecting.upheld(stage, shown)
        report = anew(stage, report)
        settle(stage, report, PLAIN)
        notice_of(stage, report)
    return report


def still_open(stage: RaceStage, report: GateReport, shown: Notice) -> None:
    """While an objection is open nothing is confirmed, however long the notice has run."""
    made = objecting.received(stage, shown)
    stage.clock.to_day(fresh(shown).last_day + timedelta(days=1))
    stage.refused("gate.confirmed_with_an_open_objection", noticing.confirm, report, **stage.by_officer())
    words = stage.by_staff(upheld=False, reply="经查不实。")
    stage.do("objection.dismiss", objections.answer, made, once=True, **words)


def confirmed(stage: RaceStage, report: GateReport) -> None:
    """After the last day; not on it, not suspended, not by staff alone; who objects then is late."""
    shown = fresh(report).notice
    if shown is None:
        raise RuntimeError("a report under notice has none")
    if stage.dice.happens(0.1):
        objecting.suspend(stage, shown)
        stage.refused("gate.confirmed_suspended", noticing.confirm, report, **stage.by_officer())
        stage.do("notice.resume", notices.resume_notice, shown, once=True, **stage.by_officer(reason="继续公示"))
    stage.clock.to_day(fresh(shown).last_day)
    if stage.clock.day == fresh(shown).last_day:
        stage.refused("gate.confirmed_on_the_last_day", noticing.confirm, report, **stage.by_officer())
        stage.clock.wait(days=1)
    objecting.too_late(stage, shown)
    team = stage.visitor
    stage.refused("gate.confirmed_by_a_visitor", noticing.confirm, report, actor=team, day=stage.clock.day)
    stage.do("gate.confirm", noticing.confirm, report, once=True, **stage.by_officer())
    ended(stage, report.stage.race)
    if fresh(report).state != ReportState.FINAL:
        stage.memory.breaks("refused", "gate.confirm", "it is not final")
