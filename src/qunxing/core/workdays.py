"""Working days of China, adjusted Saturdays and Sundays (调休) included, and the ends of periods counted in them.

The published calendar is chinese-calendar's (2004 to 2026); days beyond it come from the overrides that staff
keep, and failing these from Monday to Friday, which makes the result uncertain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import chinese_calendar
from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because

Mode = Literal["working", "natural"]
ONE_DAY = timedelta(days=1)
LONGEST = 10_000
UNCERTAIN = _(
    "The holidays around %(day)s are not in the calendar yet; weekdays were counted as working days. "
    "Enter them once they are published."
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period; not certain when it rests on days whose holidays are not published."""

    day: date
    certain: bool = True

    @property
    def warning(self) -> Reason | None:
        """What to tell the reader of a day that may still move."""
        return None if self.certain else because(UNCERTAIN, day=self.day.isoformat())


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. An override wins over the published calendar, too."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def knows(self, day: date) -> bool:
        """Whether the day is published or set by hand."""
        return day in self.overrides or _published(day) is not None

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked; Monday to Friday where nothing is known of it."""
        set_by_hand = self.overrides.get(day)
        if set_by_hand is not None:
            return set_by_hand
        published = _published(day)
        return day.weekday() < 5 if published is None else published

    def add_working_days(self, start: date, n: int, include_start: bool = False) -> Deadline:
        """The n-th working day after `start`; with `include_start`, `start` counts as the first if it is worked.

        With n = 0: `start`, or the first working day after it.
        """
        _check_length(n, least=0)
        if n == 0:
            return self.roll(start)
        walk = _Walk(self, start if include_start else start + ONE_DAY)
        for _index in range(n):
            walk.to_working_day()
            walk.step()
        return walk.deadline(walk.day - ONE_DAY)

    def count_working_days(self, first: date, last: date) -> int:
        """How many days from first to last, both counted, are worked; 0 when last comes before first."""
        return sum(self.is_working_day(day) for day in _days(first, last))

    def period_end(
        self, start: date, n: int, *, mode: Mode = "working", include_start: bool = True, roll: bool = True
    ) -> Deadline:
        """The last day of a period of n days, of working days or of all.

        `include_start`: the day of `start` is the first of them. `roll`: a natural period that would end on
        a day that is not worked ends on the next one that is.
        """
        _check_length(n, least=1)
        if mode == "working":
            return self.add_working_days(start, n, include_start=include_start)
        end = start + timedelta(days=n - 1 if include_start else n)
        return self.roll(end) if roll else Deadline(end)

    def roll(self, day: date) -> Deadline:
        """The day itself or the next that is worked."""
        walk = _Walk(self, day)
        walk.to_working_day()
        return walk.deadline(walk.day)


@dataclass
class _Walk:
    """A walk over the calendar that remembers whether it stepped on unknown ground."""

    calendar: WorkCalendar
    day: date
    certain: bool = True

    def to_working_day(self) -> None:
        while not self._look():
            self.day += ONE_DAY

    def step(self) -> None:
        self.day += ONE_DAY

    def deadline(self, day: date) -> Deadline:
        return Deadline(day, self.certain)

    def _look(self) -> bool:
        self.certain = self.certain and self.calendar.knows(self.day)
        return self.calendar.is_working_day(self.day)


def _check_length(n: int, *, least: int) -> None:
    if not least <= n <= LONGEST:
        message = f"a period has {least} to {LONGEST} days, not {n}"
        raise ValueError(message)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=step) for step in range((last - first).days + 1))


@lru_cache(maxsize=20_000)
def _published(day: date) -> bool | None:
    """Whether the published calendar has the day as worked; None where it does not reach."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
