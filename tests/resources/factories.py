"""Made-up offers."""

from itertools import count
from typing import Any

from qunxing.ledger.actions import create
from qunxing.resources.models import Offer
from tests import factories

numbers = count(1)


def offer(**values: Any) -> Offer:
    values = {"title": f"测试资源{next(numbers)}", "kind": "compute"} | values
    return create(Offer(**{"provider": values.pop("provider", None) or factories.organization(), **values}), actor=None)
