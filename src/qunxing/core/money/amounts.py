"""What an amount is: a range of whole units of one currency, never a guessed point."""

from dataclasses import dataclass, field
from typing import Final

from qunxing.core.reasons import Unreadable

LARGEST: Final = 10**17

# Each currency by its ISO code: its name in Chinese, then how else it is written (folded: lower case, half width).
CURRENCIES: Final[dict[str, tuple[str, ...]]] = {
    "CNY": ("元", "人民币", "rmb", "cny", "cn¥", "¥", "renminbi", "yuan"),
    "USD": ("美元", "美金", "usd", "us$", "$"),
    "HKD": ("港元", "港币", "港圆", "hkd", "hk$"),
    "EUR": ("欧元", "eur", "euros", "euro", "€"),
    "GBP": ("英镑", "gbp", "£"),
    "JPY": ("日元", "日圆", "日币", "円", "jpy", "jp¥"),
    "SGD": ("新加坡元", "新币", "新元", "坡币", "sgd", "s$"),
    "TWD": ("新台币", "台币", "twd", "nt$"),
    "KRW": ("韩元", "韩圆", "krw", "₩"),
    "CHF": ("瑞士法郎", "瑞郎", "chf"),
    "AUD": ("澳元", "澳大利亚元", "澳币", "aud", "a$"),
    "CAD": ("加元", "加拿大元", "加币", "cad", "c$"),
    "MOP": ("澳门元", "澳门币", "mop", "mop$"),
}


class MoneyError(Unreadable):
    """Text that cannot be read as an amount of money."""


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """From `low` to `high` in whole units of `currency`; None where no end was told, an open end is not itself meant.

    Both ends the same: that amount, or when both are open, about that amount. `text` is what was written.
    """

    low: int | None
    high: int | None
    currency: str = "CNY"
    low_open: bool = False
    high_open: bool = False
    text: str = field(default="", compare=False)

    @property
    def undisclosed(self) -> bool:
        return self.low is None and self.high is None

    @property
    def about(self) -> bool:
        return self.low is not None and self.low == self.high and self.low_open and self.high_open

    @property
    def amount(self) -> int | None:
        """The one amount that was told, None for a range, an about or nothing."""
        return self.low if self.low == self.high and not self.low_open else None
