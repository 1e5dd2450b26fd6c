"""The rows of a plan by what they are to the community."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qunxing.intake.official import OfficialList
from qunxing.intake.reconciling.candidates import Candidate, find_candidates
from qunxing.intake.reconciling.firms import OurFirm, Ours, read_ours
from qunxing.intake.reconciling.previous import Gone, Last, read_last
from qunxing.intake.registering import Outcome, Plan, RowPlan
from qunxing.intake.registering.plan import ForStaff
from qunxing.ledger.actions.evidence import plain
from qunxing.registry.models import Filing


class Group(StrEnum):
    """What can be accepted by itself."""

    OUR_FIRMS = "our_firms"
    OUR_NEW = "our_new"
    OTHER_NEW = "other_new"
    CHANGED = "changed"
    VANISHED = "vanished"
    CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the list tells otherwise: than the last list did, else than the ledger has it.

    `taken` says whether the ledger would follow.
    """

    field: str
    old: Any
    new: Any
    taken: bool


@dataclass(frozen=True, slots=True)
class Changed:
    row: RowPlan
    differences: list[Difference]


@dataclass
class OnIt:
    """A firm of ours with its rows, and with those that go to staff."""

    firm: OurFirm
    rows: list[RowPlan] = field(default_factory=list)
    for_staff: list[ForStaff] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.for_staff)


@dataclass
class Grouped:
    ours: Ours
    last: Last
    on_it: dict[int, OnIt] = field(default_factory=dict)
    our_new: list[RowPlan] = field(default_factory=list)
    other_new: list[RowPlan] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    models: set[int] = field(default_factory=set)  # rows (by identity) whose model is new

    @property
    def vanished(self) -> list[Gone]:
        return self.last.gone if self.last.is_followed else []

    def rows_of(self, group: Group) -> list[RowPlan]:
        """The rows that accepting the group applies, each once."""
        found = {
            Group.OUR_FIRMS: [row for one in self.on_it.values() for row in one.rows],
            Group.OUR_NEW: self.our_new,
            Group.OTHER_NEW: self.other_new,
            Group.CHANGED: [one.row for one in self.changed],
        }.get(group, [])
        return list({id(row): row for row in found}.values())


def group_plan(found: OfficialList, plan: Plan, *, series: str, digest: str) -> Grouped:
    """Held against the community on the day of the list; before the plan is written, which changes its records."""
    ours = read_ours(plan.day)
    grouped = Grouped(ours, read_last(found, plan, series=series, day=plan.day, digest=digest))
    made = {id(one.record) for one in plan.models}
    for row in plan.rows:
        place_row(grouped, row)
        if row.model is not None and id(row.model) in made:
            made.discard(id(row.model))
            grouped.models.add(id(row))
    for left in plan.for_staff:
        for firm in ours.among((), names_in(left.cells)):
            grouped.on_it.setdefault(firm.pk, OnIt(firm)).for_staff.append(left)
    grouped.candidates = find_candidates(plan, ours)
    return grouped


def place_row(grouped: Grouped, row: RowPlan) -> None:
    firms = grouped.ours.among(stored_in(row), row.row.organizations)
    for firm in firms:
        grouped.on_it.setdefault(firm.pk, OnIt(firm)).rows.append(row)
    if row.outcome is Outcome.ADDED:
        (grouped.our_new if firms else grouped.other_new).append(row)
    elif row.filing is not None:
        differences = list(differences_of(row, row.filing, grouped.last.said.get(row.filing.pk, {})))
        if differences:
            grouped.changed.append(Changed(row, differences))


def stored_in(row: RowPlan) -> list[Any]:
    return [row.owner, *([row.filing.organization] if row.filing is not None else [])]


def names_in(cells: dict[str, str]) -> Iterator[str]:
    for text in cells.values():
        yield from filter(None, (text, *text.split("、")))


def differences_of(row: RowPlan, filing: Filing, said: dict[str, Any]) -> Iterator[Difference]:
    """Field by field, in the order of the list's columns."""
    for name in dict.fromkeys((*row.values, *row.changes)):
        new, taken = plain(row.values.get(name, row.changes.get(name))), name in row.changes
        if name in said and said[name] != new:
            yield Difference(name, said[name], new, taken)
        elif taken:
            yield Difference(name, plain(getattr(filing, name)), plain(row.changes[name]), taken)
