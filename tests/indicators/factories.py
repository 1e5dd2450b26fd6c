"""Made-up claims."""

from datetime import date
from decimal import Decimal
from typing import Any

from qunxing.indicators.models import Claim
from qunxing.ledger.actions import create
from tests import factories


def claim(**values: Any) -> Claim:
    """A claim of over 100 firms in residence, in a scope in words unless one is given."""
    values = {
        "indicator": "resident_firms",
        "subject": "模速空间",
        "as_of_low": date(2025, 4, 29),
        "value_low": Decimal(100),
        "low_open": True,
        "unit": "家",
        "wording": "已入駐企業100餘家",
    } | values
    if "scope" not in values:
        values.setdefault("scope_text", "空间")
    origin = values.pop("origin", None) or factories.source()
    return create(Claim(origin=origin, **values), actor=None, source=origin)
