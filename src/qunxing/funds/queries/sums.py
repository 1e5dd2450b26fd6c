"""Adding ranges of money, in the database or one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from qunxing.core.money import MoneyRange


@dataclass(frozen=True)
class Tally:
    """So many amounts with the sums of their ends, how many of them told each end, and how many ends were open."""

    number: int = 0
    low: int = 0
    lows: int = 0
    high: int = 0
    highs: int = 0
    low_opens: int = 0
    high_opens: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def money(self, currency: str) -> MoneyRange:
        """The sum: an end that one did not tell counts as nothing below, and leaves the sum without one above."""
        return MoneyRange(
            low=self.low if self.lows else None,
            high=self.high if self.number and self.highs == self.number else None,
            currency=currency,
            low_open=self.low_opens > 0,
            high_open=self.high_opens > 0,
        )


def tally(money: MoneyRange) -> Tally:
    low, high = money.low, money.high
    return Tally(1, low or 0, int(low is not None), high or 0, int(high is not None), money.low_open, money.high_open)


def added(amounts: Iterable[MoneyRange], currency: str) -> MoneyRange:
    """The sum of amounts of one currency."""
    return sum(map(tally, amounts), Tally()).money(currency)


def tallies(rows: QuerySet[Any], prefix: str, *groups: str) -> dict[tuple[str, ...], Tally]:
    """{values of the group fields: tally} of the amounts kept in the columns of that prefix, one query."""
    low, high = f"{prefix}_low", f"{prefix}_high"
    found = rows.order_by().values(*groups).annotate(
        number=Count("pk"),
        low=Sum(low, default=0),
        lows=Count(low),
        high=Sum(high, default=0),
        highs=Count(high),
        low_opens=Count("pk", filter=Q(**{f"{low}_open": True})),
        high_opens=Count("pk", filter=Q(**{f"{high}_open": True})),
    )  # fmt: skip
    return {tuple(row[name] for name in groups): tally_from(row) for row in found}


def tally_from(row: Mapping[str, Any]) -> Tally:
    return Tally(**{name: row[name] for name in Tally.__dataclass_fields__})
