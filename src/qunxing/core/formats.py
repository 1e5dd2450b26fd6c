"""Values as a person reads them, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qunxing.core.errors import Text

NOTHING = "—"


def show_day(value: Any) -> str:
    """2025年5月7日 in Chinese, 2025-05-07 otherwise; a dash for none."""
    found = as_day(value)
    if found is None:
        return NOTHING
    if (get_language() or "").startswith("zh"):
        return f"{found.year}年{found.month}月{found.day}日"
    return found.isoformat()


def show_isoday(value: Any) -> str:
    """2025-05-07 in every language, for days that stand below each other; a dash for none."""
    found = as_day(value)
    return NOTHING if found is None else found.isoformat()


def show_moment(value: Any) -> str:
    """Day and time to the minute, in the local time zone."""
    if not isinstance(value, datetime):
        return show_isoday(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


def as_day(value: Any) -> date | None:
    """The day of a moment (local), a day, or an ISO text; None for anything else."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def show_number(value: Any) -> str:
    """A number with its thousands set apart in every language; any other text as it is, a dash for none."""
    if is_missing(value):
        return NOTHING
    return f"{value:,}" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else str(value)


def show_percent(value: Any, digits: int = 0) -> str:
    """A share from 0 to 1 as 61%; a dash for none."""
    return NOTHING if is_missing(value) else f"{Decimal(str(value)) * 100:.{digits}f}%"


def show_codes(values: Iterable[str] | None, labels: Mapping[str, Text] | None = None) -> str:
    """Codes joined for reading, each by its label where there is one; a dash for none."""
    known = labels or {}
    return _("; ").join(str(known.get(value, value)) for value in values or ()) or NOTHING


def is_missing(value: Any) -> bool:
    """Nothing to show; a zero and a no are something."""
    return value is None or value in ("", (), [])


def show_days_left(days: int) -> str:
    """How far off a day is, in words; late where the number is negative."""
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days} if days else _("today")
