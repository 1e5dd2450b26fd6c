"""What waits for somebody: returns to be filed by the firm and accepted by staff, reports to be issued."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import staff
from qunxing.core.duties import Duty, duty_of
from qunxing.indicators.engine.quarters import last_ended
from qunxing.indicators.models import Report, Return
from qunxing.indicators.models.returns import edited_organizations
from qunxing.indicators.queries.returns.filing import bound_to_file, terms
from qunxing.indicators.states.reports import ReportState
from qunxing.indicators.states.returns import ReturnState


def returns_to_file(user: Any, today: date) -> Iterator[Duty]:
    """The return of the last quarter, of each organisation for which the user writes."""
    quarter = last_ended(today)
    own = edited_organizations(user)
    begun = Return.objects.filter(organization__in=own, year=quarter.year, quarter=quarter.number)
    filed = begun.values("organization")
    due, title = quarter.due(terms().due_day), format_lazy(_("File the quarterly return {quarter}"), quarter=quarter)
    for row in begun.filter(state=ReturnState.DRAFT).select_related("organization").order_by("pk"):
        yield duty_of(row, "submit", title, row.organization, due=due)
    for firm in bound_to_file(user, quarter).filter(pk__in=own).exclude(pk__in=filed):
        url = f"{reverse('indicators:return-create')}?organization={firm.ref}&quarter={quarter}"
        yield duty_of(firm, f"return-{quarter}", title, firm, due=due, url=url)


def returns_to_mend(user: Any, _today: date) -> Iterator[Duty]:
    """Returns that were sent back, of whatever quarter."""
    rows = Return.objects.filter(organization__in=edited_organizations(user), state=ReturnState.RETURNED)
    for row in rows.select_related("organization").order_by("pk"):
        yield duty_of(row, "mend", _("Mend the quarterly return that was sent back"), row)


def returns_to_accept(user: Any, _today: date) -> Iterator[Duty]:
    rows = Return.objects.filter(state=ReturnState.SUBMITTED).select_related("organization").order_by("pk")
    for row in rows if staff(user) else ():
        yield duty_of(row, "accept", _("Accept the quarterly return or send it back"), row)


def reports_to_issue(user: Any, _today: date) -> Iterator[Duty]:
    """Drafts that were made by themselves, and reissues."""
    rows = Report.objects.filter(state=ReportState.DRAFT).exclude(due_for="", replaces=None)
    for row in rows.select_related("template").order_by("as_of", "pk") if staff(user) else ():
        title = _("Issue the report") if row.replaces_id is None else _("Issue the reissue, or drop it")
        yield duty_of(row, "issue", title, row, due=row.due)


DUTIES = (returns_to_file, returns_to_mend, returns_to_accept, reports_to_issue)
