"""The clock of a public notice: its first and last day, what is left of it, and where it goes on after a suspension.

No Django in here: the rule and the calendar are handed in, the day as well.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from qunxing.core.workdays import Deadline, Mode, WorkCalendar

ONE_DAY = timedelta(days=1)


class ClockRule(Protocol):
    """How the days of a notice are counted (`terms.Notice`)."""

    @property
    def days(self) -> int: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def include_start(self) -> bool: ...
    @property
    def roll(self) -> bool: ...


@dataclass(frozen=True)
class Window:
    """The days of a notice, both ends included; not certain where holidays are not published yet."""

    first: date
    last: date
    certain: bool = True

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(start: date, rule: ClockRule, calendar: WorkCalendar) -> Window:
    """The window of a notice that is put out on this day."""
    return lasting(start, rule.days, rule, calendar)


def lasting(start: date, days: int, rule: ClockRule, calendar: WorkCalendar) -> Window:
    end: Deadline = calendar.period_end(start, days, mode=rule.mode, include_start=rule.include_start, roll=rule.roll)
    return Window(start, end.day, end.certain)


def counted(first: date, last: date, rule: ClockRule, calendar: WorkCalendar) -> int:
    """How many days that count lie from first to last, both included."""
    if last < first:
        return 0
    if rule.mode == "natural":
        return (last - first).days + 1
    return calendar.count_working_days(first, last)


def left(shown: Window, day: date, rule: ClockRule, calendar: WorkCalendar) -> int:
    """How many counted days are left on this day, the day itself included; all of them before it begins."""
    return counted(max(day, shown.first), shown.last, rule, calendar)


def resumed(shown: Window, stopped: date, day: date, rule: ClockRule, calendar: WorkCalendar) -> Window:
    """The window of a notice stopped on one day that goes on with another: the day it stopped did not count.

    What was left then is left now, one day at least.
    """
    rest = max(counted(max(stopped, shown.first), shown.last, rule, calendar), 1)
    again = lasting(day, rest, rule, calendar)
    return Window(shown.first, max(again.last, shown.last), shown.certain and again.certain)
