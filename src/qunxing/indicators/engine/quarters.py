"""Quarters of the year, and the day by which a firm files its return for one."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

WRITTEN = re.compile(r"(\d{4})[Qq]([1-4])")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a year; its code is 2025Q1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The quarter that is written as 2025Q1; None for anything else."""
        found = WRITTEN.fullmatch(text.strip())
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        month = self.number * 3
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def place(self) -> int:
        """Quarters counted through the years, so that they can be subtracted."""
        return self.year * 4 + self.number - 1

    def before(self, quarters: int = 1) -> Self:
        year, rest = divmod(self.place - quarters, 4)
        return type(self)(year, rest + 1)

    def due(self, day: int) -> date:
        """This day of the month after it ended."""
        following = self.before(-1).first
        return following.replace(day=min(day, monthrange(following.year, following.month)[1]))


def last_ended(day: date) -> Quarter:
    """The last quarter that is over on the day."""
    return Quarter.of(day).before()


def months_between(first: date, last: date) -> int:
    """Whole months from a day to another."""
    months = (last.year - first.year) * 12 + last.month - first.month
    whole = last.day >= first.day or last.day == monthrange(last.year, last.month)[1]
    return months if whole else months - 1
