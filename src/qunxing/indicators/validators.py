"""Checks of returns that form, action and import share."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qunxing.directory.models import Organization, Residency
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.models import Return
from qunxing.indicators.models.returns import MONEY

# Where somebody took yuan for thousands, or the other way round, a figure is about so many times the last one.
SLIP_LOW, SLIP_HIGH = Decimal(500), Decimal(2000)


def stays_in(quarter: Quarter) -> Q:
    """Residencies that touch the quarter; of an unknown day of entry nobody can say that it came later."""
    begun = Q(entered_on__isnull=True) | Q(entered_on__lte=quarter.last)
    return begun & (Q(left_on__isnull=True) | Q(left_on__gte=quarter.first))


def problem_of_quarter(organization: Organization, quarter: Quarter, *, today: date) -> str:
    """Why there can be no return of this organisation for this quarter; nothing where there can."""
    if quarter.first > today:
        return _("%(quarter)s has not begun yet.") % {"quarter": quarter}
    if not Residency.objects.filter(stays_in(quarter), organization=organization).exists():
        words = {"organization": organization, "quarter": quarter}
        return _("%(organization)s was not in residence in %(quarter)s. Enter its residency first.") % words
    return ""


def slips(values: dict[str, Any], before: Return | None) -> list[str]:
    """The amounts that are about a thousand times those of the return before, or a thousandth."""
    if before is None:
        return []
    return [name for name in (*MONEY, "two_year_revenue") if is_slip(values.get(name), getattr(before, name))]


def is_slip(now: int | None, then: int | None) -> bool:
    if not now or not then:
        return False
    times = abs(Decimal(now) / Decimal(then))
    return SLIP_LOW <= times <= SLIP_HIGH or 1 / SLIP_HIGH <= times <= 1 / SLIP_LOW
