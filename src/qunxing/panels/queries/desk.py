"""What waits for an expert, and what they may read."""

from dataclasses import dataclass
from typing import Any

from qunxing.panels.models import Party, Review, Seat, Sheet, Signature
from qunxing.panels.states import HOLDS, PanelState, ReviewState, SeatState, SheetState


@dataclass(frozen=True)
class SeatWork:
    """A seat of one's own: what is to be done on it."""

    seat: Seat
    reviews: list[Review]
    signed: bool

    @property
    def asked(self) -> bool:
        return bool(self.seat.state == SeatState.DRAWN)

    @property
    def left(self) -> int:
        return sum(review.state == ReviewState.ASSIGNED for review in self.reviews)

    @property
    def scores(self) -> bool:
        return bool(self.seat.panel.state == PanelState.SCORING)

    @property
    def signs(self) -> bool:
        return bool(self.seat.panel.state == PanelState.CLOSED and self.seat.state == SeatState.SERVING)


def desk_of(user: Any) -> list[SeatWork]:
    """The user's seats, newest panel first; a constant number of queries."""
    rows = Seat.objects.filter(expert__user=user.pk, state__in=HOLDS).select_related("panel", "expert")
    seats = list(rows.order_by("-panel__day", "-pk"))
    reviews = Review.objects.filter(seat__in=seats).exclude(state=ReviewState.VOID).select_related("item")
    by_seat: dict[int, list[Review]] = {seat.pk: [] for seat in seats}
    panels = {seat.pk: seat.panel for seat in seats}
    for review in reviews.defer("item__body", "item__text").order_by("item__code", "pk"):
        review.panel = panels[review.seat_id]
        by_seat[review.seat_id].append(review)
    signed = set(Signature.objects.filter(seat__in=seats).values_list("seat_id", "digest"))
    return [SeatWork(seat, by_seat[seat.pk], (seat.pk, seat.panel.result_digest) in signed) for seat in seats]


def waiting_for(user: Any) -> int:
    """How many answers, sheets and signatures wait for the user."""
    works = desk_of(user)
    return sum(work.asked + (work.left if work.scores else 0) + (work.signs and not work.signed) for work in works)


def sheet_of(review: Review) -> Sheet | None:
    """The sheet in force."""
    found: Sheet | None = Sheet.objects.filter(review=review).exclude(state=SheetState.VOID).first()
    return found


def all_in(seat: Seat) -> bool:
    """Whether everything the seat was given to score is handed in: only then others' scores are shown."""
    rows = Review.objects.filter(seat=seat).exclude(state=ReviewState.VOID)
    return rows.exists() and not rows.exclude(state=ReviewState.SCORED).exists()


def others_of(review: Review) -> list[Sheet]:
    """What others handed in on the same item, once one's own are all in; by seat, without names."""
    if not all_in(review.seat):
        return []
    rows = Sheet.objects.filter(review__item=review.item_id, state=SheetState.SUBMITTED)
    rows = rows.exclude(review__state=ReviewState.VOID).exclude(review=review)
    return list(rows.select_related("review__seat").order_by("review__seat__position", "pk"))


def parties_of(review: Review) -> list[Party]:
    """Who stands behind the item, for its reviewer; nobody where the panel is double-blind."""
    if review.panel.rules.double_blind:
        return []
    return list(Party.objects.filter(item=review.item_id).select_related("organization"))


def notes_to_bidder(item: Any) -> list[str]:
    """What reviewers wrote for the bidder, without saying who; in no order that tells it."""
    rows = Sheet.objects.filter(review__item=item, state=SheetState.SUBMITTED).exclude(review__state=ReviewState.VOID)
    return sorted(rows.exclude(note_to_bidder="").values_list("note_to_bidder", flat=True))
