"""One entry held against a test set: by the gate's metrics or by a scorer of one's own, public and sealed part apart.

Nothing in here reads or writes the database or the disk: the same answers, key and plan give the same result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from qunxing.races.itemscores import ItemScores, Numbers
from qunxing.races.plan import GatePlan
from qunxing.races.sandbox import Limits, run
from qunxing.races.sandbox.watching import never
from qunxing.races.scoring import Answers, Field, Key, Metric, Schema, Scored, score
from qunxing.races.scoring.metrics import planned
from qunxing.races.scoring.public import by_items, split


@dataclass(frozen=True)
class Parts:
    """A key in two: what answers while the window is open, and what decides."""

    public: Key
    sealed: Key
    asked: tuple[str, ...] = ()  # every item of the test set, whether this gate counts it or not

    @property
    def items(self) -> tuple[str, ...]:
        return (*self.public.items, *self.sealed.items)


@dataclass(frozen=True)
class PartScore:
    """What an entry has on one part: the weighed whole, each metric on its own scale, and each item."""

    overall: float | None = None
    values: Mapping[str, float | None] = field(default_factory=dict)
    items: Numbers = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Evaluation:
    """How it ended, in the words of models.runs.Verdict; `words` may hold what only staff read."""

    verdict: str
    public: PartScore = PartScore()
    sealed: PartScore = PartScore()
    undefined: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    scorer: str = ""


@dataclass(frozen=True)
class OwnScorer:
    """A scorer of one's own and what it may use."""

    digest: str
    source: bytes
    limits: Limits


def parts_of(key: Key, plan: GatePlan, public_items: Sequence[str] | None = None) -> Parts:
    """The parts of a key: by a list of the public items, or drawn by the plan's share and seed; `counting.items` is how
    much of it this gate uses.
    """
    used = key
    if plan.counting.items < 100:
        share = plan.counting.items / 100
        drawn = split(key.items, {"used": share, "later": 1 - share}, plan.counting.seed, key.strata)
        used = key.only(drawn["used"])
    if public_items is not None:
        held = set(used.items)
        found = by_items(used.items, [item for item in public_items if item in held])
    else:
        share = plan.public.percent / 100
        found = split(used.items, {"public": share, "sealed": 1 - share}, plan.public.seed, used.strata)
    return Parts(used.only(found["public"]), used.only(found["sealed"]), key.items)


@dataclass(frozen=True)
class Misfit:
    """A column that a metric reads and a test set does not have, or has as something else."""

    metric: str
    column: str
    keyed: bool  # among the true values, not among the answers
    kind: str = ""  # as what the test set has it; empty where it has none such


def misfit_of(plan: GatePlan, entry: Schema, key: Schema) -> Misfit | None:
    """The first column by which the gate could not score entries against a test set of this form."""
    if plan.scorer or "answers" not in plan.entries.takes:
        return None
    for metric in metrics_of(plan):
        takes = metric.kind.takes
        asked = [(metric.answer, entry, False, takes in {"number", "chance"})]
        asked += [(metric.truth, key, True, takes == "number")] if metric.kind.keyed else []
        for column, schema, keyed, number in asked:
            held = next((field.kind for field in schema.fields if field.name == column), "")
            if not held or (number and held != "number") or (takes == "text" and held == "number"):
                return Misfit(metric.label, column, keyed, held)
    return None


# --- metrics --------------------------------------------------------------------------------------------------------


def metrics_of(plan: GatePlan) -> tuple[Metric, ...]:
    """The plan's metrics as the engine has them; BadMetric where they make no score."""
    return planned(plan.as_json()["metrics"])


def table_metrics(plan: GatePlan) -> tuple[Metric, ...]:
    """By what a table of a testing body counts: its columns are the metrics, or scores taken as they are."""
    metrics = metrics_of(plan)
    plain = all(not metric.kind.keyed for metric in metrics)
    return metrics if plain else (Metric("mean", answer="score", title="score"),)


def table_schema(plan: GatePlan) -> Schema:
    """What a table of scores must look like."""
    return Schema(tuple(Field(metric.answer, "number") for metric in table_metrics(plan)), may_miss=True)


def by_metrics(plan: GatePlan, metrics: Sequence[Metric], answers: Answers, parts: Parts) -> Evaluation:
    """The entry by these metrics."""
    missing = plan.counting.missing
    public, lacking = part_by_metrics(metrics, answers, parts.public, missing)
    sealed, undefined = part_by_metrics(metrics, answers, parts.sealed, missing)
    whole = sealed.overall if parts.sealed.items else public.overall
    return Evaluation("ok" if whole is not None else "undefined", public, sealed, {**lacking, **undefined})


def part_by_metrics(
    metrics: Sequence[Metric], answers: Answers, key: Key, missing: Literal["zero", "own", "drop"]
) -> tuple[PartScore, dict[str, str]]:
    """(scores on that part, {metric: why it has no value})."""
    if not key.items:
        return PartScore(), {}
    whole = score(metrics, answers, key, missing=missing)
    values = {part.metric.label: part.value for part in whole.parts}
    return PartScore(whole.overall, values, whole.scores), reasons_of(whole)


def reasons_of(scored: Scored) -> dict[str, str]:
    """Why metrics have no value; items that lack one by themselves are left out."""
    return {reason.metric: reason.code for reason in scored.undefined if not reason.item}


# --- a scorer of one's own ------------------------------------------------------------------------------------------


def by_scorer(
    plan: GatePlan, scorer: OwnScorer, answers: Answers, parts: Parts, stop: Callable[[], bool] = never
) -> Evaluation:
    """The entry by a scorer in the sandbox, which sees each part by itself; once `stop` says so it is ended."""
    found: list[PartScore] = []
    name = plan.metrics[0].name if plan.metrics else "score"
    higher = not plan.metrics or plan.metrics[0].direction == "higher"
    for key in (parts.public, parts.sealed):
        if not key.items:
            found.append(PartScore())
            continue
        ended = run(scorer.source, answers, key, scorer.limits, missing=plan.counting.missing, stop=stop)
        if not ended.good:
            return Evaluation(str(ended.kind), words=ended.words, scorer=scorer.digest)
        sign = 1.0 if higher else -1.0
        items = np.array([np.nan if value is None else sign * value for value in ended.items.values()], dtype=float)
        overall = None if ended.overall is None else sign * ended.overall
        found.append(PartScore(overall, {name: ended.overall}, items))
    decides = found[1] if parts.sealed.items else found[0]
    undefined = {} if decides.overall is not None else {name: "no_score"}
    return Evaluation("undefined" if undefined else "ok", found[0], found[1], undefined, scorer=scorer.digest)


# --- item by item ---------------------------------------------------------------------------------------------------


def item_scores(found: Evaluation, parts: Parts) -> ItemScores | None:
    """Every item's score, the public part first; None where the metrics say nothing of items."""
    kept = [part.items for part in (found.public, found.sealed)]
    sizes = [len(parts.public.items), len(parts.sealed.items)]
    if any(len(items) != size for items, size in zip(kept, sizes, strict=True)):
        return None
    strata = (*parts.public.strata, *parts.sealed.strata)
    sealed = np.array([False] * sizes[0] + [True] * sizes[1], dtype=bool)
    return ItemScores(parts.items, np.concatenate(kept), sealed, strata)
