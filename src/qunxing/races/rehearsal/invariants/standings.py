"""The standing of a gate, worked out again the plain way: item by item, without the engine."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from typing import Any

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.ledger.canonical import digest
from qunxing.panels.models import Panel
from qunxing.panels.queries import standings as panel_standings
from qunxing.races import itemscores
from qunxing.races.actions.panels import result_of
from qunxing.races.models import Entry, GateReport, LaneDecision, ScoreRun, StageItem
from qunxing.races.models.reports import GOES_ON, Funding
from qunxing.races.plan import GatePlan
from qunxing.races.rehearsal.invariants.kept import bodies
from qunxing.races.rehearsal.memory import RaceMemory

NEAR = 1e-6
Scores = dict[str, float]


def reports() -> list[GateReport]:
    return list(GateReport.objects.select_related("stage__race").order_by("pk"))


def standing(_memory: RaceMemory) -> Iterator[Found]:
    """Scores and places are what the stored item scores say, and the log told the digest."""
    told = {one["subject"][1]: one["facts"]["standing"] for one in bodies("gate.reported")}
    for report in reports():
        kept = {place["lane"]: place for place in report.standing["places"]}
        yield Found.of(report.ref, digest(report.standing) == report.standing_digest, "its digest is another")
        yield Found.of(report.ref, told.get(report.ref) == report.standing_digest, "the log tells of another")
        found = plain_scores(report)
        yield Found.of(report.ref, set(found) == set(kept), f"lanes {sorted(found)}, not {sorted(kept)}")
        for lane, score in found.items():
            place = kept.get(lane, {"score": math.nan, "rank": 0})
            fine = abs(place["score"] - score) < NEAR
            yield Found.of(f"{report.ref} {lane}", fine, f"its score is {score}, not {place['score']}")
            above = sum(other > score + NEAR for other in found.values())
            yield Found.of(
                f"{report.ref} {lane}", place["rank"] == above + 1, f"place {place['rank']}, not {above + 1}"
            )


def plain_scores(report: GateReport) -> Scores:
    """{lane: its score}, from what the report says it rests on."""
    plan, out = report.stage.gate, report.standing["undefined"]
    rows = {lane: one for lane, one in report.measured["entries"].items() if lane not in out}
    if all(one["items"] for one in rows.values()):
        found = by_items(plan, {lane: itemscores.read(report.stage.race, one["items"]) for lane, one in rows.items()})
    else:
        runs = {lane: ScoreRun.objects.get(ref=one["run"]) for lane, one in rows.items()}
        found = {lane: float(run.overall_sealed or 0.0) for lane, run in runs.items()}
    weight = plan.expert.weight
    if not weight:
        return found
    given = experts(report)
    return {lane: (1 - weight) * score + weight * given[lane] for lane, score in found.items()}


def by_items(plan: GatePlan, read: Mapping[str, itemscores.ItemScores]) -> Scores:
    """The mean over the sealed items, or over strata by their shares; a missing item by the plan's rule."""
    rule, shares = plan.counting.missing, plan.counting.shares
    rows = {
        lane: [float(v) for v, kept in zip(one.scores, one.sealed, strict=True) if kept] for lane, one in read.items()
    }
    strata = {
        lane: [s for s, kept in zip(one.strata, one.sealed, strict=True) if kept] if one.strata else []
        for lane, one in read.items()
    }
    gaps = {place for row in rows.values() for place, value in enumerate(row) if math.isnan(value)}
    found = {}
    for lane, row in rows.items():
        held = [(place, 0.0 if math.isnan(value) and rule == "zero" else value) for place, value in enumerate(row)]
        held = [(p, v) for p, v in held if not math.isnan(v) and not (rule == "drop" and p in gaps)]
        if shares and strata[lane]:
            parts = {name: [v for p, v in held if strata[lane][p] == name] for name in shares}
            found[lane] = sum(shares[name] * mean(values) for name, values in parts.items())
        else:
            found[lane] = mean([value for _place, value in held])
    return found


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def experts(report: GateReport) -> Scores:
    panel = Panel.objects.get(ref=report.measured["panel"]["panel"])
    rows = StageItem.objects.filter(round__panel=panel).select_related("item", "lane")
    codes = {row.item.ref: row.lane.code for row in rows}
    return {codes[row.item.ref]: result_of(row) / 100 for row in panel_standings(panel) if row.place is not None}


