"""What boards are made of: the scores of lanes on one part of a test set, and their standing, kept by its digest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from qunxing.races import itemscores
from qunxing.races.itemscores import Numbers
from qunxing.races.ladders import runs_by_lane
from qunxing.races.measured import counted_entries
from qunxing.races.models import Baseline, Entry, Lane, Race, ScoreRun, Stage
from qunxing.races.plan import GatePlan
from qunxing.races.scoring.ladder import resolution, rounded
from qunxing.races.sealing import has, read_sealed, seal
from qunxing.races.standing import Settings, Table, items_to_part, standing

AT_ONCE = 300_000  # scores (lanes times items) up to which a page computes a standing by itself
DIGITS = 6


@dataclass(frozen=True)
class LaneScore:
    """What counts of a lane on a part: the score that is shown, where its item scores lie, and when it was entered."""

    lane: Lane
    score: float
    items_digest: str
    at: datetime
    entries: int


@dataclass(frozen=True)
class Placed:
    """One lane's place as a board tells it; None for a lane without a score, and for ends without scores by item."""

    code: str
    rank: int
    score: float | None
    low: float | None = None
    high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    group: int | None = None


@dataclass(frozen=True)
class Difference:
    """Row minus column with its interval, whether it is beyond chance, and how many more items would tell."""

    value: float
    low: float
    high: float
    apart: bool
    more: int


@dataclass(frozen=True)
class Standings:
    """The places in their order; `matrix` is {(code, code): difference}, empty without scores by item."""

    places: tuple[Placed, ...] = ()
    matrix: Mapping[tuple[str, str], Difference] | None = None
    items: int = 0
    digest: str = ""


# --- what counts ----------------------------------------------------------------------------------------------------


def entered_lanes(stage: Stage) -> list[Lane]:
    """The lanes that entered anything that counts, whatever became of them."""
    entered = Entry.objects.filter(stage=stage).exclude(kind=Entry.Kind.DRY_RUN).values("lane_id")
    return list(Lane.objects.filter(pk__in=entered).select_related("organization", "race").order_by("number"))


def public_scores(stage: Stage, until: datetime | None) -> list[LaneScore]:
    """What the public part shows of each lane, of entries up to that moment."""
    runs = runs_by_lane(stage)
    found = (public_score(lane, runs.get(lane.pk, []), until) for lane in entered_lanes(stage))
    return [one for one in found if one is not None]


def public_score(lane: Lane, runs: Sequence[ScoreRun], until: datetime | None) -> LaneScore | None:
    """What these runs of the lane came to by that moment; None where nothing was shown yet."""
    runs = [run for run in runs if until is None or run.entry.received_at <= until]
    shown = runs[-1].shown_public if runs else None
    if shown is None:
        return None
    base = next(run for run in runs if run.shown_public == shown)
    return LaneScore(lane, shown, base.items_digest, base.entry.received_at, len(runs))


def sealed_scores(stage: Stage) -> list[LaneScore]:
    """What the sealed part says of each lane's entry that counts."""
    lanes = entered_lanes(stage)
    counted, runs = counted_entries(stage, lanes), runs_by_lane(stage)
    return [
        LaneScore(lane, one.run.overall_sealed, one.run.items_digest, one.entry.received_at, len(runs.get(lane.pk, ())))
        for lane in lanes
        if (one := counted.get(lane.pk)) is not None and one.run.overall_sealed is not None
    ]


def baseline_scores(stage: Stage, *, sealed: bool) -> list[tuple[Baseline, Placed]]:
    """The rows that lanes are held against, each with the interval of its own."""
    found = []
    for row in stage.baselines.order_by("pk"):
        score = row.overall_sealed if sealed else row.overall_public
        if score is not None:
            found.append((row, baseline_place(row, float(score), stage.gate, sealed=sealed)))
    return found


def baseline_place(row: Baseline, score: float, plan: GatePlan, *, sealed: bool) -> Placed:
    ends = own_interval(row.race, row.items_digest, sealed, plan.counting.level)
    return Placed("", 0, score, *(ends or ()))


@lru_cache(maxsize=256)
def own_interval(race: Race, digest: str, sealed: bool, level: float) -> tuple[float, float] | None:
    """The interval of item scores by themselves; None where there are too few."""
    items = part_items(race, digest, sealed=sealed)
    if items is None or len(items) < 2:
        return None
    alone = standing(Table(("alone",), items.reshape(1, -1)), Settings(level=level)).places[0]
    return alone.low, alone.high


def part_items(race: Race, digest: str, *, sealed: bool) -> Numbers | None:
    """The item scores of one part, None where none were kept."""
    if not digest:
        return None
    found = itemscores.read(race, digest)
    scores: Numbers = found.scores[found.sealed if sealed else ~found.sealed]
    return scores


# --- the standing ---------------------------------------------------------------------------------------------------


