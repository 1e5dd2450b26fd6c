"""What a list would change: made without writing anything, and the same whether it is then applied or only shown."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qunxing.core.reasons import Reason
from qunxing.directory.models import Organization
from qunxing.intake.models import Proposal, place_text
from qunxing.intake.official import Family, ListRow, Place
from qunxing.intake.registering.known import name_key
from qunxing.registry.models import AIModel, Filing

Tell = Callable[[int], None]


def silent(_done: int) -> None:
    """Tell nobody how far it is."""


class Outcome(StrEnum):
    """What becomes of a row; each row has exactly one."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FOR_STAFF = "for_staff"


@dataclass(slots=True)
class RowPlan:
    """One row with what it does.

    `values` is all it says of its filing, `changes` what is set there; `owner` is who filed, or the name of somebody
    the directory does not know; `cite` says whether its words are new evidence.
    """

    row: ListRow
    outcome: Outcome
    filing: Filing | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    owner: Organization | str = ""
    model: AIModel | None = None
    cite: bool = False
    notes: tuple[Reason, ...] = ()

    @property
    def place(self) -> str:
        return place_text(self.row.place.sheet, self.row.place.row)


@dataclass(frozen=True, slots=True)
class ForStaff:
    place: Place
    reason: Reason
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A record that the list makes known, or adds to, with the place in the list that says so."""

    record: Any
    place: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal not yet written."""

    kind: Proposal.Kind
    old: str
    new: str
    place: str = ""
    words: str = ""

    @property
    def old_key(self) -> str:
        return name_key(self.old)

    @property
    def new_key(self) -> str:
        return name_key(self.new)


@dataclass
class Plan:
    """All rows of the list in their order, what is to be made beside the filings, and what is proposed."""

    family: Family
    day: date
    rows: list[RowPlan] = field(default_factory=list)
    for_staff: list[ForStaff] = field(default_factory=list)
    organizations: list[Made] = field(default_factory=list)
    keyed: list[Made] = field(default_factory=list)
    models: list[Made] = field(default_factory=list)
    ownerships: list[tuple[AIModel, Organization, bool]] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether any record or piece of evidence comes of it."""
        made = self.organizations or self.keyed or self.models or self.ownerships
        return bool(made) or any(row.cite or row.outcome is not Outcome.UNCHANGED for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Rows in all and by outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {
            "rows": len(self.rows) + len(self.for_staff),
            "added": found[Outcome.ADDED],
            "updated": found[Outcome.UPDATED],
            "unchanged": found[Outcome.UNCHANGED],
            "for_staff": len(self.for_staff),
        }
