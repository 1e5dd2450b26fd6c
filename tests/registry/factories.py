"""Made-up models and filings."""

from datetime import date
from itertools import count
from typing import Any

from qunxing.ledger.actions import create
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, ModelVersion, Ownership
from tests import factories

numbers = count(1)
DAY = date(2025, 5, 7)


def model(*owners: Any, **values: Any) -> AIModel:
    made = create(AIModel(**{"name": f"测试模型{next(numbers)}"} | values), actor=None)
    for owner in owners or [factories.organization()]:
        ownership(made, owner)
    return made


def ownership(owned: AIModel, owner: Any, **values: Any) -> Ownership:
    return create(Ownership(model=owned, organization=owner, **values), actor=None)


def version(of: AIModel, **values: Any) -> ModelVersion:
    return create(ModelVersion(model=of, **{"version": f"{next(numbers)}.0"} | values), actor=None)


def filing(state: str = "granted", **values: Any) -> Filing:
    """A filing; published ones have a number and a day."""
    serial = next(numbers)
    published = {"number": number(serial, values.get("kind", "filed")), "granted_on": DAY}
    values = {
        "kind": "filed",
        "name": f"测试备案{serial}",
        "state": state,
        **(published if state in {"granted", "changed", "withdrawn", "revoked"} else {}),
        **values,
    }
    firm = values.pop("organization", None) or factories.organization()
    return create(Filing(organization=firm, **values), actor=None)


def number(serial: int, kind: str = "filed") -> str:
    if kind == "algorithm":
        return f"网信算备310104{serial:07d}01230011号"
    return f"Shanghai-CeShi{serial}-20230821" + ("S0001" if kind == "registered" else "")


def coverage(by: Filing, of: AIModel, **values: Any) -> Coverage:
    return create(Coverage(filing=by, model=of, **values), actor=None)


def step(of: Filing, state: str, day: date = DAY, **values: Any) -> FilingStep:
    return create(FilingStep(filing=of, state=state, day=day, **values), actor=None)
