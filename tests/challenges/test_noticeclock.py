"""The clock of the public notice against notices that were published, and its properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.challenges.noticeclock import Window, counted, left, resumed, window
from qunxing.challenges.terms import Notice
from qunxing.core.workdays import WorkCalendar

PUBLISHED = WorkCalendar()
DAYS = st.dates(date(2010, 1, 1), date(2026, 10, 31))
RULES = st.builds(
    Notice,
    days=st.integers(1, 20),
    mode=st.sampled_from(["working", "natural"]),
    include_start=st.booleans(),
    roll=st.booleans(),
)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2023, 7, 31), date(2023, 8, 4)),
        (date(2022, 7, 22), date(2022, 7, 28)),
        (date(2020, 10, 14), date(2020, 10, 20)),
        (date(2024, 6, 28), date(2024, 7, 4)),
        (date(2023, 4, 27), date(2023, 5, 6)),
    ],
)
def test_notice_of_five_working_days_ends_as_those_that_were_published(first, last):
    assert window(first, Notice(), PUBLISHED) == Window(first, last)
    assert counted(first, last, Notice(), PUBLISHED) == 5


def test_notice_over_may_day_needs_the_adjusted_saturday():
    without = WorkCalendar({date(2023, 5, 6): False})
    assert window(date(2023, 4, 27), Notice(), without).last == date(2023, 5, 8)


def test_notice_begun_on_a_holiday_counts_from_the_next_working_day():
    assert window(date(2026, 10, 1), Notice(days=1), PUBLISHED).last == date(2026, 10, 8)


def test_natural_days_roll_over_a_holiday_only_where_the_rule_says_so():
    assert window(date(2026, 9, 27), Notice(days=5, mode="natural"), PUBLISHED).last == date(2026, 10, 8)
    assert window(date(2026, 9, 27), Notice(days=5, mode="natural", roll=False), PUBLISHED).last == date(2026, 10, 1)


def test_first_day_may_be_left_out():
    assert window(date(2023, 7, 31), Notice(include_start=False), PUBLISHED).last == date(2023, 8, 7)


def test_notice_past_the_published_calendar_is_not_certain():
    assert not window(date(2026, 12, 30), Notice(), PUBLISHED).certain
    assert window(date(2026, 12, 30), Notice(), PUBLISHED).last == date(2027, 1, 5)


@given(DAYS, RULES)
def test_window_holds_the_days_of_the_rule(start, rule):
    shown = window(start, rule, PUBLISHED)
    first = start if rule.include_start else start + timedelta(days=1)
    days = counted(first, shown.last, rule, PUBLISHED)
    assert days == rule.days or (rule.mode == "natural" and rule.roll and days > rule.days)
    assert shown.covers(shown.last)
    assert not shown.covers(shown.last + timedelta(days=1))


@given(DAYS, RULES)
def test_what_is_left_falls_day_by_day_and_never_below_nothing(start, rule):
    shown = window(start, rule, PUBLISHED)
    days = [start + timedelta(days=step) for step in range((shown.last - start).days + 3)]
    rest = [left(shown, day, rule, PUBLISHED) for day in days]
    assert rest == sorted(rest, reverse=True)
    assert rest[-1] == 0
    assert left(shown, start - timedelta(days=3), rule, PUBLISHED) == rest[0]


@given(DAYS, st.integers(1, 10), st.integers(0, 15), st.integers(0, 30))
def test_suspension_takes_no_day_away(start, days, ran, stood):
    rule = Notice(days=days)
    shown = window(start, rule, PUBLISHED)
    stopped = min(start + timedelta(days=ran), shown.last)
    again = resumed(shown, stopped, stopped + timedelta(days=stood), rule, PUBLISHED)
    before = counted(start, stopped - timedelta(days=1), rule, PUBLISHED)
    after = counted(stopped + timedelta(days=stood), again.last, rule, PUBLISHED)
    assert before + after >= days
    assert again.last >= shown.last
