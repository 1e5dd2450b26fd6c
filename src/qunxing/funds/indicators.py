"""What the funds' ledger counts: rounds of financing, and funds by level."""

from collections.abc import Mapping

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import NEVER, NOBODY, UNKNOWN, Coded, Columns, Days, Keys, Mask, codes_of
from qunxing.core.errors import Text
from qunxing.core.facttables import Amounts, Bounds, FactTable, Measure, beginnings, forever, month_ends
from qunxing.core.money import CURRENCIES
from qunxing.core.specs import Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import paired
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels
from qunxing.funds.lineage import ancestors
from qunxing.funds.models import AmountKind, Fund, Level, Round, Status
from qunxing.funds.models.vocabulary import stage_labels

BETWEEN = "·"
ALONE, BELOW = "alone", "below"
COUNTED: dict[str, Text] = {
    ALONE: _("counted"),
    BELOW: _("invests money of a fund that is counted already"),
}


def money(rows: Columns, prefix: str) -> Amounts:
    """The amounts kept under that prefix, as ranges."""
    low, high = rows[f"{prefix}_low"], rows[f"{prefix}_high"]
    return Amounts(low, high, rows[f"{prefix}_low_open"], rows[f"{prefix}_high_open"])


def told_as(amounts: Amounts) -> Coded:
    """How each amount was told: exactly, as a range, or not at all."""
    undisclosed = np.isnan(amounts.low) & np.isnan(amounts.high)
    exact = (amounts.low == amounts.high) & ~amounts.low_open & ~amounts.high_open
    places = np.where(undisclosed, 2, np.where(exact, 0, 1)).astype(np.int32)
    return Coded((AmountKind.EXACT, AmountKind.RANGE, AmountKind.UNDISCLOSED), places)


def rounds(read: Read) -> FactTable:
    """Rounds from the day they closed on, with what was raised."""
    rows = read(
        Round, "organization_id", "stage_id", "closed_on", "closed_precision", "currency",
        "amount_low", "amount_high", "amount_low_open", "amount_high_open",
    )  # fmt: skip
    firms = whereabouts(read, rows["organization_id"])
    amounts = money(rows, "amount")
    last = month_ends(rows["closed_on"], rows["closed_precision"])
    known = beginnings(rows["closed_on"], rows["recorded"], np.where(last == UNKNOWN, rows["recorded"], last))
    return FactTable(
        rows=rows["id"],
        things=rows["id"],
        since=known,
        until=forever(len(rows)),
        organizations=rows["organization_id"],
        divisions=firms["division"],
        dimensions={
            "stage": rows["stage_id"],
            "currency": rows["currency"],
            "told": told_as(amounts),
            "field": firms["fields"],
            "size": firms["size_class"],
        },
        amounts={"amount": amounts},
    )


def funds(read: Read) -> FactTable:
    """Funds from the year of their first closing on; one that a greater fund of its sort holds, apart from then on."""
    rows = read(
        Fund, "manager_id", "regions", "level", "status", "vintage", "currency", "kinds",
        "size_low", "size_high", "size_low_open", "size_high_open",
    )  # fmt: skip
    sorts = paired(rows["level"], rows["currency"], lambda level, currency: f"{level}{BETWEEN}{currency}")
    since = years(rows)
    held = held_since(read.links(Fund, "parent_id"), rows["id"], sorts, since.low, ~unsized(rows))
    below = np.flatnonzero(held != NEVER)
    places = np.concatenate([np.arange(len(rows)), below])
    end = Bounds(held, held)
    begun = Bounds(*(np.concatenate([one, np.maximum(one[below], held[below])]) for one in (since.low, since.high)))
    over = Bounds(*(np.concatenate([one, np.full(len(below), NEVER)]).astype(np.int32) for one in (end.low, end.high)))
    marks = Coded((ALONE, BELOW), (np.arange(len(places)) >= len(rows)).astype(np.int32))
    return fund_table(read, rows.take(places), sorts.take(places), begun, over, marks)


def fund_table(read: Read, rows: Columns, sorts: Coded, since: Bounds, until: Bounds, marks: Coded) -> FactTable:
    amounts = money(rows, "size")
    return FactTable(
        rows=rows["id"],
        things=rows["id"],
        since=since,
        until=until,
        organizations=rows["manager_id"],
        divisions=paired(rows["regions"], whereabouts(read, rows["manager_id"])["division"], place_of),
        dimensions={
            "level_currency": sorts,
            "level": rows["level"],
            "currency": rows["currency"],
            "status": rows["status"],
            "counted": marks,
            "told": told_as(amounts),
        },
        amounts={"size": amounts},
    )


def place_of(regions: str, manager: str) -> str:
    """Where a fund stands: where its manager does, else in the one region of its mandate."""
    found = codes_of(regions)
    return manager or (next(iter(found)) if len(found) == 1 else "")


