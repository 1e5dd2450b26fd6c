"""Writes of quarterly returns that are more than a change of fields."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.accounts.models import User
from qunxing.challenges.telling import tell_users
from qunxing.core.errors import Problem, Text
from qunxing.core.states import advance
from qunxing.directory.models import Membership, Organization
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.engine.suppression.money import FEWEST
from qunxing.indicators.models import QuarterTotals, Return
from qunxing.indicators.queries.returns.filing import REMINDED, Lacking
from qunxing.indicators.queries.returns.totals import (
    counted_then,
    filed,
    label_of,
    too_close,
    totals_to_publish,
)
from qunxing.indicators.states.returns import RETURN, ReturnState
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Visibility
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import Entry, note, recording

WRITERS = (Membership.Role.OWNER, Membership.Role.EDITOR)


def move(row: Return, step: str, *, actor: Any, now: datetime, reason: str = "") -> Return:
    """Take the return a step on; what is submitted is whole, and of a quarter that is over."""
    reason = reason_for(RETURN.named(step), reason)
    day, values = timezone.localdate(now), {}
    if step == "submit":
        check_whole(row, ended=row.period.last < day)
        values = {"submitted_on": day}
    with recording(actor=actor, reason=reason):
        advance(row, step, actor=actor, machine=RETURN, **values)
        if row.state == ReturnState.RETURNED:
            heading = _("Sent back: the return of %(organization)s for %(quarter)s")
            words = {"organization": row.organization, "quarter": row.period}
            tell_users(writers_of(row.organization), heading % words, code="returns", keys=[row.pk], at=now)
    return row


def check_whole(row: Return, *, ended: bool) -> None:
    """Problem where a return cannot be submitted yet."""
    if not ended:
        words = {"quarter": row.period}
        raise Problem(_("%(quarter)s is not over yet.") % words, _("Submit the return when it is."), 422)
    if row.lacking:
        names = "、".join(str(label_of(name)) for name in row.lacking)
        raise Problem(_("Not told yet: %(names)s.") % {"names": names}, _("Enter a zero where there is nothing."), 422)


def writers_of(organization: Organization) -> list[User]:
    """Who edits for the organisation."""
    rows = User.objects.filter(memberships__organization=organization, memberships__role__in=WRITERS, is_active=True)
    return list(rows.distinct().order_by("pk"))


def remind(lacking: Iterable[Lacking], quarter: Quarter, *, actor: Any, now: datetime) -> tuple[int, int]:
    """Remind whoever edits for these firms, each once a day: (firms reminded, firms for which nobody edits)."""
    told = silent = 0
    with recording(actor=actor):
        for item in lacking:
            users = writers_of(item.organization)
            silent += not users
            if users and item.reminded_on != timezone.localdate(now):
                remind_one(item.organization, users, quarter, now=now)
                told += 1
    return told, silent


def remind_one(organization: Organization, users: Sequence[User], quarter: Quarter, *, now: datetime) -> None:
    words = {"quarter": quarter, "organization": organization}
    heading: Text = _("Please file the quarterly return %(quarter)s of %(organization)s") % words
    tell_users(users, heading, code="organizations", keys=[organization.pk], at=now)
    note(Entry(REMINDED, organization.kind_code(), organization.ref, {"quarter": str(quarter)}))


def publish(quarter: Quarter, *, actor: Any, now: datetime) -> QuarterTotals:
    """Publish the totals of accepted returns; Problem where they, or what changed since, would tell of few firms."""
    rows = filed(actor, quarter, [ReturnState.ACCEPTED])
    if len(rows) < FEWEST:
        raise Problem(TOO_FEW, _("Accept more returns first."), 422)
    values = {
        "day": timezone.localdate(now),
        "firms": len(rows),
        "totals": totals_to_publish(rows),
        "basis": {row.ref: row.revision for row in rows},
    }
    stored: QuarterTotals | None = QuarterTotals.objects.filter(year=quarter.year, quarter=quarter.number).first()
    if stored is None:
        made = QuarterTotals(year=quarter.year, quarter=quarter.number, visibility=Visibility.COMMUNITY, **values)
        return create(made, actor=actor)
    if too_close(rows, counted_then(stored)):
        raise Problem(TOO_CLOSE, _("Publish again when more has changed."), 422)
    return change(stored, actor=actor, values=values)


TOO_FEW = gettext_lazy("The totals of fewer than three firms are not published: they would tell each of the others.")
TOO_CLOSE = gettext_lazy(
    "Too little has changed since the last publication: the difference would tell the figures of single firms."
)
