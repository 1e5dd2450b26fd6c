"""How each column of a file is read: by its heading, as it was read last time, or by what stands in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qunxing.core.reasons import Reason
from qunxing.core.sheets import SheetSpec
from qunxing.intake.headers import Skipped
from qunxing.intake.reading import Cell, Table
from qunxing.intake.sheets.marks import TARGET as REF

NUMBER = "@number"  # the record's own number in the tables of the origin: a `ForeignNumber`
NOTE = "@note"  # kept in the evidence of the record
LEAVE = "@leave"  # left out on purpose
UNKNOWN = ""
BY_NUMBER = "#"  # behind a column that refers to records: the cell holds their numbers in the tables of the origin
MARKS = (REF, NUMBER, NOTE, LEAVE)


class Found(StrEnum):
    """How it is known what a column of the file is."""

    GIVEN = "given"  # somebody said so
    REMEMBERED = "remembered"
    SYNONYM = "synonym"
    CONTENT = "content"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file: `target` is a column of the sheet, one followed by BY_NUMBER, one of MARKS, or UNKNOWN.

    `unit` stands behind its bare numbers; `samples` are a few of its texts, `unread` of `filled` could not be read;
    `proposals` are other targets that what stands in it allows.
    """

    position: int
    printed: str
    target: str = UNKNOWN
    found: Found = Found.NOTHING
    unit: str = ""
    proposals: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    filled: int = 0
    unread: int = 0

    @property
    def column(self) -> str:
        """The name of the sheet's column, "" for a mark or an unknown heading."""
        raise NotImplementedError

    @property
    def by_number(self) -> bool:
        raise NotImplementedError


@dataclass(frozen=True)
class TableMapping:
    """How one table of the file is read; `row` is where its headings stand, 0 where it is not read, for `reason`."""

    sheet: str
    row: int = 0
    headings: tuple[Heading, ...] = ()
    reason: Reason | None = None

    @property
    def unknown(self) -> tuple[Heading, ...]:
        """The headings that a person must settle before anything is applied."""
        raise NotImplementedError

    @property
    def positions(self) -> dict[str, int]:
        """{target: position} of what is read: columns, REF and NUMBER."""
        raise NotImplementedError

    @property
    def missing(self) -> tuple[str, ...]:
        """Required columns (names) that no heading gives; a new record cannot be made without them."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Line:
    """A row that should hold a record: `cells` by the positions of the mapping, `extras` what stands in none of them."""

    sheet: str
    number: int
    cells: Sequence[Cell]
    extras: Mapping[str, str] = field(default_factory=dict)


def propose(spec: SheetSpec, tables: Sequence[Table], *, remembered: Mapping[str, str] = {}) -> list[TableMapping]:  # noqa: B006
    """How each table would be read; `remembered` is `Headings.columns` of the origin, {folded heading: target}."""
    raise NotImplementedError


def settle(spec: SheetSpec, mappings: Sequence[TableMapping], targets: Mapping[str, str]) -> list[TableMapping]:
    """The mappings with what somebody said: {printed heading, or letter of an unprinted one: target}.

    `core.errors.Refused` for a target that there is not, or one given to two columns of a table.
    """
    raise NotImplementedError


def to_remember(mappings: Sequence[TableMapping]) -> dict[str, str]:
    """{folded heading: target} of all that is settled, for `Headings.columns`."""
    raise NotImplementedError


def lines(tables: Sequence[Table], mappings: Sequence[TableMapping]) -> Iterator[Line | Skipped]:
    """Every row of the tables that are read, in order; titles, notes, further headers and sums as skipped, with why."""
    raise NotImplementedError


def to_json(mappings: Sequence[TableMapping]) -> list[Any]:
    """Plain data for `Batch.mapping`."""
    raise NotImplementedError


def from_json(data: Sequence[Any]) -> list[TableMapping]:
    raise NotImplementedError
