"""Figures over fact tables are what a plain count over lists gives."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.core.columns import UNKNOWN, Coded, as_days, day_number
from qunxing.core.facttables import Amounts, FactTable, Measure, beginnings, endings, month_ends
from qunxing.indicators.engine.derived import Operation, Undefined, derived
from qunxing.indicators.engine.figures import Figure, Hold, Period, everywhere, figure
from qunxing.indicators.engine.figures import found as rows_found
from qunxing.indicators.engine.groups import broken_down, change, parts_of
from qunxing.indicators.engine.places import Circle, Places

FIRST = date(2024, 1, 1)
QUICK = settings(max_examples=40)
DAYS = st.integers(0, 200).map(lambda days: FIRST + timedelta(days))


@dataclass(frozen=True)
class Row:
    """A stay as somebody typed it: `month` where only the month of its beginning is known."""

    thing: int
    since: date | None
    month: bool
    ended: bool
    until: date | None
    amount: tuple[float | None, float | None]
    field: str


@dataclass(frozen=True)
class Edit:
    day: date
    key: int
    row: Row | None  # None takes it off the ledger


def rows() -> st.SearchStrategy[Row]:
    amounts = st.one_of(
        st.just((None, None)),
        st.integers(0, 9).map(lambda low: (float(low), float(low))),
        st.tuples(st.integers(0, 4), st.integers(5, 9)).map(lambda ends: (float(ends[0]), float(ends[1]))),
        st.integers(0, 9).map(lambda low: (float(low), None)),
    )
    return st.builds(
        Row, st.integers(1, 4), st.none() | DAYS, st.booleans(), st.booleans(), st.none() | DAYS, amounts,
        st.sampled_from(["", "nlp", "|nlp|vision|", "|vision|"]),
    )  # fmt: skip


HISTORIES = st.lists(st.builds(Edit, DAYS, st.integers(1, 6), st.none() | rows()), max_size=14).map(
    lambda edits: sorted(edits, key=lambda edit: edit.day)
)


def known(history: list[Edit], day: date) -> dict[int, tuple[Row, date, date]]:
    """{key: (row, first kept on, last changed on)} of what was on the ledger on that day."""
    found: dict[int, tuple[Row, date, date]] = {}
    for edit in history:
        if edit.day > day:
            break
        if edit.row is None:
            found.pop(edit.key, None)
        else:
            first = found[edit.key][1] if edit.key in found else edit.day
            found[edit.key] = (edit.row, first, edit.day)
    return found


def table_of(ledger: dict[int, tuple[Row, date, date]]) -> FactTable:
    kept = [row for row, _first, _last in ledger.values()]
    recorded, changed = (as_days(entry[place] for entry in ledger.values()) for place in (1, 2))
    days = as_days(row.since for row in kept)
    last = month_ends(days, Coded.of("month" if row.month else "day" for row in kept))
    since = beginnings(days, recorded, np.where(last == UNKNOWN, recorded, last))
    ended = np.array([row.ended for row in kept], dtype=bool)
    over = as_days(row.until if row.ended else None for row in kept)
    things = np.array([row.thing for row in kept], dtype=np.int64)
    low, high = (np.array([np.nan if row.amount[end] is None else row.amount[end] for row in kept]) for end in (0, 1))
    closed = np.zeros(len(kept), dtype=bool)
    return FactTable(
        rows=np.array(list(ledger), dtype=np.int64), things=things, since=since,
        until=endings(over, ended, changed, since), organizations=things,
        divisions=Coded.of("310104" for _row in kept),
        dimensions={"field": Coded.of(row.field for row in kept)},
        amounts={"amount": Amounts(low, high, closed, closed)},
    )  # fmt: skip


def spans(row: Row, first: date, last: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The earliest and latest day of the beginning and of the end."""
    if row.since is None:
        begun = (date.min, first)
    else:
        begun = (row.since, end_of_month(row.since) if row.month else row.since)
    if not row.ended:
        return begun, (date.max, date.max)
    return begun, (row.until, row.until) if row.until else (min(begun[0], last), last)


def end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)


def plain(
    ledger: dict[int, tuple[Row, date, date]], measure: Measure, first: date, last: date
) -> tuple[set[int], set[int]]:
    """Keys of the rows that surely count, and of those that may."""
    sure, perhaps = set(), set()
    for key, (row, kept, changed) in ledger.items():
        begun, ended = spans(row, kept, changed)
        if measure is Measure.STOCK:
            surely, maybe = begun[1] <= last < ended[0], begun[0] <= last < ended[1]
        elif measure is Measure.EVER:
            surely, maybe = begun[1] <= last, begun[0] <= last
        elif measure is Measure.AHEAD:
            surely = maybe = begun[0] > last
        else:
            low, high = ended if measure is Measure.LEFT else begun
            surely = first <= low and high <= last
            maybe = low <= last and high >= first and low != date.min
        sure |= {key} if surely else set()
        perhaps |= {key} if maybe else set()
    return sure, perhaps


@QUICK
@given(HISTORIES, st.sampled_from(Measure), DAYS, DAYS, st.integers(0, 60))
def test_figures_of_any_history_are_those_of_a_plain_count(
    history: list[Edit], measure: Measure, day: date, learned: date, length: int
) -> None:
    ledger, first = known(history, learned), day - timedelta(length)
    found = figure(table_of(ledger), measure, Period(day_number(first), day_number(day)))
    sure, perhaps = plain(ledger, measure, first, day)
    assert (set(found.rows.tolist()), set(found.perhaps.tolist())) == (sure, perhaps - sure)
    things = [{ledger[key][0].thing for key in keys} for keys in (sure, perhaps)]
    assert (found.low, found.high) == (len(things[0]), len(things[1]))
    assert found.low <= found.high


