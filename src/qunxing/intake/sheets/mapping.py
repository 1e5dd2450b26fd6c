"""How each column of a file is read: by its heading, as it was read last time, or by what stands in it."""

from collections.abc import Collection, Mapping, Sequence
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
    def letter(self) -> str:
        return str(get_column_letter(self.position + 1))

    @property
    def label(self) -> str:
        """The heading as printed, or the letter of its column."""
        return self.printed or self.letter


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

    def address(self, heading: Heading) -> str:
        """What no other column of the file is called: ``Sheet1!C``."""
        return f"{self.sheet}!{heading.letter}"

    def stands_alone(self, heading: Heading) -> bool:
        """Whether no other column of the table has this heading."""
        return sum(fold_name(one.label) == fold_name(heading.label) for one in self.headings) == 1

    def names(self, heading: Heading) -> tuple[str, str]:
        """What somebody may call the column: its address, or its heading, or its letter where others are headed so."""
        return self.address(heading), heading.label if self.stands_alone(heading) else heading.letter

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
    """The mappings with what somebody said: {printed heading, letter, or sheet!letter: target}.

    `core.errors.Refused` for a target that there is not, a heading that several columns of a table have, or a target
    given to two columns of a table.
    """
    allowed = {*targets_of(spec), UNKNOWN}
    for heading, target in targets.items():
        if target not in allowed:
            raise Refused(_("“%(heading)s”: there is no column “%(target)s”.") % {"heading": heading, "target": target})
    _check_headings(mappings, targets)
    given = {fold_name(heading): target for heading, target in targets.items()}
    return [_settled(mapping, given) for mapping in mappings]


def _check_headings(mappings: Sequence[TableMapping], targets: Mapping[str, str]) -> None:
    tables = [(mapping, one) for mapping in mappings for one in mapping.headings]
    known = {fold_name(name) for mapping, one in tables for name in mapping.names(one)}
    for heading in targets:
        if fold_name(heading) in known:
            continue
        several = [mapping.address(one) for mapping, one in tables if fold_name(one.label) == fold_name(heading)]
        if several:
            words = {"heading": heading, "columns": ", ".join(several)}
            raise Refused(_("“%(heading)s” heads several columns; name the one that is meant: %(columns)s.") % words)
        raise Refused(_("No column of the file is headed “%(heading)s”.") % {"heading": heading})


def _settled(mapping: TableMapping, given: Mapping[str, str]) -> TableMapping:
    """What was said counts; a heading that was read so before gives way and is unknown again."""
    told = {one.position: target for one in mapping.headings if (target := _told(mapping, one, given)) is not None}
    taken = set(told.values()) - {*SHARED}
    if repeated := next((one for one in taken if list(told.values()).count(one) > 1), None):
        raise Refused(_("Two columns are given as “%(target)s”; one of them must be another.") % {"target": repeated})
    return replace(mapping, headings=tuple(_turned(one, told.get(one.position), taken) for one in mapping.headings))


def _told(mapping: TableMapping, heading: Heading, given: Mapping[str, str]) -> str | None:
    """What was said of the column, by the name that is most its own."""
    return next((given[name] for name in map(fold_name, mapping.names(heading)) if name in given), None)


def _turned(heading: Heading, target: str | None, taken: Collection[str]) -> Heading:
    if target is None:
        return replace(heading, target=UNKNOWN, found=Found.NOTHING) if heading.target in taken else heading
    return heading if target == heading.target else replace(heading, target=target, found=Found.GIVEN, unread=0)


def to_remember(mappings: Sequence[TableMapping]) -> dict[str, str]:
    """{folded heading: target} of all that is settled and stands once, for `Headings.columns`."""
    return {
        key: one.target
        for mapping in mappings
        for one in mapping.headings
        if one.target != UNKNOWN and (key := fold_name(one.printed)) and mapping.stands_alone(one)
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
