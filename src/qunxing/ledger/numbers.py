"""Running numbers within a year."""

from datetime import date

from django.db import models
from django.db.models.functions import Length

from qunxing.ledger.writing import locked_head


def next_number(kind: type[models.Model], letters: str, day: date) -> str:
    """The next free number of the day's year, GS-2026-001; the log's lock keeps two writers from taking the same.

    Call it inside the transaction that saves the row.
    """
    locked_head()
    prefix = f"{letters}-{day.year}-"
    taken = kind._default_manager.filter(number__regex=rf"^{prefix}\d+$").order_by(Length("number").desc(), "-number")
    last = taken.values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:03d}"
