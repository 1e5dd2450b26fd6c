"""Made-up funds and rounds."""

from itertools import count
from typing import Any

from qunxing.core.money import MoneyRange
from qunxing.directory.models import Organization
from qunxing.funds.models import Commitment, Fund, Investment, Round, Stage
from qunxing.ledger.actions import create
from tests import factories

numbers = count(1)
YI = 10**8


def yuan(low: int | None, high: int | None = None, currency: str = "CNY", **more: Any) -> MoneyRange:
    """An amount in 亿; one number for an exact one."""
    low_end = None if low is None else low * YI
    high_end = low_end if high is None else high * YI
    return MoneyRange(low_end, high_end, currency, **more)


def fund(size: MoneyRange | None = None, **values: Any) -> Fund:
    made = Fund(**{"name": f"测试基金{next(numbers)}号", "level": "market"} | values)
    if size is not None:
        made.size = size
    return create(made, actor=None)


def stage(code: str = "a") -> Stage:
    found = Stage.objects.filter(code=code).first()
    return found or create(Stage(code=code, name_zh=f"{code.upper()}轮", name_en=f"Series {code.upper()}"), actor=None)


def round_of(firm: Organization | None = None, amount: MoneyRange | None = None, **values: Any) -> Round:
    made = Round(organization=firm or factories.organization(), **{"stage": stage(), **values})
    if amount is not None:
        made.amount = amount
    return create(made, actor=None)


def investment(of: Round | None = None, **values: Any) -> Investment:
    return create(Investment(round=of or round_of(), **(values or {"investor_name": "某基金"})), actor=None)


def commitment(to: Fund | None = None, **values: Any) -> Commitment:
    return create(Commitment(fund=to or fund(), **(values or {"investor_name": "某出资人"})), actor=None)