def digest_of(stage: Stage, scores: Sequence[LaneScore], *, sealed: bool) -> str:
    """What a standing is kept under: everything that it follows from."""
    counting = stage.gate.as_json()["counting"]
    rows = [[one.lane.code, one.items_digest, one.score] for one in scores]
    text = json.dumps([1, "sealed" if sealed else "public", counting, rows], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def standings_of(stage: Stage, scores: Sequence[LaneScore], *, sealed: bool, wait: bool = True) -> Standings:
    """The standing, from where it is kept or computed; where it would take long and nobody waits, the order alone."""
    if not scores:
        return Standings()
    digest = digest_of(stage, scores, sealed=sealed)
    name = f"standings/{digest}"
    if has(stage.race, name):
        return kept(stage.race, name)
    if not wait and size_of(stage, scores) > AT_ONCE:
        return Standings(tuple(by_score(scores)), None, 0, "")
    found = computed(stage, scores, digest, sealed=sealed)
    seal(stage.race, name, [json.dumps(as_json(found)).encode()])
    return found


def size_of(stage: Stage, scores: Sequence[LaneScore]) -> int:
    tests = stage.test_sets.filter(in_force=True).values_list("items", flat=True).first() or 0
    return int(tests) * len(scores)


def computed(stage: Stage, scores: Sequence[LaneScore], digest: str, *, sealed: bool) -> Standings:
    """Places with intervals where all have scores on the same items, else by their scores alone."""
    rows = [part_items(stage.race, one.items_digest, sealed=sealed) for one in scores]
    held = [row for row in rows if row is not None]
    if len(held) < len(rows) or len({len(row) for row in held}) != 1 or len(held[0]) < 2:
        return Standings(tuple(by_score(scores)), None, 0, digest)
    matrix = np.array(held)
    counting = stage.gate.counting
    settings = Settings(counting.method, counting.draws, counting.seed, counting.level, counting.missing)
    strata = strata_of(stage.race, scores[0], sealed=sealed) if counting.shares else ()
    shares = dict(counting.shares) if strata and set(strata) == set(counting.shares) else {}
    codes = tuple(one.lane.code for one in scores)
    try:
        found = standing(Table(codes, matrix, strata if shares else (), shares), settings)
    except ValueError:  # no item that counts for all
        return Standings(tuple(by_score(scores)), None, 0, digest)
    steps = dict(zip(codes, (0.0 if sealed else resolution(np.nan_to_num(row)) for row in held), strict=True))
    shown = {one.lane.code: one.score for one in scores}
    places = [placed(place, shown, steps[place.contestant], sealed=sealed) for place in found.places]
    places.sort(key=lambda place: (place.rank, place.code))
    return Standings(tuple(places), matrix_of(found, max(steps.values())), found.items, digest)


def strata_of(race: Race, score: LaneScore, *, sealed: bool) -> tuple[str, ...]:
    found = itemscores.read(race, score.items_digest)
    if not found.strata:
        return ()
    kept_there = found.sealed if sealed else ~found.sealed
    return tuple(name for name, here in zip(found.strata, kept_there, strict=True) if here)


def placed(place: Any, shown: Mapping[str, float], step: float, *, sealed: bool) -> Placed:
    """A place of the standing; the public part shows no finer figures than the guard of the board does."""
    score = place.score if sealed else shown[place.contestant]
    low, high = rounded(place.low, step), rounded(place.high, step)
    rank = place.rank if sealed else 1 + sum(1 for other in shown.values() if other > score)
    ends = (round(low, DIGITS), round(high, DIGITS))
    return Placed(place.contestant, rank, round(score, DIGITS), *ends, place.rank_low, place.rank_high, place.group)


def by_score(scores: Iterable[LaneScore]) -> list[Placed]:
    """The order alone."""
    rows = sorted(scores, key=lambda one: (-one.score, one.lane.number))
    values = [one.score for one in rows]
    return [
        Placed(one.lane.code, 1 + sum(1 for value in values if value > one.score), round(one.score, DIGITS))
        for one in rows
    ]


def matrix_of(found: Any, step: float) -> dict[tuple[str, str], Difference]:
    """All differences, row minus column."""
    codes = [place.contestant for place in found.places]
    matrix = {}
    for row, first in enumerate(codes):
        for column, second in enumerate(codes):
            if row == column:
                continue
            value, spread = float(found.difference[row, column]), float(found.spread[row, column])
            apart = bool(found.apart[row, column])
            more = 0 if apart else items_to_part(value, spread, found.items)
            ends = [round(rounded(float(part[row, column]), step), DIGITS) for part in (found.low, found.high)]
            matrix[first, second] = Difference(round(rounded(value, step), DIGITS), ends[0], ends[1], apart, more)
    return matrix


# --- kept -----------------------------------------------------------------------------------------------------------


def as_json(found: Standings) -> dict[str, Any]:
    matrix = None
    if found.matrix is not None:
        matrix = [[*pair, vars(one)] for pair, one in found.matrix.items()]
    return {
        "places": [vars(place) for place in found.places],
        "matrix": matrix,
        "items": found.items,
        "digest": found.digest,
    }


@lru_cache(maxsize=64)
def kept(race: Race, name: str) -> Standings:
    """The standing that was computed before; it is named by what it follows from, so it never ages."""
    data = json.loads(read_sealed(race, name))
    matrix = None
    if data["matrix"] is not None:
        matrix = {(first, second): Difference(**one) for first, second, one in data["matrix"]}
    return Standings(tuple(Placed(**place) for place in data["places"]), matrix, data["items"], data["digest"])


def warm(stage: Stage) -> None:
    """Compute what the boards of this stage will ask for."""
    standings_of(stage, public_scores(stage, None), sealed=False)
    standings_of(stage, sealed_scores(stage), sealed=True)
