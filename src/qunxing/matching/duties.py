"""Invitations that wait: for the invited firm to answer, and past their day for staff to ask again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import staff
from qunxing.core.duties import Duty
from qunxing.directory.models import member_organizations
from qunxing.matching.funnel import silent_invitations, with_due
from qunxing.matching.models import Invitation
from qunxing.matching.states import State


def invitations_to_answer(user: Any, _today: date) -> Iterator[Duty]:
    rows = Invitation.objects.filter(organization__in=member_organizations(user), state=State.INVITED)
    for row, due in with_due(rows.select_related("scenario").order_by("pk")):
        yield duty(row, _("Answer the invitation"), row.scenario.title, due)


def silent_firms(user: Any, today: date) -> Iterator[Duty]:
    for one in silent_invitations(user, today) if staff(user) else []:
        yield duty(one.invitation, _("Ask the silent firm again"), one.invitation.organization.name, one.due)


def duty(row: Invitation, title: Any, about: str, due: date) -> Duty:
    return Duty(f"matching.invitation:{row.ref}", title, about, row.get_absolute_url(), due, demo=row.demo)


DUTIES = (invitations_to_answer, silent_firms)
