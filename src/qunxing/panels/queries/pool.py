"""Who stands in the pool of a panel, and what the draw made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qunxing.panels.models import Expert, Panel, Seat
from qunxing.panels.proof import code_of


@dataclass(frozen=True)
class Pooled:
    """One of the pool: `place` is the place among the reserves, 0 for who was not drawn as one."""

    code: str
    expert: Expert | None
    specialist: bool
    outside: bool
    seat: Seat | None
    place: int
    struck: bool


def pooled(panel: Panel) -> list[Pooled]:
    """The seats, the reserves in their order, who was struck; before the draw by code. A constant number of queries."""
    return pooled_in(panel, {"pool": panel.pool, "reserves": panel.reserves, "struck": panel.struck})


def pooled_in(panel: Panel, draw: Mapping[str, Any]) -> list[Pooled]:
    """The same of one draw: its pool, its reserves, who was struck."""
    if not draw["pool"]:
        return []
    by_code = {code_of(panel, one): one for one in Expert.objects.select_related("employer")}
    seats = {row.expert_id: row for row in Seat.objects.filter(panel=panel)}
    places = {code: place for place, code in enumerate(draw.get("reserves", ()), 1)}
    found = [
        Pooled(
            row["code"],
            by_code.get(row["code"]),
            row["specialist"],
            row["outside"],
            seats.get(by_code[row["code"]].pk) if row["code"] in by_code else None,
            places.get(row["code"], 0),
            row["code"] in draw.get("struck", ()),
        )
        for row in draw["pool"]
    ]
    return sorted(found, key=order_of)


@dataclass(frozen=True)
class Further:
    """A draw after the first, with its pool."""

    reason: str
    committed_at: datetime
    drawn_at: datetime | None
    pool_digest: str
    seed_digest: str
    seed: str
    word: str
    pool: list[Pooled]


def further_draws(panel: Panel) -> list[Further]:
    """The draws after the first; the seed of one that waits is not told."""
    return [further_of(panel, one) for one in panel.further]


def further_of(panel: Panel, draw: Mapping[str, Any]) -> Further:
    drawn_at = draw.get("drawn_at")
    return Further(
        draw["reason"],
        datetime.fromisoformat(draw["committed_at"]),
        datetime.fromisoformat(drawn_at) if drawn_at else None,
        draw["pool_digest"],
        draw["seed_digest"],
        draw["seed"] if drawn_at else "",
        draw.get("word", ""),
        pooled_in(panel, draw),
    )


def order_of(one: Pooled) -> tuple[bool, int, int, str]:
    position = one.seat.position if one.seat is not None and not one.place else 1_000
    return one.struck, position, one.place, one.code
