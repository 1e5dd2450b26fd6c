"""How each column of a file is read: by its heading, as it was read last time, or by what stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from qunxing.core.errors import Refused
from qunxing.core.reasons import Reason
from qunxing.core.sheets import SheetSpec, Value
from qunxing.core.text import fold_name
from qunxing.intake.sheets.columns import kind_of
from qunxing.intake.sheets.marks import TARGET

REF = TARGET  # the hidden mark by which a row finds its record again
NUMBER = "@number"  # the record's own number in the tables of the origin: a `ForeignNumber`
NOTE = "@note"  # kept in the evidence of the record
LEAVE = "@leave"  # left out on purpose
UNKNOWN = ""
BY_NUMBER = "#"  # behind a column that refers to records: the cell holds their numbers in the tables of the origin
MARKS = (REF, NUMBER, NOTE, LEAVE)
SHARED = (UNKNOWN, NOTE, LEAVE)  # several columns of a table may be these


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

    `unit` stands behind its bare numbers; `samples` are a few of its texts; of those looked at, `filled` held something
    and `unread` of these could not be read; `proposals` are other targets that what stands in it allows.
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
        return "" if self.target in MARKS else self.target.removesuffix(BY_NUMBER)

    @property
    def by_number(self) -> bool:
        return self.target.endswith(BY_NUMBER)

    @property
    def label(self) -> str:
        """The heading as printed, or the letter of its column."""
        return self.printed or get_column_letter(self.position + 1)


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
        return tuple(heading for heading in self.headings if heading.target == UNKNOWN)

    @property
    def positions(self) -> dict[str, int]:
        """{target: position} of what is read: columns, REF and NUMBER."""
        return {one.target: one.position for one in self.headings if one.target not in SHARED}

    def missing(self, spec: SheetSpec) -> tuple[str, ...]:
        """Names of the required columns that no heading gives; no record is added without them."""
        given = {heading.column for heading in self.headings}
        return tuple(column.name for column in spec.columns if column.required and column.name not in given)


def targets_of(spec: SheetSpec) -> tuple[str, ...]:
    """Everything that a column of a file can be: columns, references by number, marks."""
    names = [column.name for column in spec.columns]
    numbered = [f"{one.name}{BY_NUMBER}" for one in spec.columns if kind_of(spec, one) is Value.REFERENCE]
    return (*names, *numbered, *MARKS)


def settle(spec: SheetSpec, mappings: Sequence[TableMapping], targets: Mapping[str, str]) -> list[TableMapping]:
    """The mappings with what somebody said: {printed heading, or letter of an unprinted one: target}.

    `core.errors.Refused` for a target that there is not, or one given to two columns of a table.
    """
    allowed = {*targets_of(spec), UNKNOWN}
    given = {fold_name(heading): target for heading, target in targets.items()}
    for heading, target in targets.items():
        if target not in allowed:
            raise Refused(_("“%(heading)s”: there is no column “%(target)s”.") % {"heading": heading, "target": target})
    _check_headings(mappings, targets)
    return [_settled(mapping, given) for mapping in mappings]


def _check_headings(mappings: Sequence[TableMapping], targets: Mapping[str, str]) -> None:
    known = {fold_name(one.label) for mapping in mappings for one in mapping.headings}
    for heading in targets:
        if fold_name(heading) not in known:
            raise Refused(_("No column of the file is headed “%(heading)s”.") % {"heading": heading})


def _settled(mapping: TableMapping, given: Mapping[str, str]) -> TableMapping:
    """What was said counts; a heading that was read so before gives way and is unknown again."""
    headings, taken = [], set(given.values()) - {*SHARED}
    said: set[str] = set()
    for one in mapping.headings:
        target = given.get(fold_name(one.label))
        if target is None:
            headings.append(replace(one, target=UNKNOWN, found=Found.NOTHING) if one.target in taken else one)
            continue
        if target in said:
            raise Refused(_("Two columns are given as “%(target)s”; one of them must be another.") % {"target": target})
        said |= {target} - {*SHARED}
        headings.append(one if target == one.target else replace(one, target=target, found=Found.GIVEN, unread=0))
    return replace(mapping, headings=tuple(headings))


def to_remember(mappings: Sequence[TableMapping]) -> dict[str, str]:
    """{folded heading: target} of all that is settled, for `Headings.columns`."""
    return {
        key: one.target
        for mapping in mappings
        for one in mapping.headings
        if one.target != UNKNOWN and (key := fold_name(one.printed))
    }


def to_json(mappings: Sequence[TableMapping]) -> list[Any]:
    """Plain data for `Batch.mapping`."""
    return [
        {
            "sheet": one.sheet,
            "row": one.row,
            "headings": [asdict(heading) for heading in one.headings],
            "reason": one.reason.to_json() if one.reason else None,
        }
        for one in mappings
    ]


def from_json(data: Sequence[Any]) -> list[TableMapping]:
    return [
        TableMapping(
            one["sheet"],
            one["row"],
            tuple(_heading(heading) for heading in one["headings"]),
            Reason.from_json(one["reason"]) if one["reason"] else None,
        )
        for one in data
    ]


def _heading(data: Mapping[str, Any]) -> Heading:
    lists = {name: tuple(data[name]) for name in ("proposals", "samples")}
    return Heading(**{**data, **lists, "found": Found(data["found"])})
