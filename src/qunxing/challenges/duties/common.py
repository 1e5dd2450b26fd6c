"""What the duties of a contest have in common."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qunxing.challenges.rules.subjects import WRITERS
from qunxing.directory.rules import roles_of


def writes_for_any(user: Any) -> list[int]:
    """Keys of the organisations whose owner or editor the user is."""
    return sorted(key for key, role in roles_of(user).items() if role in WRITERS)


def day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()
