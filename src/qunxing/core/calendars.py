"""The working days as this installation knows them."""

from qunxing.core.models import CalendarDay
from qunxing.core.workdays import WorkCalendar


def work_calendar() -> WorkCalendar:
    """The published calendar with the days that staff set by hand."""
    return WorkCalendar(dict(CalendarDay.objects.values_list("day", "working")))