@QUICK
@given(HISTORIES, DAYS, DAYS)
def test_sums_run_from_what_is_sure_to_what_is_possible(history: list[Edit], day: date, learned: date) -> None:
    ledger = known(history, learned)
    found = figure(table_of(ledger), Measure.EVER, Period(0, day_number(day)), amount="amount")
    sure, perhaps = plain(ledger, Measure.EVER, day, day)
    told = [ledger[key][0].amount for key in perhaps if ledger[key][0].amount != (None, None)]
    assert found.undisclosed == len(perhaps) - len(told)
    if found.undisclosed and not told:
        assert not found.known
        return
    assert found.low == sum(ledger[key][0].amount[0] or 0 for key in sure)
    highs = [high for _low, high in told]
    assert math.isnan(found.high) if None in highs else found.high == sum(high for high in highs if high is not None)


@QUICK
@given(HISTORIES, DAYS)
def test_parts_of_a_breakdown_are_the_rows_that_hold_the_code(history: list[Edit], day: date) -> None:
    ledger = known(history, day)
    table = table_of(ledger)
    rows = rows_found(table, Measure.EVER, Period(0, day_number(day)))
    for code, part in broken_down(table, "field", day_number(day), rows):
        held = {key for key, (row, *_days) in ledger.items() if code in row.field.strip("|").split("|")}
        assert set(part.rows.tolist()) == held & set(table.rows[rows.places[rows.sure]].tolist())
    codes = [code for code, _part in parts_of(table, "field", day_number(day), rows)]
    assert codes == sorted(codes, key=lambda code: (code == "", code))


@QUICK
@given(HISTORIES, DAYS, DAYS, DAYS)
def test_what_stands_between_two_days_adds_up(history: list[Edit], one: date, other: date, learned: date) -> None:
    then, day = sorted((one, other))
    asked = [(then, then), (then, learned), (day, learned)]
    first, again, second = (
        figure(table_of(known(history, known_on)), Measure.STOCK, Period(0, day_number(asked_of))).rows
        for asked_of, known_on in asked
    )
    found = change(first, again, second)
    came, left = len(found.came) + len(found.corrected_in), len(found.left) + len(found.corrected_out)
    assert len(second) == len(first) + came - left
    assert not set(found.came) & set(found.left)


@QUICK
@given(HISTORIES, DAYS, st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_wider_scopes_hold_what_the_narrower_hold(history: list[Edit], day: date, widths: list[int]) -> None:
    table = table_of(known(history, day))
    number = len(table)
    placed = FactTable(
        table.rows, table.things, table.since, table.until, table.organizations, table.divisions,
        widths=np.array(widths[:number], dtype=np.int32), communities=np.ones(number, dtype=np.int64),
    )  # fmt: skip
    places = Places(placed, table.things, table.divisions)
    circles = [Circle(1, 1), Circle(1, 2), Circle(1, 3, "310104"), Circle(1, 4, "31")]
    held = [places.within(table, circle, day_number(day)) for circle in circles]
    for narrow, wide in pairwise(held):
        assert not (narrow.sure & ~wide.sure).any()
        assert not (narrow.perhaps & ~wide.perhaps).any()
    some = np.arange(number)[::2]
    part = places.within(table, circles[1], day_number(day), some)
    assert part.perhaps.tolist() == held[1].perhaps[some].tolist()


@st.composite
def ranged(draw: st.DrawFn, least: float) -> tuple[Figure, float]:
    """A figure and the true number somewhere in it."""
    low, width, part = draw(st.floats(least, 1000)), draw(st.floats(0, 500)), draw(st.floats(0, 1))
    return Figure(low, low + width), low + part * width


@QUICK
@given(st.sampled_from(Operation), ranged(0), ranged(0.5))
def test_derived_ranges_hold_the_true_number(
    operation: Operation, one: tuple[Figure, float], other: tuple[Figure, float]
) -> None:
    found = derived(operation, one[0], other[0])
    true = {
        Operation.RATIO: one[1] / other[1],
        Operation.SHARE: one[1] / other[1] * 100,
        Operation.GROWTH: (one[1] / other[1] - 1) * 100,
        Operation.DIFFERENCE: one[1] - other[1],
    }[operation]
    assert found.low - 1e-6 <= true <= found.high + 1e-6


def test_division_by_what_may_be_nothing_is_undefined() -> None:
    for operation in (Operation.RATIO, Operation.SHARE, Operation.GROWTH):
        try:
            derived(operation, Figure(1, 1), Figure(0, 2))
        except Undefined:
            continue
        raise AssertionError(operation)


def test_sure_and_possible_rows_keep_within_what_is_asked() -> None:
    table = table_of(known([Edit(FIRST, 1, Row(1, FIRST, False, False, None, (1.0, 1.0), "nlp"))], FIRST))
    nowhere = Hold(~everywhere(table).sure, ~everywhere(table).perhaps)
    assert figure(table, Measure.STOCK, Period(0, day_number(FIRST)), nowhere).low == 0
