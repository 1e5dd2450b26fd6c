"""What does not go together among published figures, and what follows from them: arithmetic alone, no Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from math import ceil, floor

from qunxing.indicators.quantities import Quantity, disjoint
from qunxing.indicators.reading.scopes import CITY, DISTRICT, NATION, SPACE, SURROUNDINGS

HUNDRED = Decimal(100)
ABOVE, IMPLIED, MISSES, BELOW, DISPUTED = (
    "share_above_100",
    "implied_total",
    "total_missed",
    "total_below_part",
    "disputed",
)
WIDTH = {SPACE: 1, SURROUNDINGS: 2, DISTRICT: 3, CITY: 4, "province": 5, NATION: 6}
SHARES = {"share_of_city_total": CITY, "share_of_district_total": DISTRICT, "share_of_nation_total": NATION}
# What a share of the total is a share of, where it is not told: filed models, under either code.
SAME = {"filed_models_landed": "filed_models"}
PARTS = {"clustered_llm_firms": ("clustered_ai_firms", "clustered_firms"), "clustered_ai_firms": ("clustered_firms",)}


@dataclass(frozen=True, slots=True)
class Stated:
    """A published figure, as far as arithmetic asks; `key` names it, `source` where it stands."""

    key: str
    indicator: str
    subject: str
    scope: str
    first: date | None
    last: date | None
    quantity: Quantity
    source: str = ""
    status: str = ""

    @property
    def counted(self) -> str:
        return SAME.get(self.indicator, self.indicator)


@dataclass(frozen=True, slots=True)
class Flag:
    """What was noticed of these figures; `low` and `high` bound a total that follows from them."""

    code: str
    keys: tuple[str, ...]
    low: int | None = None
    high: int | None = None


def flags_of(stated: Sequence[Stated]) -> list[Flag]:
    """All that can be noticed among figures, most of it between two of one time."""
    found = [Flag(ABOVE, (one.key,)) for one in stated if share_above_hundred(one)]
    for one, other in combinations(stated, 2):
        if one.status == other.status and together(one, other):
            found += between(one, other)
    return [*found, *missed_totals(stated, [flag for flag in found if flag.code == IMPLIED])]


def share_above_hundred(one: Stated) -> bool:
    low = one.quantity.low
    return one.quantity.unit == "%" and one.indicator.startswith("share") and low is not None and low > HUNDRED


def between(one: Stated, other: Stated) -> Iterator[Flag]:
    if disputed(one, other):
        yield Flag(DISPUTED, (one.key, other.key))
    for part, whole in ((one, other), (other, one)):
        if part_of(part, whole) and below(whole.quantity, part.quantity):
            yield Flag(BELOW, (whole.key, part.key))
        if whole.indicator in SHARES and part.counted == "filed_models" and part.source == whole.source:
            total = implied_total(part.quantity, whole.quantity) if part.scope != SHARES[whole.indicator] else None
            if total is not None:
                yield Flag(IMPLIED, (part.key, whole.key), *total)


def together(one: Stated, other: Stated) -> bool:
    """Whether the two speak of one time; what has no time speaks of none."""
    if None in {one.first, one.last, other.first, other.last}:
        return False
    return bool(one.first <= other.last and other.first <= one.last)  # type: ignore[operator]


def disputed(one: Stated, other: Stated) -> bool:
    """Two ranges of one subject, indicator and scope without a common number."""
    alike = (one.indicator, one.subject, one.scope) == (other.indicator, other.subject, other.scope)
    return alike and one.quantity.unit == other.quantity.unit and disjoint(one.quantity, other.quantity)


def part_of(part: Stated, whole: Stated) -> bool:
    """Whether one counts among the other: the same in a narrower circle, or a kind of it in the same."""
    if part.quantity.unit == "%" or part.scope not in WIDTH or whole.scope not in WIDTH:
        return False
    if part.counted == whole.counted:
        return WIDTH[part.scope] < WIDTH[whole.scope] and part.counted not in {"scale", "financing"}
    return whole.indicator in PARTS.get(part.indicator, ()) and part.scope == whole.scope


def below(total: Quantity, part: Quantity) -> bool:
    """Whether the total is surely less than its part."""
    if total.high is None or part.low is None or total.about or part.about:
        return False
    return total.high < part.low or (total.high == part.low and (total.high_open or part.low_open))


def implied_total(part: Quantity, share: Quantity) -> tuple[int, int] | None:
    """(least, most) whole total of which a whole part is that share in percent, rounded: 43 of 61% is 70 or 71."""
    if not part.exact or not share.exact or not part.low or not share.low or part.low != int(part.low):
        return None
    half = Decimal(1).scaleb(int(share.low.normalize().as_tuple().exponent if share.low % 1 else 0)) / 2
    least, most = share.low - half, share.low + half
    if least <= 0:
        return None
    low, high = ceil(part.low * HUNDRED / most), floor(part.low * HUNDRED / least)
    return (low, high) if low <= high else None


def missed_totals(stated: Sequence[Stated], implied: Sequence[Flag]) -> Iterator[Flag]:
    """Totals that were published and are not what a share implies."""
    by_key = {one.key: one for one in stated}
    for flag in implied:
        share = by_key[flag.keys[1]]
        implies = Quantity(Decimal(flag.low or 0), Decimal(flag.high or 0))
        for one in stated:
            told = one.counted == "filed_models" and one.scope == SHARES[share.indicator]
            if told and together(one, share) and disjoint(one.quantity, implies):
                yield Flag(MISSES, (one.key, *flag.keys), flag.low, flag.high)
