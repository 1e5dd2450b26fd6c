"""How each column of a file is read, and its rows by that: what the planning and the pages ask for."""

from qunxing.intake.sheets.lines import Line, lines
from qunxing.intake.sheets.mapping import (
    BY_NUMBER,
    LEAVE,
    MARKS,
    NOTE,
    NUMBER,
    REF,
    UNKNOWN,
    Found,
    Heading,
    TableMapping,
    from_json,
    settle,
    targets_of,
    to_json,
    to_remember,
)
from qunxing.intake.sheets.proposing import propose

__all__ = [
    "BY_NUMBER",
    "LEAVE",
    "MARKS",
    "NOTE",
    "NUMBER",
    "REF",
    "UNKNOWN",
    "Found",
    "Heading",
    "Line",
    "TableMapping",
    "from_json",
    "lines",
    "propose",
    "settle",
    "targets_of",
    "to_json",
    "to_remember",
]
