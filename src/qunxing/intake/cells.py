"""A cell as text, the way its reader sees it in the spreadsheet."""

import re
from datetime import datetime, time

from qunxing.intake.reading import Cell

EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number; what is larger was rounded
ROUNDED_TEXT = re.compile(r"\d(?:\.\d+)?[eE]\+(?:1[5-9]|[2-9]\d)")


def as_text(cell: Cell) -> str:
    """Without spaces around or zero bytes inside; whole numbers without a fraction, days as 2023-08-31."""
    if isinstance(cell, str):
        return cell.replace("\0", "").strip()  # no database takes a zero byte
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return str(cell)


def has_lost_digits(cell: Cell) -> bool:
    """Whether a long code was stored as a number, so that its last digits are gone for good."""
    if isinstance(cell, str):
        return bool(ROUNDED_TEXT.fullmatch(cell.strip()))
    return isinstance(cell, float) and abs(cell) >= EXACT
