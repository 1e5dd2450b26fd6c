"""What reading a file gives: tables of raw rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from qunxing.core.reasons import Reason

Cell = str | float | int | bool | date | datetime | time | timedelta


class Format(StrEnum):
    """What the bytes are, whatever the file is called."""

    CSV = "csv"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row that holds something; cells as the file has them, an empty one is "", those at the end are left off."""

    sheet: str
    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet or one csv file; `rows()` reads it anew each time, in order, blank rows left out (the numbers tell)."""

    sheet: str
    format: Format
    open: Callable[[], Iterator[RawRow]] = field(repr=False, compare=False)
    encoding: str = ""
    delimiter: str = ""
    hidden: bool = False
    notes: tuple[Reason, ...] = ()

    def rows(self) -> Iterator[RawRow]:
        return self.open()
