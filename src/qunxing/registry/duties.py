"""What the law asks for with a last day: filing in time, changing, cancelling, showing the number."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from qunxing.core.duties import Duty
from qunxing.registry.queries.due import due_items


def filings_due(user: Any, today: date) -> Iterator[Duty]:
    for item in due_items(user, today):
        key = f"registry.filing:{item.filing.ref}:{item.due.duty}"
        yield Duty(key, item.due.duty.label, item.filing.name, item.url, item.day, demo=item.filing.demo)


DUTIES = (filings_due,)
