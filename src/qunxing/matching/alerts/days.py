"""On which days a watch is looked at; the day comes from outside."""

from datetime import date

from qunxing.core.workdays import WorkCalendar
from qunxing.matching.alerts.models import Every


def is_due(every: str, looked_on: date, day: date, calendar: WorkCalendar) -> bool:
    """Daily: each working day once. Weekly: the first working day of a week, or the next when that was missed."""
    if day <= looked_on or not calendar.is_working_day(day):
        return False
    return every == Every.DAILY or day.isocalendar()[:2] != looked_on.isocalendar()[:2]