# --- who goes on ----------------------------------------------------------------------------------------------------


def passing(_memory: RaceMemory) -> Iterator[Found]:
    """Who passes follows from the rule: those above the line, and where ties go on whoever is tied at it."""
    for report in reports():
        plan, kept = report.stage.gate, report.standing
        scores = plain_scores(report)
        said = {one["lane"]: one for one in kept["passing"]}
        above = above_the_line(plan, scores, set(kept["vetoes"]), kept["order"])
        for lane in scores:
            passes, tied = said[lane]["passes"], said[lane]["tied"]
            fine = passes == (lane in above) or (plan.rule.tied == "go_on" and tied and passes)
            fine = fine or (plan.rule.kind == "both" and plan.rule.tied == "go_on")  # two lines, each with its ties
            yield Found.of(f"{report.ref} {lane}", fine, f"passes: {passes}, by the rule: {lane in above}")
            veto = lane in kept["vetoes"]
            yield Found.of(f"{report.ref} {lane}", not (veto and passes), "it passes against a veto")


def above_the_line(plan: GatePlan, scores: Scores, vetoes: set[str], order: list[str]) -> set[str]:
    rule = plan.rule
    allowed = [lane for lane in scores if lane not in vetoes]
    if rule.kind != "top":
        allowed = [lane for lane in allowed if scores[lane] >= rule.threshold - NEAR]
    if rule.kind == "threshold":
        return set(allowed)
    ranked = sorted(allowed, key=lambda lane: (-round(scores[lane], 9), order.index(lane)))
    return set(ranked[: rule.top])


def tie_break(_memory: RaceMemory) -> Iterator[Found]:
    """The order in which equal scores are parted is the one that was fixed: time, cost, or the draw by the seed."""
    for report in reports():
        rows = report.measured["entries"]
        entries = {lane: Entry.objects.get(ref=one["entry"]) for lane, one in rows.items()}
        order = sorted(report.standing["order"], key=lambda lane: turn(report, entries.get(lane), lane))
        yield Found.of(report.ref, order == report.standing["order"], f"the order is {order}")


def turn(report: GateReport, entry: Entry | None, lane: str) -> tuple[Any, ...]:
    rule = report.stage.gate.rule
    drawn = hashlib.sha256(f"{rule.draw_seed}:{report.stage.ref}:{lane}".encode()).hexdigest()
    told: list[Any] = []
    for name in rule.tie_break:
        if name == "earlier":
            told.append(entry.received_at.isoformat() if entry is not None else "9999")
        elif name == "cost":
            cost = entry.cost if entry is not None else None
            told += [cost is None, cost or 0]
        else:
            told.append(drawn)
    return (*told, lane)


def decisions(_memory: RaceMemory) -> Iterator[Found]:
    """A decision against the rule has its reason; no veto was passed over; a final one is what became of the lane."""
    rows = LaneDecision.objects.select_related("report__stage", "lane")
    for row in rows:
        by_rule = row.follows == (Funding.SAME if row.passes else Funding.STOP)
        yield Found.of(row.ref, by_rule or row.reason, "decided against the rule without a reason")
        yield Found.of(row.ref, not (row.veto and row.follows in GOES_ON), "it goes on against a veto")
        if row.report.state == "final" and row.follows == Funding.STOP:
            yield Found.of(row.ref, row.lane.state == "stopped", f"stopped by the gate, and {row.lane.state}")
        if row.report.state == "final" and row.follows == Funding.MERGE:
            yield Found.of(row.ref, row.lane.state == "merged", f"merged by the gate, and {row.lane.state}")
