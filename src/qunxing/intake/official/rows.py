"""What an official list says, row by row: plain data, nothing of the database."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_noop as _

from qunxing.core.dates import ParsedDay
from qunxing.core.reasons import Reason, because
from qunxing.intake.headers import HeaderMatch, Skipped
from qunxing.intake.official.remarks import PartKind, RemarkPart
from qunxing.intake.reading import Format

SEVERAL = _("%(one)s Also: %(other)s")


class Family(StrEnum):
    """Which published list it is."""

    GENAI = "genai"
    ALGORITHM = "algorithm"


class ListKind(StrEnum):
    """What a row is; the values are those of the registry's kinds of filing."""

    FILED = "filed"
    REGISTERED = "registered"
    ALGORITHM = "algorithm"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands; rows count from 1 as the person sees them."""

    sheet: str
    row: int


@dataclass(slots=True)
class ListRow:
    """One filing as published."""

    place: Place
    kind: ListKind
    organizations: tuple[str, ...]
    title: str
    number: str  # folded
    number_key: str  # equal for two writings of one number
    region: str = ""
    granted: ParsedDay | None = None
    batch: str = ""
    category: str = ""
    role: str = ""
    product: str = ""
    purpose: str = ""
    remark: str = ""
    remark_parts: tuple[RemarkPart, ...] = ()
    extras: dict[str, str] = field(default_factory=dict)  # filled cells under headings that are none of ours
    warnings: tuple[Reason, ...] = ()
    repeats: Place | None = None  # the first row of the list with this number
    changed: tuple[str, ...] = ()  # fields in which it differs from the row it repeats
    superseded: Place | None = None  # the row of the list that says last what holds for this number

    @property
    def renames(self) -> tuple[tuple[str, str], ...]:
        """Old and new name of an organisation, as the remark proposes."""
        return self._pairs(PartKind.ORGANIZATION_RENAMED, "")

    @property
    def title_renames(self) -> tuple[tuple[str, str], ...]:
        """Old and new title; a remark that tells only the old one means the row's own as the new."""
        return self._pairs(PartKind.TITLE_RENAMED, self.title)

    @property
    def cancelled(self) -> bool:
        return any(part.kind is PartKind.CANCELLED for part in self.remark_parts)

    def _pairs(self, kind: PartKind, otherwise: str) -> tuple[tuple[str, str], ...]:
        return tuple((part.old, part.new or otherwise) for part in self.remark_parts if part.kind is kind)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row for staff: why, and everything that stood in it."""

    place: Place
    reasons: tuple[Reason, ...]
    cells: dict[str, str]
    number: str = ""

    @property
    def reason(self) -> Reason:
        """All reasons in one sentence after the other."""
        *others, last = self.reasons
        for reason in reversed(others):
            last = because(SEVERAL, one=reason, other=last)
        return last


@dataclass(frozen=True, slots=True)
class ReadTable:
    """How one table of the file was read: what to show before anything is applied."""

    sheet: str
    format: Format
    encoding: str
    delimiter: str
    hidden: bool
    notes: tuple[Reason, ...]
    headers: tuple[HeaderMatch, ...]


@dataclass(slots=True)
class OfficialList:
    """A whole list: every row of the file stands in exactly one of rows, rejected and skipped."""

    family: Family
    tables: list[ReadTable] = field(default_factory=list)
    rows: list[ListRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Rows that hold, or should hold, a filing."""
        return len(self.rows) + len(self.rejected)
