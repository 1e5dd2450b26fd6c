"""Scenarios that wait for somebody: to be appraised by staff, to be mended by their owner."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import staff
from qunxing.core.duties import Duty
from qunxing.directory.models import member_organizations
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import State


def scenarios_waiting(user: Any, _today: date) -> Iterator[Duty]:
    rows, title = Scenario.objects.filter(state=State.RETURNED, organization__in=member_organizations(user)), RETURNED
    if staff(user):
        rows, title = Scenario.objects.filter(state__in=[State.SUBMITTED, State.IN_APPRAISAL]), SUBMITTED
    for row in rows.order_by("pk"):
        key = f"scenarios.scenario:{row.ref}:{row.state}"
        yield Duty(key, title, row.title, row.get_absolute_url(), demo=row.demo)


RETURNED, SUBMITTED = _("Mend the returned scenario"), _("Appraise the scenario")
DUTIES = (scenarios_waiting,)
