"""The guard of the public board: what is shown of a lane moves only when it is better by more than noise.

What a lane is shown follows from its entries in their order alone, so that it can be worked out again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from qunxing.ledger.actions import change
from qunxing.races import itemscores
from qunxing.races.evaluating import PartScore
from qunxing.races.itemscores import Numbers
from qunxing.races.models import Entry, Lane, ScoreRun, Stage
from qunxing.races.models.runs import Verdict
from qunxing.races.scoring.ladder import climb
from qunxing.races.states.entry import EntryState


@dataclass(frozen=True)
class Step:
    """Where a lane stands on its ladder: what is shown, and the item scores that it was shown for."""

    shown: float | None = None
    items: Numbers | None = None


def answer(before: Step, overall: float | None, items: Numbers) -> Step:
    """The board's answer to one more entry."""
    if overall is None:
        return before
    if not len(items) or (before.shown is not None and before.items is None):
        # Without scores by item there is no telling what is noise.
        better = before.shown is None or overall > before.shown
        return Step(overall, None) if better else before
    rung = climb(before.items, before.shown, items)
    return Step(rung.shown, items) if rung.moved else before


def step_before(lane: Lane, stage: Stage, number: int) -> Step:
    """Where the lane stood before its entry of that number."""
    step = Step()
    runs = [run for run in counted_runs(lane, stage) if run.entry.number < number]
    if not runs or runs[-1].shown_public is None:
        return step
    # The first that was shown this is the one that it was shown for.
    shown = runs[-1].shown_public
    base = next(run for run in runs if run.shown_public == shown)
    return Step(shown, public_items(base))


def counted_runs(lane: Lane, stage: Stage) -> list[ScoreRun]:
    """The runs that count of the lane's entries, in the order of the entries."""
    return runs_by_lane(stage, [lane]).get(lane.pk, [])


def runs_by_lane(stage: Stage, lanes: Iterable[Lane] | None = None) -> dict[int, list[ScoreRun]]:
    """{lane: the runs that count of its entries, in the order of the entries}; one query, however many lanes."""
    rows = ScoreRun.objects.filter(
        entry__stage=stage,
        entry__disqualified=False,
        entry__state=EntryState.SCORED,
        verdict__in=[Verdict.OK, Verdict.UNDEFINED],
    ).exclude(entry__kind=Entry.Kind.DRY_RUN)
    if lanes is not None:
        rows = rows.filter(entry__lane__in=list(lanes))
    rows = rows.select_related("entry__stage__race")
    last = {run.entry_id: run for run in rows.order_by("entry__lane_id", "entry__number", "number")}
    found: dict[int, list[ScoreRun]] = {}
    for run in last.values():
        found.setdefault(run.entry.lane_id, []).append(run)
    return found


def public_items(run: ScoreRun) -> Numbers | None:
    """Its item scores on the public part, None where it has none."""
    if not run.items_digest:
        return None
    found = itemscores.read(run.race, run.items_digest)
    scores: Numbers = found.scores[~found.sealed]
    return scores


def shown_for(entry: Entry, public: PartScore) -> float | None:
    """What the board shows of the lane once this entry is scored."""
    return answer(step_before(entry.lane, entry.stage, entry.number), public.overall, public.items).shown


def climb_on(entry: Entry) -> None:
    """Work out anew what was shown after this entry, where a later one was scored before it; call it inside
    `recording`.
    """
    if any(run.entry.number > entry.number for run in counted_runs(entry.lane, entry.stage)):
        climb_again(entry.lane, entry.stage)


def climb_again(lane: Lane, stage: Stage) -> None:
    """Work out anew what is shown of a lane, after one of its entries went or came back; call it inside `recording`."""
    for run, shown in climbed(lane, stage):
        if run.shown_public != shown:
            change(run, actor=None, values={"shown_public": shown})


def climbed(lane: Lane, stage: Stage) -> Iterator[tuple[ScoreRun, float | None]]:
    step = Step()
    for run in counted_runs(lane, stage):
        items: Any = public_items(run)
        step = answer(step, run.overall_public, np.empty(0) if items is None else items)
        yield run, step.shown
