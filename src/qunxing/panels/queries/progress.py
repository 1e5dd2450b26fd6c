"""How far a panel is: quorum item by item, and the standings in the order that decides."""

from collections import Counter
from dataclasses import dataclass

from qunxing.panels.models import Item, Panel, Standing
from qunxing.panels.queries.scores import abstained_in, sheets_in, wanted_in


@dataclass(frozen=True)
class ItemQuorum:
    """Scores an item has and needs; `reviews` is how many it is to have in all."""

    item: Item
    have: int
    need: int
    abstained: int
    reviews: int

    @property
    def met(self) -> bool:
        return self.have >= self.need


@dataclass(frozen=True)
class Quorum:
    items: tuple[ItemQuorum, ...]

    @property
    def met(self) -> bool:
        return bool(self.items) and all(one.met for one in self.items)

    @property
    def have(self) -> int:
        return sum(one.have + one.abstained for one in self.items)

    @property
    def reviews(self) -> int:
        return sum(one.reviews for one in self.items)


def quorum(panel: Panel) -> Quorum:
    """As it stands this moment; a constant number of queries."""
    have = Counter(sheets_in(panel).filter(abstain=False).values_list("review__item__ref", flat=True))
    abstained, wanted, marking = abstained_in(panel), wanted_in(panel), panel.marking
    items = {item.ref: item for item in Item.objects.filter(panel=panel).defer("body", "text")}
    return Quorum(
        tuple(
            ItemQuorum(items[ref], have[ref], marking.needed(reviews), abstained.get(ref, 0), reviews)
            for ref, reviews in wanted.items()
        )
    )


@dataclass(frozen=True)
class StandingRow:
    """An item's place by the rule that decides, with the raw and the calibrated result side by side."""

    place: int | None
    item: Item
    standing: Standing
    by_trimmed: bool = False


def standings(panel: Panel) -> tuple[StandingRow, ...]:
    """In the order of the rule that decides; what lacks its quorum comes last and has no place."""
    marking = panel.marking
    column = "calibrated_rank" if marking.decides == "calibrated" else "raw_rank"
    rows = Standing.objects.filter(panel=panel).select_related("item").defer("item__body", "item__text")
    ordered = sorted(rows, key=lambda row: (not row.quorum, getattr(row, column) or 1 << 30, row.item.code))
    trimmed = marking.mean == "trimmed"
    return tuple(StandingRow(getattr(row, column) if row.quorum else None, row.item, row, trimmed) for row in ordered)
