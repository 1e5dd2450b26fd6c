from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.workdays import Deadline, WorkCalendar

PLAIN = WorkCalendar()
KNOWN_DAYS = st.dates(min_value=date(2004, 1, 1), max_value=date(2026, 6, 30))
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2023, 7, 31), date(2023, 8, 4)),
        (date(2022, 7, 22), date(2022, 7, 28)),
        (date(2020, 10, 14), date(2020, 10, 20)),
        (date(2024, 6, 28), date(2024, 7, 4)),
        (date(2023, 4, 27), date(2023, 5, 6)),  # 1 May holiday inside, adjusted Saturday at the end
    ],
)
def test_period_end_agrees_with_published_notices(first: date, last: date) -> None:
    assert PLAIN.period_end(first, 5) == Deadline(last, certain=True)
    assert PLAIN.count_working_days(first, last) == 5


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2023, 5, 6), True),  # adjusted Saturday
        (date(2023, 5, 1), False),
        (date(2024, 2, 4), True),  # adjusted Sunday before the Spring Festival
        (date(2024, 2, 12), False),
        (date(2024, 6, 29), False),
        (date(2003, 12, 31), True),  # not published: a Wednesday
        (date(2027, 1, 2), False),  # not published: a Saturday
    ],
)
def test_is_working_day(day: date, working: bool) -> None:
    assert PLAIN.is_working_day(day) is working


def test_an_override_wins_over_the_published_calendar() -> None:
    calendar = WorkCalendar({date(2023, 5, 6): False, date(2027, 1, 4): False})
    assert calendar.is_working_day(date(2023, 5, 6)) is False
    assert calendar.is_working_day(date(2027, 1, 4)) is False
    assert calendar.knows(date(2027, 1, 4))
    assert not calendar.knows(date(2027, 1, 5))
    assert calendar.period_end(date(2023, 4, 27), 5) == Deadline(date(2023, 5, 8))


def test_add_working_days_begins_the_day_after() -> None:
    friday = date(2024, 6, 28)
    assert PLAIN.add_working_days(friday, 1) == Deadline(date(2024, 7, 1))
    assert PLAIN.add_working_days(friday, 1, include_start=True) == Deadline(friday)
    assert PLAIN.add_working_days(friday, 10) == Deadline(date(2024, 7, 12))


def test_add_working_days_from_a_day_off_counts_from_the_next_working_day() -> None:
    saturday = date(2024, 6, 29)
    assert PLAIN.add_working_days(saturday, 1, include_start=True) == Deadline(date(2024, 7, 1))
    assert PLAIN.add_working_days(saturday, 0) == Deadline(date(2024, 7, 1))


@pytest.mark.parametrize(
    ("include_start", "roll", "end"),
    [
        (True, False, date(2024, 6, 30)),
        (True, True, date(2024, 7, 1)),
        (False, False, date(2024, 7, 1)),
        (False, True, date(2024, 7, 1)),
    ],
)
def test_period_end_of_natural_days(include_start: bool, roll: bool, end: date) -> None:
    deadline = PLAIN.period_end(date(2024, 6, 26), 5, mode="natural", include_start=include_start, roll=roll)
    assert deadline == Deadline(end)


def test_a_deadline_beyond_the_published_calendar_is_uncertain() -> None:
    deadline = PLAIN.period_end(date(2026, 12, 30), 5)
    assert deadline == Deadline(date(2027, 1, 5), certain=False)
    with override("en"):
        assert str(deadline.warning).startswith("The holidays around 2027-01-05 are not in the calendar yet")


def test_a_deadline_over_days_set_by_hand_is_certain() -> None:
    days = {date(2027, 1, day): day not in (1, 2, 3) for day in range(1, 6)}
    deadline = WorkCalendar(days).period_end(date(2026, 12, 30), 5)
    assert deadline == Deadline(date(2027, 1, 6), certain=False)
    assert WorkCalendar(days | {date(2027, 1, 6): True}).period_end(date(2026, 12, 30), 5).certain
    assert Deadline(date(2026, 1, 1)).warning is None


def test_a_natural_period_that_does_not_roll_is_certain_anywhere() -> None:
    assert PLAIN.period_end(date(2030, 1, 1), 10, mode="natural", roll=False) == Deadline(date(2030, 1, 10))


@pytest.mark.parametrize("days", [0, -1, 10_001])
def test_period_end_refuses_a_length_that_is_none(days: int) -> None:
    with pytest.raises(ValueError, match="a period has 1 to 10000 days"):
        PLAIN.period_end(date(2024, 1, 1), days)


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_adding_and_counting_agree(start: date, n: int) -> None:
    deadline = PLAIN.add_working_days(start, n)
    assert PLAIN.is_working_day(deadline.day)
    assert PLAIN.count_working_days(start + timedelta(days=1), deadline.day) == n


@given(DAYS, st.integers(min_value=1, max_value=60), st.booleans(), st.booleans())
def test_a_longer_period_never_ends_earlier(start: date, n: int, include_start: bool, natural: bool) -> None:
    mode = "natural" if natural else "working"
    shorter = PLAIN.period_end(start, n, mode=mode, include_start=include_start)
    longer = PLAIN.period_end(start, n + 1, mode=mode, include_start=include_start)
    assert start <= shorter.day <= longer.day


@given(KNOWN_DAYS, st.integers(min_value=0, max_value=20))
def test_a_known_calendar_is_certain(start: date, n: int) -> None:
    assert PLAIN.add_working_days(start, n).certain


def test_counting_backwards_is_nothing() -> None:
    assert PLAIN.count_working_days(date(2024, 7, 4), date(2024, 6, 28)) == 0
