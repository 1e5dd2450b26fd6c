"""Who stands in the pool of a panel, and what the draw made of them."""

from dataclasses import dataclass

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
    if not panel.pool:
        return []
    by_code = {code_of(panel, one): one for one in Expert.objects.select_related("employer")}
    seats = {row.expert_id: row for row in Seat.objects.filter(panel=panel)}
    places = {code: place for place, code in enumerate(panel.reserves, 1)}
    found = [
        Pooled(
            row["code"],
            by_code.get(row["code"]),
            row["specialist"],
            row["outside"],
            seats.get(by_code[row["code"]].pk) if row["code"] in by_code else None,
            places.get(row["code"], 0),
            row["code"] in panel.struck,
        )
        for row in panel.pool
    ]
    return sorted(found, key=order_of)


def order_of(one: Pooled) -> tuple[bool, int, int, str]:
    position = one.seat.position if one.seat is not None and not one.place else 1_000
    return one.struck, position, one.place, one.code
