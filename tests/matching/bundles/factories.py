"""Made-up markets: firms that answer a scenario, and what there is beside them."""

from datetime import date
from typing import Any

from qunxing.ledger.actions import create
from qunxing.matching.models import Supply
from qunxing.resources.models import Voucher
from tests import factories as people
from tests.registry import factories as registry
from tests.resources.factories import offer
from tests.scenarios.factories import medical_field, scenario

DAY = date(2026, 3, 2)


def need(**values: Any) -> Any:
    """A published scenario about medical records."""
    plain = {"title": "门诊病历语音录入", "problem": "医生口述，自动生成病历草稿。", "division": "310104"}
    return scenario("published", **plain | values)


def firm(name: str = "听写科技有限公司", **values: Any) -> Any:
    """A firm that answers it."""
    medical_field()
    plain = {"description": "门诊病历语音录入与病历草稿生成。", "fields": ("medical",), "division": "310104"}
    return people.organization(name=name, **plain | values)


def filed_firm(name: str = "已备案科技有限公司", **values: Any) -> Any:
    made = firm(name, **values)
    registry.filing("granted", kind="filed", organization=made, name=f"{name}大模型")
    return made


def compute(title: str = "国产加速卡整机", **values: Any) -> Any:
    return offer(**{"title": title, "kind": "compute", "region": "310104"} | values)


def voucher(**values: Any) -> Voucher:
    policy = values.pop("offer", None) or offer(title="算力券申领", kind="policy", region="310104")
    return create(Voucher(**{"offer": policy, "percent": 30, "cap": 500_000} | values), actor=None)


def supply(of: Any, **values: Any) -> Supply:
    made = create(Supply(scenario=of, **values), actor=None)
    of.refresh_from_db()
    return made
