"""Sums over funds and rounds: what may be added is, what may not is named with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.money import MoneyRange, show_range
from qunxing.funds.lineage import ancestors
from qunxing.funds.models import Fund, Level, Round
from qunxing.funds.models.amounts import EXACT, RANGE, UNDISCLOSED

COUNTED = ("ref", "name", "parent", "level", "currency", "size_low", "size_high", "size_low_open", "size_high_open")
NAMED = 8
NOT_KNOWN = _("Their size is not known.")
BELOW_ANOTHER = _("They invest money of a fund that is counted already.")
NO_LEVELS = _("Levels are not added up: a national, a city and a district fund may hold each other's money.")
NO_CURRENCIES = _("Currencies are not added up.")
APART = _("Ranges are not added to exact amounts, and rounds whose amount was not told are only counted.")


@dataclass(frozen=True)
class Total:
    """The sizes of the funds of one level in one currency."""

    level: str
    money: MoneyRange
    funds: int

    @property
    def label(self) -> Text:
        return Level(self.level).label

    @property
    def shown(self) -> str:
        return show_range(self.money)


@dataclass(frozen=True)
class LeftOut:
    """Funds that are not in any total, and why."""

    reason: Text
    funds: tuple[Fund, ...]

    @property
    def shown(self) -> tuple[Fund, ...]:
        """Those that a page names; `more` counts the others."""
        return self.funds[:NAMED]

    @property
    def more(self) -> int:
        return len(self.funds[NAMED:])


@dataclass(frozen=True)
class FundTotals:
    totals: tuple[Total, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Text, ...]


def fund_totals(user: Any, rows: QuerySet[Fund] | None = None) -> FundTotals:
    """Sizes by level and currency over the funds the user may see (or those among `rows`).

    No fund is counted whose money is part of a fund counted beside it; no level and no currency is added to another.
    """
    visible = Fund.objects.visible_to(user)
    found = visible if rows is None else visible.filter(pk__in=rows.values("pk"))
    funds = list(found.only(*COUNTED).order_by("name_key", "pk"))
    known = {fund.pk: fund for fund in funds if not fund.size.undisclosed}
    above = parent_links()
    below = [fund for fund in known.values() if stands_below(fund, known, above)]
    unknown = [fund for fund in funds if fund.pk not in known]
    counted = set(known.values()).difference(below)
    return FundTotals(
        totals=tuple(totals_of(counted)),
        left_out=tuple(
            LeftOut(reason, tuple(those)) for reason, those in ((BELOW_ANOTHER, below), (NOT_KNOWN, unknown)) if those
        ),
        remarks=(NO_LEVELS, NO_CURRENCIES),
    )


def parent_links() -> dict[int, int | None]:
    """{fund: its parent} of all funds that have one; for counting only, never to be shown."""
    return dict(Fund.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))


def stands_below(fund: Fund, known: Mapping[int, Fund], above: Mapping[int, int | None]) -> bool:
    """Whether a fund above it would be added to it: one of the same level and currency whose size is known."""
    higher = (known[key] for key in ancestors(fund.pk, above) if key in known)
    return any((other.level, other.currency) == (fund.level, fund.currency) for other in higher)


def totals_of(funds: Iterable[Fund]) -> Iterable[Total]:
    """One total for each level and currency, in the order of levels, yuan first."""
    groups: dict[tuple[str, str], list[MoneyRange]] = {}
    for fund in funds:
        groups.setdefault((fund.level, fund.currency), []).append(fund.size)
    order = {level: place for place, level in enumerate(Level.values)}
    for level, currency in sorted(groups, key=lambda key: (order[key[0]], key[1] != "CNY", key[1])):
        sizes = groups[level, currency]
        yield Total(level, added(sizes, currency), len(sizes))


def added(amounts: Sequence[MoneyRange], currency: str) -> MoneyRange:
    """The sum of the ranges: an end that is not told in one of them counts as nothing below, and is not told above."""
    lows, highs = [money.low for money in amounts], [money.high for money in amounts]
    return MoneyRange(
        low=None if all(low is None for low in lows) else sum(low or 0 for low in lows),
        high=None if None in highs else sum(high or 0 for high in highs),
        currency=currency,
        low_open=any(money.low_open for money in amounts),
        high_open=any(money.high_open for money in amounts),
    )


@dataclass(frozen=True)
class Financing:
    """Rounds in one currency: the sum of exact amounts, and apart from it that of ranges."""

    exact: int
    exact_money: MoneyRange
    ranges: int
    range_money: MoneyRange

    @property
    def currency(self) -> str:
        return self.exact_money.currency

    @property
    def shown_exact(self) -> str:
        return show_range(self.exact_money)

    @property
    def shown_ranges(self) -> str:
        return show_range(self.range_money)


@dataclass(frozen=True)
class FinancingTotals:
    currencies: tuple[Financing, ...]
    undisclosed: int
    remarks: tuple[Text, ...] = (APART, NO_CURRENCIES)


def financing_totals(user: Any, rows: QuerySet[Round] | None = None) -> FinancingTotals:
    """Rounds the user may see (or those among `rows`) by currency; exact, range and undisclosed counted apart."""
    visible = Round.objects.visible_to(user)
    found = visible if rows is None else visible.filter(pk__in=rows.values("pk"))
    counted = found.order_by().values("currency").annotate(
        exact=Count("pk", filter=EXACT),
        exact_sum=Sum("amount_low", filter=EXACT, default=0),
        ranges=Count("pk", filter=RANGE),
        low=Sum("amount_low", filter=RANGE),
        high=Sum("amount_high", filter=RANGE),
        endless=Count("pk", filter=Q(amount_low__isnull=False, amount_high__isnull=True)),
        low_opens=Count("pk", filter=RANGE & Q(amount_low_open=True)),
        high_opens=Count("pk", filter=RANGE & Q(amount_high_open=True)),
        undisclosed=Count("pk", filter=UNDISCLOSED),
    )  # fmt: skip
    groups = sorted(counted, key=lambda row: (row["currency"] != "CNY", row["currency"]))
    told = (financing_of(row) for row in groups if row["exact"] or row["ranges"])
    return FinancingTotals(tuple(told), sum(row["undisclosed"] for row in groups))


def financing_of(row: Mapping[str, Any]) -> Financing:
    currency = row["currency"]
    high = None if row["endless"] else row["high"]
    range_money = MoneyRange(row["low"], high, currency, row["low_opens"] > 0, row["high_opens"] > 0)
    return Financing(row["exact"], MoneyRange(row["exact_sum"], row["exact_sum"], currency), row["ranges"], range_money)
