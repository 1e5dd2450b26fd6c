"""What the reader proposes: plain data."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qunxing.indicators.quantities import Quantity

DAY, MONTH, QUARTER, YEAR = "day", "month", "quarter", "year"
PLANNED, BUILDING = "planned", "building"


@dataclass(frozen=True, slots=True)
class AsOf:
    """The time a figure speaks of, no more exact than it was said."""

    low: date
    high: date
    precision: str = DAY

    def __str__(self) -> str:
        match self.precision:
            case "month":
                return f"{self.low:%Y-%m}"
            case "quarter":
                return f"{self.low:%Y}Q{(self.low.month + 2) // 3}"
            case "year":
                return f"{self.low:%Y}"
            case "day":
                return self.low.isoformat()
            case _:
                return f"{self.low.isoformat()}/{self.high.isoformat()}"


@dataclass(frozen=True, slots=True)
class Found:
    """One figure as it was read; `start` and `end` are places in the text, whose part between them is `phrase`."""

    indicator: str
    subject: str
    quantity: Quantity
    scope: str
    as_of: AsOf | None
    phrase: str
    start: int
    end: int
    approximate: bool = False
    status: str = ""
    note: str = ""
    flags: tuple[str, ...] = field(default=())

    @property
    def code(self) -> str:
        """The indicator's code; what is only planned is told apart in it."""
        planned = self.status == PLANNED and not self.indicator.startswith("planned_")
        return f"planned_{self.indicator}" if planned else self.indicator

    def as_json(self) -> dict[str, Any]:
        """The contract of `claims extract --json`."""
        return {
            "subject": self.subject,
            "indicator": self.code,
            "low": number(self.quantity.low),
            "high": number(self.quantity.high),
            "low_open": self.quantity.low_open,
            "high_open": self.quantity.high_open,
            "unit": self.quantity.unit,
            "scope": self.scope,
            "as_of": str(self.as_of or ""),
            "approximate": self.approximate,
            "phrase": self.phrase,
            "start": self.start,
            "end": self.end,
        }


def number(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
