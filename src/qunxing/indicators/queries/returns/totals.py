"""What the returns of a quarter come to, beside the quarter before and the year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from qunxing.core.errors import Text
from qunxing.core.formats import show_number
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.engine.suppression.money import FEWEST, is_dominated, protect_money
from qunxing.indicators.engine.suppression.protect import DOT
from qunxing.indicators.models import QuarterTotals, Return
from qunxing.indicators.models.returns import DEGREES, FIGURES, MONEY, PEOPLE
from qunxing.indicators.states.returns import FILED, ReturnState

UNSAID = "unsaid"


@dataclass(frozen=True)
class Sums:
    """{figure: its sum} over so many firms; a figure nobody gave is None."""

    firms: int
    accepted: int
    totals: Mapping[str, int | None]


@dataclass(frozen=True)
class Line:
    """One figure of the quarter; sums are None where nobody gave the figure or it is hidden."""

    name: str
    label: Text
    is_money: bool
    now: int | None
    last: int | None
    year_ago: int | None

    @property
    def shown(self) -> str:
        return self.text(self.now)

    @property
    def shown_last(self) -> str:
        return self.text(self.last)

    @property
    def shown_year_ago(self) -> str:
        return self.text(self.year_ago)

    def text(self, value: int | None) -> str:
        """What a table says: thousands of yuan, people, rights; a dot for what is hidden or was never told."""
        if value is None:
            return DOT
        return show_number(in_thousands(value) if self.is_money else value)

    @property
    def on_last(self) -> Decimal | None:
        return growth(self.now, self.last)

    @property
    def on_year(self) -> Decimal | None:
        return growth(self.now, self.year_ago)


def in_thousands(amount: int | None) -> Decimal | int | None:
    """Yuan as thousands, a whole number where it is one."""
    if amount is None:
        return None
    whole, rest = divmod(amount, 1000)
    return whole if rest == 0 else Decimal(amount) / 1000


def growth(now: int | None, then: int | None) -> Decimal | None:
    """By what share it grew; None where nothing can be said, as of a loss or on nothing."""
    return None if now is None or then is None or then <= 0 or now < 0 else Decimal(now - then) / Decimal(then)


def lines(now: Mapping[str, Any], last: Mapping[str, Any], year_ago: Mapping[str, Any]) -> list[Line]:
    return [
        Line(name, label_of(name), name in MONEY, now.get(name), last.get(name), year_ago.get(name)) for name in FIGURES
    ]


def label_of(name: str) -> Text:
    label: Text = capfirst(Return._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label


def filed(user: Any, quarter: Quarter, states: Sequence[str] = FILED) -> list[Return]:
    """The returns of the quarter that the reader may see."""
    rows = Return.objects.visible_to(user).filter(year=quarter.year, quarter=quarter.number, state__in=states)
    return list(rows.select_related("organization").order_by("organization__name_key", "pk"))


def sums(rows: Sequence[Return]) -> Sums:
    totals = {}
    for name in FIGURES:
        told = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        totals[name] = sum(told) if told else None
    return Sums(len(rows), sum(row.state == ReturnState.ACCEPTED for row in rows), totals)


def published(user: Any, quarter: Quarter) -> QuarterTotals | None:
    found: QuarterTotals | None = (
        QuarterTotals.objects.visible_to(user).filter(year=quarter.year, quarter=quarter.number).first()
    )
    return found


def totals_to_publish(rows: Sequence[Return]) -> dict[str, int | None]:
    """{figure: its sum} with those hidden that few firms or one large one stand behind."""
    found: dict[str, int | None] = {}
    for name in FIGURES:
        if name not in PEOPLE:
            amounts = [getattr(row, name) for row in rows if getattr(row, name) is not None]
            found[name] = None if not amounts or is_dominated(amounts) else sum(amounts)
    return found | people_to_publish(rows)


def people_to_publish(rows: Sequence[Return]) -> dict[str, int | None]:
    """The staff and its degrees, which add up: a degree that is hidden must not be what is left of the others."""
    counted = [row for row in rows if row.staff is not None]
    parts: dict[str, list[int]] = {name: [getattr(row, name) or 0 for row in counted] for name in DEGREES}
    parts[UNSAID] = [(row.staff or 0) - sum(getattr(row, name) or 0 for name in DEGREES) for row in counted]
    # The staff's own contributors are firms, not degrees of firms.
    parts["staff"] = [row.staff or 0 for row in counted]
    told = protect_money(parts, [("staff", (*DEGREES, UNSAID))])
    return {name: told[name].amount if told[name].contributors else None for name in PEOPLE}


def too_close(rows: Sequence[Return], then: Sequence[Return]) -> bool:
    """Whether what changed since the last publication is the doing of few, whom the difference would tell of."""
    olds, news = ({row.ref: row for row in group} for group in (then, rows))
    for name in FIGURES:
        changes = [value_of(news.get(ref), name) - value_of(olds.get(ref), name) for ref in olds.keys() | news.keys()]
        moved = [change for change in changes if change]
        if moved and is_dominated(moved):
            return True
    return 0 < len(olds.keys() ^ news.keys()) < FEWEST


def value_of(row: Return | None, name: str) -> int:
    return 0 if row is None else getattr(row, name) or 0


def counted_then(published_row: QuarterTotals) -> list[Return]:
    """The returns as they were when they were last published."""
    basis: dict[str, int] = published_row.basis
    versions = Return.history.filter(ref__in=list(basis))
    return [version.instance for version in versions if basis[version.ref] == version.revision]
