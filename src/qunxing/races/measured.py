"""What is known of the lanes at a gate: the entry that counts of each, its scores, item by item and over all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qunxing.races import itemscores
from qunxing.races.itemscores import ItemScores, Numbers
from qunxing.races.models import Entry, Lane, ScoreRun, Stage
from qunxing.races.models.runs import Verdict
from qunxing.races.states.entry import EntryState
from qunxing.races.states.lane import LaneState


@dataclass(frozen=True)
class Counted:
    """A lane's entry that counts and the run of it that does."""

    lane: Lane
    entry: Entry
    run: ScoreRun

    @property
    def undefined(self) -> str:
        """Why it has no score; empty where it has one."""
        if self.run.overall_sealed is not None:
            return ""
        reasons = ", ".join(f"{name}: {why}" for name, why in sorted(self.run.undefined.items()))
        return reasons or str(self.run.get_verdict_display())


@dataclass(frozen=True)
class Measured:
    """Scores of the lanes that have one, as a standing takes them; `undefined` says why others have none.

    `scores` is lanes by items of the sealed part, without items where a lane's run kept none: then `overall` alone
    counts and there are no intervals. Lanes go by their code (L1).
    """

    lanes: tuple[str, ...]
    scores: Numbers
    items: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    overall: Mapping[str, float] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    undefined: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, Counted] = field(default_factory=dict)


def running_lanes(stage: Stage) -> list[Lane]:
    """Those whom the gate is about."""
    rows = Lane.objects.filter(race_id=stage.race_id, state=LaneState.RUNNING).select_related("organization")
    return list(rows.order_by("number"))


def counted_entries(stage: Stage, lanes: Sequence[Lane]) -> dict[int, Counted]:
    """{lane: what counts of it}: the last entry or the one with the best public score, by the plan; two queries."""
    entries = Entry.objects.filter(stage=stage, lane__in=lanes, state=EntryState.SCORED, disqualified=False)
    entries = entries.exclude(kind=Entry.Kind.DRY_RUN).order_by("lane_id", "number")
    runs = last_runs(stage, lanes)
    found: dict[int, Counted] = {}
    by_key = {lane.pk: lane for lane in lanes}
    best = stage.gate.entries.counts == "best"
    for entry in entries:
        run = runs.get(entry.pk)
        if run is None:
            continue
        before = found.get(entry.lane_id)
        if before is None or not best or public_of(run) > public_of(before.run):
            found[entry.lane_id] = Counted(by_key[entry.lane_id], entry, run)
    return found


def public_of(run: ScoreRun) -> float:
    return run.overall_public if run.overall_public is not None else float("-inf")


def last_runs(stage: Stage, lanes: Sequence[Lane]) -> dict[int, ScoreRun]:
    """{entry: its last run that ended with a result, a metric that is undefined among them}."""
    rows = ScoreRun.objects.filter(
        entry__stage=stage, entry__lane__in=lanes, verdict__in=[Verdict.OK, Verdict.UNDEFINED]
    )
    return {run.entry_id: run for run in rows.order_by("entry_id", "number")}


def measured(stage: Stage) -> Measured:
    """The sealed part, which decides."""
    lanes = running_lanes(stage)
    counted = counted_entries(stage, lanes)
    scored = [lane for lane in lanes if lane.pk in counted and not counted[lane.pk].undefined]
    undefined = {lane.code: counted[lane.pk].undefined for lane in lanes if lane.pk in counted and lane not in scored}
    overall = {lane.code: float(counted[lane.pk].run.overall_sealed or 0.0) for lane in scored}
    items = [items_of(stage, counted[lane.pk].run) for lane in scored]
    scores, names, strata = aligned([one for one in items if one is not None], len(scored))
    return Measured(
        tuple(lane.code for lane in scored),
        scores,
        names,
        strata,
        overall,
        {lane.code: dict(counted[lane.pk].run.sealed) for lane in scored},
        undefined | {lane.code: "no_entry" for lane in lanes if lane.pk not in counted},
        {lane.code: counted[lane.pk] for lane in lanes if lane.pk in counted},
    )


def items_of(stage: Stage, run: ScoreRun) -> ItemScores | None:
    """The item scores of a run, if it kept any."""
    return itemscores.read(stage.race, run.items_digest) if run.items_digest else None


def aligned(found: Sequence[ItemScores], lanes: int) -> tuple[Numbers, tuple[str, ...], tuple[str, ...]]:
    """(lanes by sealed items, items, strata); nothing where not everybody has scores on the same items."""
    nothing: tuple[Any, tuple[str, ...], tuple[str, ...]] = (np.empty((lanes, 0)), (), ())
    if not found or len(found) < lanes or any(one.items != found[0].items for one in found):
        return nothing
    sealed = found[0].sealed
    if not sealed.any():
        return nothing
    names = tuple(name for name, kept in zip(found[0].items, sealed, strict=True) if kept)
    strata = tuple(name for name, kept in zip(found[0].strata, sealed, strict=True) if kept) if found[0].strata else ()
    return np.array([one.scores[sealed] for one in found]), names, strata
