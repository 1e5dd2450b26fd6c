"""What the cells of a column say: from a cell to a value, from a value to the text that a workbook shows.

The values of each kind, None or empty where the cell is:
  text, code: str; number, yuan: int; decimal: Decimal; money: MoneyRange; day: ParsedDay; yes: bool;
  choice: the code; codes: a sorted tuple of codes;
  reference: the text as it stands, to be found by the sheet it refers to;
  parts: a tuple of such texts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.intake.reading import Cell

Reader = Callable[[Cell], Any]


def kind_of(spec: SheetSpec, column: SheetColumn) -> Value:
    """What the cells of the column hold, as declared or as its field tells."""
    raise NotImplementedError


def heading_of(spec: SheetSpec, column: SheetColumn) -> str:
    """The heading in the reader's language, as declared or the label of its field."""
    raise NotImplementedError


def options_of(spec: SheetSpec, column: SheetColumn) -> dict[str, tuple[str, ...]]:
    """{code: its label in the reader's language, then its other words} of a choice, of codes and of yes or no."""
    raise NotImplementedError


def reader_of(spec: SheetSpec, column: SheetColumn, unit: str = "") -> Reader:
    """What turns a cell into a value, remembering what it read; `unit` stands behind bare numbers (万元, 千美元).

    The reader raises `core.reasons.Unreadable`, whose reason says what was found and what is expected.
    """
    raise NotImplementedError


def text_of(spec: SheetSpec, column: SheetColumn, value: Any) -> str:
    """The value as a workbook shows it in the reader's language; reading the text gives the same value."""
    raise NotImplementedError


def value_of(spec: SheetSpec, column: SheetColumn, record: Any) -> Any:
    """The stored value of the column; the key of a record referred to, and nothing of parts."""
    raise NotImplementedError


def fields_of(spec: SheetSpec, column: SheetColumn, value: Any) -> dict[str, Any]:
    """{attribute of the record: what it takes} for a value; for a reference give the key, parts have none."""
    raise NotImplementedError


def to_json(value: Any) -> Any:
    """A value as plain data; `from_json` reads it back."""
    raise NotImplementedError


def from_json(kind: Value, data: Any) -> Any:
    raise NotImplementedError


def names_of(spec: SheetSpec) -> Mapping[str, str]:
    """{folded heading: column name} over labels in both languages, synonyms and names of columns."""
    raise NotImplementedError
