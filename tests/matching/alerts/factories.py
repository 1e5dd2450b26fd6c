"""Made-up watches."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from qunxing.matching.alerts import actions
from qunxing.matching.alerts.models import Digest, Watch
from qunxing.matching.alerts.running import look_at_all

MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 9)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def watch(user: Any, **values: Any) -> Watch:
    """Watches the offers since Monday, unless told otherwise."""
    plain = {"kind": "list", "name": "", "target": "offers", "query": "", "every": "daily", "day": MONDAY}
    return actions.add_watch(actor=user, **plain | values)


def look(day: date = TUESDAY) -> Any:
    return look_at_all(day, now=at(day))


def digest_of(user: Any) -> Digest:
    return Digest.objects.filter(user=user).latest("pk")
