"""Money in whole yuan: amounts as people write them, read as ranges and shown as the reader needs."""

from qunxing.core.bounds import parse_bounds
from qunxing.core.money.amounts import CURRENCIES, MoneyError, MoneyRange
from qunxing.core.money.reading import parse_money
from qunxing.core.money.showing import STYLES, show_money, show_range

__all__ = [
    "CURRENCIES",
    "STYLES",
    "MoneyError",
    "MoneyRange",
    "parse_bounds",
    "parse_money",
    "show_money",
    "show_range",
]
