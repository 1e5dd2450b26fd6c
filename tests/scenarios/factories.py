"""Made-up scenarios, whole enough to be submitted, at any point of their life."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import create
from qunxing.scenarios import actions
from qunxing.scenarios.actions import IndicatorRow
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import NOT_YET_PUBLISHED, State
from tests import factories

DAY = date(2026, 3, 2)
numbers = count(1)
ACCURACY = {
    "name": "识别准确率",
    "operator": "ge",
    "target": Decimal(95),
    "target_high": None,
    "unit": "%",
    "tested_how": "抽检1000例",
}


def whole(**values: Any) -> dict[str, Any]:
    """The fields of a scenario that lacks nothing."""
    return {
        "title": f"门诊病历质控{next(numbers)}",
        "problem": "病历书写不规范，质控靠人工抽查。",
        "fields": ("medical",),
        "tasks": ("medicine",),
        "budget_low": 3_000_000,
        "budget_high": 5_000_000,
        "apply_by": date(2026, 6, 30),
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2027, 6, 30),
        "contact_name": "李明华",
        "contact_phone": "13812345678",
        "contact_email": "li@example.org",
    } | values


def medical_field() -> None:
    """The technical field of the made-up scenarios."""
    if not TechnicalField.objects.filter(code="medical").exists():
        create(TechnicalField(code="medical", name_zh="医疗", name_en="Medicine"), actor=None)


def scenario(state: str = State.DRAFT, **values: Any) -> Scenario:
    """A whole scenario with one core indicator, in that state."""
    if state != State.DRAFT:
        values = {"number": f"CJ-2025-{next(numbers):03d}"} | values
    if state not in NOT_YET_PUBLISHED:
        values = {"published_on": date(2026, 1, 5)} | values
    medical_field()
    owner = values.pop("organization", None) or factories.organization(
        name=f"示例医院{next(numbers)}", roles=("demand_owner",)
    )
    made = Scenario(organization=owner, state=state, **whole(**values))
    return actions.create_scenario(made, actor=None, rows=[IndicatorRow(ACCURACY)])


def bare(**values: Any) -> Scenario:
    """A draft that holds nothing but its title."""
    owner = values.pop("organization", None) or factories.organization(roles=("demand_owner",))
    return create(Scenario(organization=owner, **{"title": "草稿"} | values), actor=None)
