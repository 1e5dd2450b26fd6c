"""On which days is looked; 2026-02-14 is an adjusted Saturday, 2026-02-16 to 20 are holidays."""

from datetime import date

import pytest

from qunxing.core.workdays import WorkCalendar
from qunxing.matching.alerts.days import is_due


@pytest.mark.parametrize(
    ("every", "looked_on", "day", "due"),
    [
        ("daily", date(2026, 3, 2), date(2026, 3, 3), True),
        ("daily", date(2026, 3, 3), date(2026, 3, 3), False),
        ("daily", date(2026, 3, 4), date(2026, 3, 3), False),
        ("daily", date(2026, 3, 6), date(2026, 3, 7), False),
        ("daily", date(2026, 3, 6), date(2026, 3, 9), True),
        ("daily", date(2026, 2, 13), date(2026, 2, 14), True),
        ("daily", date(2026, 2, 14), date(2026, 2, 18), False),
        ("weekly", date(2026, 3, 2), date(2026, 3, 6), False),
        ("weekly", date(2026, 3, 2), date(2026, 3, 9), True),
        ("weekly", date(2026, 3, 2), date(2026, 3, 10), True),
        ("weekly", date(2026, 2, 9), date(2026, 2, 16), False),
        ("weekly", date(2025, 12, 31), date(2026, 1, 4), False),
        ("weekly", date(2025, 12, 31), date(2026, 1, 5), True),
    ],
)
def test_watch_is_due_on_working_days(every: str, looked_on: date, day: date, due: bool) -> None:
    assert is_due(every, looked_on, day, WorkCalendar()) is due


def test_days_set_by_hand_count() -> None:
    calendar = WorkCalendar({date(2026, 3, 3): False, date(2026, 3, 7): True})
    assert not is_due("daily", date(2026, 3, 2), date(2026, 3, 3), calendar)
    assert is_due("daily", date(2026, 3, 6), date(2026, 3, 7), calendar)
