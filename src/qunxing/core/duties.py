"""What waits for somebody: each app declares it in a `duties.py` of its own, the desk above collects it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qunxing.core.errors import Text
from qunxing.core.specs import declared


@dataclass(frozen=True)
class Duty:
    """One thing that one person has to see to.

    `key` is the same on every day for the same thing; `title` says what to do and `about` on what; `due` is the last
    day, `at` the last moment where a moment counts.
    """

    key: str
    title: Text
    about: str
    url: str
    due: date | None = None
    at: datetime | None = None
    demo: bool = False

    def days_left(self, today: date) -> int | None:
        """Calendar days until the last one, negative when it has passed."""
        return None if self.due is None else (self.due - today).days


def duty_of(row: Any, step: str, title: Text, about: Any, **more: Any) -> Duty:
    """What is to be done with a record; `step` tells apart what there is to do with the same one."""
    url = more.pop("url", "") or row.get_absolute_url()
    return Duty(f"{row.kind_code()}:{row.ref}:{step}", title, str(about), url, demo=row.demo, **more)


# What an app declares in its DUTIES: (user, day) -> what waits for them.
Duties = Callable[[Any, date], Iterable[Duty]]


def duties_of(user: Any, today: date) -> list[Duty]:
    """What waits for the user, the most pressing first, what has no day last."""
    found = [duty for ask in declared("duties", "DUTIES") for duty in ask(user, today)]
    return sorted(found, key=lambda duty: (duty.due is None, duty.due or today, duty.key))
