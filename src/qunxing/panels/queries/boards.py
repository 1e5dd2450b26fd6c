"""What is assigned to whom, item by item and seat by seat."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from qunxing.panels.models import Conflict, Item, Panel, Review, Seat
from qunxing.panels.states import HOLDS, ReviewState


@dataclass(frozen=True)
class ItemRow:
    """An item, its reviews in the order of seats, and the seats with a conflict."""

    item: Item
    reviews: list[Review]
    barred: list[Seat]


@dataclass(frozen=True)
class SeatRow:
    """A seat, how many reviews it has, and how many of them are handed in."""

    seat: Seat
    reviews: int
    scored: int
    cap: int | None


@dataclass(frozen=True)
class Assigned:
    items: list[ItemRow]
    seats: list[SeatRow]

    @property
    def reviews(self) -> int:
        return sum(row.reviews for row in self.seats)


def assigned(panel: Panel) -> Assigned:
    """A constant number of queries."""
    seats = list(Seat.objects.filter(panel=panel, state__in=HOLDS).select_related("expert__employer"))
    reviews: dict[int, list[Review]] = defaultdict(list)
    for review in Review.objects.filter(panel=panel).exclude(state=ReviewState.VOID).select_related("seat__expert"):
        reviews[review.item_id].append(review)
    barred = barred_seats(panel, seats)
    items = Item.objects.filter(panel=panel).defer("body", "text").order_by("withdrawn", "code", "pk")
    rows = [
        ItemRow(item, sorted(reviews[item.pk], key=lambda one: one.seat.position), barred.get(item.pk, []))
        for item in items
    ]
    every = [review for group in reviews.values() for review in group]
    return Assigned(rows, loads_of(panel, seats, every))


def loads_of(panel: Panel, seats: list[Seat], reviews: list[Review]) -> list[SeatRow]:
    load = Counter(review.seat_id for review in reviews)
    scored = Counter(review.seat_id for review in reviews if review.state == ReviewState.SCORED)
    cap = panel.rules.load_cap
    return [SeatRow(seat, load[seat.pk], scored[seat.pk], seat.expert.load_cap or cap) for seat in seats]


def barred_seats(panel: Panel, seats: list[Seat]) -> Mapping[int, list[Seat]]:
    by_expert = {seat.expert_id: seat for seat in seats}
    found: dict[int, list[Seat]] = defaultdict(list)
    rows = Conflict.objects.filter(panel=panel, item__isnull=False).standing()
    for item, expert in rows.values_list("item_id", "expert_id").distinct().order_by("item_id", "expert_id"):
        if expert in by_expert:
            found[item].append(by_expert[expert])
    return found
