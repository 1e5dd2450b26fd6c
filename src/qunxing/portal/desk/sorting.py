"""The desk's page: duties in the order in which they press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from qunxing.core.duties import Duty
from qunxing.core.errors import Text

WEEK = 7
PILES = (
    ("late", _("Late"), "bad"),
    ("soon", _("Within a week"), "warn"),
    ("later", _("Later"), "info"),
    ("open", _("Without a day"), "muted"),
)


@dataclass(frozen=True)
class Pile:
    """Duties that press alike."""

    title: Text
    tone: str
    duties: list[Duty]


def piles_of(duties: Sequence[Duty], today: date) -> list[Pile]:
    """Late, within a week, later, without a day; empty ones are left out."""
    found: dict[str, list[Duty]] = {}
    for duty in duties:
        found.setdefault(place_of(duty.days_left(today)), []).append(duty)
    return [Pile(title, tone, found[name]) for name, title, tone in PILES if name in found]


def place_of(left: int | None) -> str:
    if left is None:
        return "open"
    return "late" if left < 0 else "soon" if left <= WEEK else "later"
