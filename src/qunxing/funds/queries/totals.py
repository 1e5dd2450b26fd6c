"""Sums over funds and rounds: what may be added is, what may not is named with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.money import MoneyRange, show_range
from qunxing.funds.lineage import ancestors
from qunxing.funds.models import Fund, Level, Round
from qunxing.funds.models.amounts import EXACT, RANGE, UNDISCLOSED
from qunxing.funds.queries.sums import Tally, tallies, tally

COUNTED = ("ref", "name", "parent", "level", "currency", "size_low", "size_high", "size_low_open", "size_high_open")
UNKNOWN = Q(size_low__isnull=True, size_high__isnull=True)
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
    """So many funds that are not in any total, and why; the first of them by name."""

    reason: Text
    number: int
    funds: tuple[Fund, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.funds)


@dataclass(frozen=True)
class FundTotals:
    totals: tuple[Total, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Text, ...] = (NO_LEVELS, NO_CURRENCIES)


def fund_totals(user: Any, rows: QuerySet[Fund] | None = None) -> FundTotals:
    """Sizes by level and currency over the funds the user may see (or those among `rows`).

    No fund is counted whose money is part of a fund counted beside it; no level and no currency is added to another.
    """
    visible = Fund.objects.visible_to(user)
    found = visible if rows is None else visible.filter(pk__in=rows.values("pk"))
    known = found.exclude(UNKNOWN)
    kin = related_by_money()
    related = {fund.pk: fund for fund in known.filter(kin).only(*COUNTED).order_by("name_key", "pk")}
    above = parent_links()
    below = [fund for fund in related.values() if stands_below(fund, related, above)]
    sums = tallies(known.exclude(kin), "size", "level", "currency")
    for fund in set(related.values()).difference(below):
        group = (fund.level, fund.currency)
        sums[group] = sums.get(group, Tally()) + tally(fund.size)
    return FundTotals(tuple(totals_of(sums)), tuple(gaps(below, found.filter(UNKNOWN))))


def related_by_money() -> Q:
    """Funds that have a parent, or children; the others stand alone and are added up by the database."""
    parents = Fund.objects.filter(parent__isnull=False).values("parent_id")
    return Q(parent__isnull=False) | Q(pk__in=parents)


def parent_links() -> dict[int, int | None]:
    """{fund: its parent} of all funds that have one; for counting only, never to be shown."""
    return dict(Fund.objects.filter(parent__isnull=False).values_list("pk", "parent_id"))


def stands_below(fund: Fund, known: Mapping[int, Fund], above: Mapping[int, int | None]) -> bool:
    """Whether a fund above it would be added to it: one of the same level and currency whose size is known."""
    higher = (known[key] for key in ancestors(fund.pk, above) if key in known)
    return any((other.level, other.currency) == (fund.level, fund.currency) for other in higher)


def totals_of(sums: Mapping[tuple[str, ...], Tally]) -> Iterable[Total]:
    """One total for each level and currency, in the order of levels, yuan first."""
    order = {level: place for place, level in enumerate(Level.values)}
    for level, currency in sorted(sums, key=lambda group: (order[group[0]], group[1] != "CNY", group[1])):
        found = sums[level, currency]
        yield Total(level, found.money(currency), found.number)


def gaps(below: list[Fund], unknown: QuerySet[Fund]) -> Iterable[LeftOut]:
    if below:
        yield LeftOut(BELOW_ANOTHER, len(below), tuple(below[:NAMED]))
    if number := unknown.count():
        first = unknown.only("ref", "name").order_by("name_key", "pk")[:NAMED]
        yield LeftOut(NOT_KNOWN, number, tuple(first))


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
    exact = tallies(found.filter(EXACT), "amount", "currency")
    ranges = tallies(found.filter(RANGE), "amount", "currency")
    currencies = sorted((currency for (currency,) in {**exact, **ranges}), key=lambda code: (code != "CNY", code))
    return FinancingTotals(
        tuple(financing_of(code, exact.get((code,), Tally()), ranges.get((code,), Tally())) for code in currencies),
        found.filter(UNDISCLOSED).aggregate(number=Count("pk"))["number"],
    )


def financing_of(currency: str, exact: Tally, ranges: Tally) -> Financing:
    return Financing(exact.number, exact.money(currency), ranges.number, ranges.money(currency))
