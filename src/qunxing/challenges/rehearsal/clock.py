"""The time of a rehearsal: it moves when the story says so, and the whole program lives by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

STEP = timedelta(seconds=7)


class StoryClock:
    """The moment of the story."""

    def __init__(self, day: date) -> None:
        self.at = morning(day)

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    def tick(self) -> datetime:
        self.at += STEP
        return self.at

    def wait(self, **much: float) -> datetime:
        self.at += timedelta(**much)
        return self.at

    def to(self, moment: datetime) -> datetime:
        """Go on to the moment; a moment that has passed is let be."""
        self.at = max(self.at, moment)
        return self.at

    def to_day(self, day: date) -> datetime:
        return self.to(morning(day))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let `timezone.now` say the moment of the story."""
        with patch.object(timezone, "now", lambda: self.at.astimezone(UTC)):
            yield

    @contextmanager
    def set_back(self, **much: float) -> Iterator[None]:
        """Let the machine's clock go wrong for a while."""
        kept = self.at
        self.at -= timedelta(**much)
        try:
            yield
        finally:
            self.at = kept


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
