"""A gate report as plain data: the standing, and on what it rests, by whom."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from qunxing.panels.models import Panel
from qunxing.races.judging import Judged
from qunxing.races.measured import Counted, Measured
from qunxing.races.models import Stage, TestSet
from qunxing.races.plan import GatePlan
from qunxing.races.standing import Place, items_to_part

DIGITS = 9


def standing_json(plan: GatePlan, known: Measured, judged: Judged) -> dict[str, Any]:
    """Places, who passes, and for neighbours in the order how many more items would part them."""
    counting, found = plan.counting, judged.standing
    return {
        "method": counting.method,
        "draws": counting.draws if counting.method == "bootstrap" else 0,
        "seed": counting.seed,
        "level": counting.level,
        "items": found.items if found is not None else 0,
        "by_items": judged.by_items,
        "places": [place_json(place) for place in found.places] if found is not None else [],
        "to_part": to_part(judged),
        "passing": [{"lane": one.contestant, "passes": one.passes, "tied": one.tied_at_line} for one in judged.passing],
        "order": list(judged.order),
        "undefined": dict(judged.undefined),
        "vetoes": {lane: asdict(broken) for lane, broken in judged.vetoes.items()},
        "metrics": {lane: rounded(values) for lane, values in known.metrics.items()},
    }


def place_json(place: Place) -> dict[str, Any]:
    return {
        "lane": place.contestant,
        "rank": place.rank,
        "rank_low": place.rank_low,
        "rank_high": place.rank_high,
        "group": place.group,
        **rounded({"score": place.score, "low": place.low, "high": place.high}),
    }


def rounded(values: Mapping[str, float | None]) -> dict[str, float | None]:
    """So that the same scores give the same digest on every machine."""
    return {name: None if value is None else round(float(value), DIGITS) for name, value in values.items()}


def to_part(judged: Judged) -> list[dict[str, Any]]:
    """Neighbours that cannot be told apart, and how many more items would; -1 where none would."""
    found = judged.standing
    if found is None or not judged.by_items:
        return []
    lanes = [place.contestant for place in found.places]
    return [
        {"lanes": [lanes[at], lanes[at + 1]], "items": needed(found, at)}
        for at in range(len(lanes) - 1)
        if not found.apart[at, at + 1]
    ]


def needed(found: Any, at: int) -> int:
    return items_to_part(float(found.difference[at, at + 1]), float(found.spread[at, at + 1]), found.items)


def measured_json(stage: Stage, known: Measured, panel: Panel | None) -> dict[str, Any]:
    """The digests of everything the standing rests on."""
    tests = TestSet.objects.filter(stage=stage, in_force=True).first()
    return {
        "plan": stage.plan_digest,
        "test_set": {"version": tests.version, "digest": tests.digest, "items": tests.items} if tests else {},
        "entries": {code: counted_json(one) for code, one in known.counted.items()},
        "panel": {"panel": panel.ref, "digest": panel.result_digest} if panel is not None else {},
    }


def counted_json(one: Counted) -> dict[str, Any]:
    """Which entry and run, whose, and what the scores were computed on and by."""
    return {
        "entry": one.entry.ref,
        "number": one.entry.number,
        "digest": one.entry.digest,
        "received": one.entry.received_at.isoformat(),
        "run": one.run.ref,
        "scorer": one.run.scorer,
        "test_set": one.run.test_set,
        "items": one.run.items_digest,
        "by": str(one.entry.body) if one.entry.body is not None else "",
    }