def unsized(rows: Columns) -> Mask:
    mask: Mask = np.isnan(rows["size_low"]) & np.isnan(rows["size_high"])
    return mask


def years(rows: Columns) -> Bounds:
    """The days from which funds count: within the year of the first closing."""
    vintage = rows["vintage"]
    known = vintage > 0
    begun = (np.where(known, vintage, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    ended = (np.where(known, vintage, 1970) - 1969).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) - 1
    days = np.where(known, begun, UNKNOWN).astype(np.int32)
    return beginnings(days, rows["recorded"], np.where(known, ended, rows["recorded"]))


def held_since(links: Columns, keys: Keys, sorts: Coded, since: Days, sized: Mask) -> Days:
    """For each fund the day since which one above it, of its sort and of known size, counts its money, too."""
    above = {
        int(key): int(parent) for key, parent in zip(links["id"], links["parent_id"], strict=True) if parent != NOBODY
    }
    place = {int(key): row for row, key in enumerate(keys)}
    found = np.full(len(keys), NEVER, dtype=np.int32)
    for key in above.keys() & place.keys():
        row = place[key]
        higher = [place[one] for one in ancestors(key, above) if one in place]
        days = [since[one] for one in higher if sized[one] and sorts.places[one] == sorts.places[row]]
        found[row] = min(days, default=NEVER)
    return found


def sort_labels() -> Mapping[str, Text]:
    """{level and currency: both in words}, yuan first."""
    return {
        f"{level}{BETWEEN}{currency}": f"{Level(level).label} {BETWEEN} {currency}"
        for level in Level.values
        for currency in sorted(CURRENCIES, key=lambda code: (code != "CNY", code))
    }


def currencies() -> Mapping[str, Text]:
    return {code: code for code in sorted(CURRENCIES, key=lambda code: (code != "CNY", code))}


CURRENCY = Dimension("currency", _("Currency"), currencies)
TOLD = Dimension("told", _("How the amount was told"), lambda: choices(AmountKind))
STAGE = Dimension("stage", _("Stage of financing"), stage_labels)
FIELD = Dimension("field", _("Technical field"), field_labels, of_sets=True)
SORT = Dimension("level_currency", _("Level and currency"), sort_labels)
LEVEL = Dimension("level", _("Level"), lambda: choices(Level))
STATUS = Dimension("status", _("Status of the fund"), lambda: choices(Status))
APART = Dimension("counted", _("Counted or not"), lambda: COUNTED)
FACT_TABLES = (
    FactTableSpec("rounds", _("Rounds of financing"), Round, rounds, (STAGE, CURRENCY, TOLD, FIELD)),
    FactTableSpec("funds", _("Funds"), Fund, funds, (SORT, LEVEL, CURRENCY, STATUS, APART, TOLD)),
)

SECTION = _("Funds and financing")
CLOSED = _("The day on which the round closed lies in the period; a month or a year where no more is told.")
TO_DATE = _("The round closed on the day or before.")
FIRST_CLOSING = _("The year of the first closing; of a fund without one, the day it was put on the ledger.")
INDICATORS = (
    IndicatorSpec(
        "rounds_closed", _("Rounds closed"), _("Rounds of financing that closed in the period."),
        "rounds", CLOSED, SECTION, "轮", Measure.ENTERED, by=("stage", "currency", "told", "field"),
    ),
    IndicatorSpec(
        "rounds_undisclosed", _("Rounds of undisclosed amount"),
        _("Rounds that closed in the period and whose amount was not told; they are in no sum of money."),
        "rounds", CLOSED, SECTION, "轮", Measure.ENTERED, where={"told": (AmountKind.UNDISCLOSED,)},
        by=("stage", "currency"),
    ),
    IndicatorSpec(
        "financing", _("Financing"),
        _("What was raised in the period, by currency: from the lower to the higher ends of what was told."),
        "rounds", CLOSED, SECTION, "元", Measure.ENTERED, "amount", split="currency", by=("stage", "field"),
    ),
    IndicatorSpec(
        "financing_to_date", _("Financing to date"),
        _("What was ever raised, by currency: from the lower to the higher ends of what was told."),
        "rounds", TO_DATE, SECTION, "元", Measure.EVER, "amount", split="currency", by=("stage", "field"),
    ),
    IndicatorSpec(
        "funds", _("Funds on the ledger"), _("Funds, parents and children each once; levels are not added up."),
        "funds", FIRST_CLOSING, SECTION, "只", split="level", by=("status", "currency"), scope="",
    ),
    IndicatorSpec(
        "fund_size", _("Size of funds"),
        _("Sizes by level and currency. A fund below another of its level and currency is in the other's size, and is "
          "not added; no level is added to another, for they may hold each other's money."),
        "funds", FIRST_CLOSING, SECTION, "元", Measure.STOCK, "size", where={"counted": (ALONE,)},
        split="level_currency", by=("status",), scope="",
    ),
)  # fmt: skip
