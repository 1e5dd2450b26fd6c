"""Giving items to seats: by expertise, within loads, past conflicts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many
from qunxing.ledger.recording import recording
from qunxing.matching.engine.assignment import Edges
from qunxing.matching.engine.flow import Ints
from qunxing.panels.actions.checking import recheck
from qunxing.panels.actions.common import require, require_state, tell
from qunxing.panels.actions.voiding import void_reviews
from qunxing.panels.assignment import Plan, Request, assign_experts
from qunxing.panels.expertise import Floats, expertise
from qunxing.panels.models import Conflict, Item, Panel, Review, Seat
from qunxing.panels.rules import Permission
from qunxing.panels.states import PanelState, ReviewState, SeatState
from qunxing.panels.terms import PanelTerms
from qunxing.panels.wording import reasons_for

ASSIGNS = frozenset({PanelState.SEATED, PanelState.SCORING})
Pair = tuple[int, int]


@dataclass(frozen=True)
class Board:
    """Items and serving seats of a panel; what is assigned already, and which pairs must not be."""

    items: list[Item]
    seats: list[Seat]
    taken: frozenset[Pair]
    barred: frozenset[Pair]

    @property
    def have(self) -> Counter[int]:
        return Counter(item for item, _seat in self.taken)

    @property
    def load(self) -> Counter[int]:
        return Counter(seat for _item, seat in self.taken)


def assign(panel: Panel, *, actor: Any) -> list[Review]:
    """Fill each item's reviews that are still open; Refused, in words, when that cannot be done.

    Reviews that stand are left alone, unless a conflict has come up: then they are void, and given to somebody else.
    """
    require(actor, Permission.RUN, panel)
    with recording(actor=actor):
        require_state(panel, ASSIGNS)
        recheck(panel)
        void_conflicted(panel)
        board = board_of(panel)
        rows = everybody(panel, board) if panel.rules.everybody else dealt(panel, board)
        made = add_many(rows)
        tell(panel, "assigned", reviews=len(made), items=len(board.items), seats=len(board.seats))
    return made


def board_of(panel: Panel) -> Board:
    items = list(Item.objects.filter(panel=panel, withdrawn=False).order_by("code", "pk"))
    seats = list(
        Seat.objects.filter(panel=panel, state=SeatState.SERVING).select_related("expert").order_by("position", "pk")
    )
    reviews = Review.objects.filter(panel=panel).exclude(state=ReviewState.VOID)
    taken = frozenset(reviews.filter(item__withdrawn=False).values_list("item_id", "seat_id"))
    return Board(items, seats, taken, barred_pairs(panel, items, seats))


def barred_pairs(panel: Panel, items: Sequence[Item], seats: Sequence[Seat]) -> frozenset[Pair]:
    """Pairs with a conflict that stands; and those that were void once, which are not given again."""
    by_expert = {seat.expert_id: seat.pk for seat in seats}
    found: set[Pair] = set(Review.objects.filter(panel=panel, state=ReviewState.VOID).values_list("item_id", "seat_id"))
    for expert, item in Conflict.objects.filter(panel=panel).standing().values_list("expert_id", "item_id"):
        if expert in by_expert:
            found |= {(one.pk, by_expert[expert]) for one in items} if item is None else {(item, by_expert[expert])}
    return frozenset(found)


def everybody(panel: Panel, board: Board) -> list[Review]:
    """Each seat reads each item, past conflicts."""
    fits = expertise(board.items, [seat.expert for seat in board.seats], panel.rules.fields)
    return [
        review_of(panel, item, seat, fits[row, column])
        for row, item in enumerate(board.items)
        for column, seat in enumerate(board.seats)
        if (item.pk, seat.pk) not in board.taken | board.barred
    ]


def dealt(panel: Panel, board: Board) -> list[Review]:
    """The best assignment of what is open, by the flow of least cost."""
    terms = panel.rules
    fits = expertise(board.items, [seat.expert for seat in board.seats], terms.fields)
    have = board.have
    wanted = np.array([max(terms.reviews - have[item.pk], 0) for item in board.items], dtype=np.int64)
    plan = spread(edges_of(board, fits), wanted, board, terms)
    refuse_incomplete(plan, board)
    pairs = zip(plan.chosen.need.tolist(), plan.chosen.supply.tolist(), strict=True)
    return [review_of(panel, board.items[row], board.seats[column], fits[row, column]) for row, column in pairs]


def spread(edges: Edges, wanted: Ints, board: Board, terms: PanelTerms) -> Plan:
    """The best assignment in which nobody gets much more than an even share: no more than must be, caps kept."""
    load, seats = board.load, board.seats
    most = max((cap_of(seat, terms, len(board.items)) for seat in seats), default=0)
    total = int(wanted.sum()) + sum(load.values())
    share = min(-(-total // max(len(seats), 1)), most)
    while True:
        caps = [min(cap_of(seat, terms, len(board.items)), share) for seat in seats]
        loads = np.array([max(cap - load[seat.pk], 0) for cap, seat in zip(caps, seats, strict=True)], dtype=np.int64)
        plan = assign_experts(Request.of(edges, wanted=wanted, loads=loads))
        if plan.complete or share >= most:
            return plan
        share += 1 + share // 8


def cap_of(seat: Seat, terms: PanelTerms, items: int) -> int:
    """How many items the seat reads at most: the panel's cap and the expert's own."""
    caps = [cap for cap in (terms.load_cap, seat.expert.load_cap) if cap is not None]
    return min([items, *caps])


def edges_of(board: Board, fits: Floats) -> Edges:
    """Every pair that may be chosen."""
    closed = board.taken | board.barred
    free = np.array([[(item.pk, seat.pk) not in closed for seat in board.seats] for item in board.items], dtype=bool)
    rows, columns = np.nonzero(free) if free.size else (np.zeros(0, int), np.zeros(0, int))
    return Edges.of(rows, columns, fits[rows, columns])


def refuse_incomplete(plan: Plan, board: Board) -> None:
    if plan.complete:
        return
    names = [seat_name(seat) for seat in board.seats]
    reasons = reasons_for(plan.bottlenecks, [item.code for item in board.items], names)
    why = " ".join(str(one) for one in reasons)
    raise Refused(_("The items cannot be assigned. %(why)s") % {"why": why}, "", 409)


def seat_name(seat: Seat) -> str:
    return f"{seat.position} {seat.expert.name}"


def review_of(panel: Panel, item: Item, seat: Seat, fit: float) -> Review:
    made = Review(panel=panel, item=item, seat=seat, fit=float(fit), demo=panel.demo)
    made.derive()
    return made


def void_conflicted(panel: Panel) -> int:
    """No reviewer with a conflict keeps a review or a score; call it inside `recording`."""
    standing = Conflict.objects.filter(panel=panel).standing().values_list("expert_id", "item_id")
    pairs = set(standing)
    if not pairs:
        return 0
    rows = Review.objects.filter(panel=panel).exclude(state=ReviewState.VOID).select_related("seat")
    rows = rows.filter(seat__expert__in={expert for expert, _item in pairs})
    return void_reviews([row for row in rows if in_conflict(row, pairs)])


def in_conflict(review: Review, pairs: set[tuple[int, int | None]]) -> bool:
    expert = review.seat.expert_id
    return (expert, review.item_id) in pairs or (expert, None) in pairs
