"""Made-up quarterly returns for tests."""

from datetime import date
from typing import Any

from qunxing.directory.models import Organization, Residency
from qunxing.indicators.models import Return
from qunxing.ledger.actions import create
from tests import factories as people

FIGURES = {
    "revenue": 3_200_000, "profit": -400_000, "rnd_expense": 900_000, "tax": 120_000, "financing": 0, "staff": 20,
    "staff_doctor": 2, "staff_master": 8, "staff_bachelor": 7, "staff_below": 3, "ip_applied": 2, "ip_granted": 1,
    "ip_held": 9,
}  # fmt: skip


def tenant(scope: Any = None, entered: date | None = date(2023, 10, 1), **values: Any) -> Organization:
    """A firm in residence since the autumn of 2023."""
    firm = people.organization(**values)
    create(Residency(organization=firm, scope=scope or people.scope(), entered_on=entered), actor=None)
    return firm


def return_of(organization: Organization | None = None, state: str = "submitted", **values: Any) -> Return:
    """A return of the first quarter of 2025, with all figures."""
    chosen = {"year": 2025, "quarter": 1, "submitted_on": date(2025, 4, 10)} | FIGURES | values
    return create(Return(organization=organization or tenant(), state=state, **chosen), actor=None)
