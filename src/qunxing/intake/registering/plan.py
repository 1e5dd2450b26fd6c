"""What a list would change: made without writing anything, and the same whether it is then applied or only shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.intake.official import Family, ListKind, ListRow, OfficialList, Place
from qunxing.intake.registering.known import Known, read_known
from qunxing.intake.registering.proposals import Suggestion, suggest
from qunxing.intake.registering.values import entity_key_of, filing_values
from qunxing.ledger.actions.evidence import plain
from qunxing.ledger.models import Source
from qunxing.registry.models import AIModel, Filing
from qunxing.registry.numbers import fold_number

AMBIGUOUS = _("Several organisations of the ledger are called “%(name)s”. Tell which of them filed it.")
KEPT = _("Kept as it was typed: %(field)s; the list says “%(value)s”.")
MOVED = _("The ledger has this number under %(organization)s; the list names “%(name)s”.")


class Outcome(StrEnum):
    """What becomes of a row; each row has exactly one."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FOR_STAFF = "for_staff"


@dataclass
class RowPlan:
    """One row with what it does: a new or a known filing, the values to set, the organisations and the model."""

    row: ListRow
    outcome: Outcome
    filing: Filing | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    organizations: list[Organization] = field(default_factory=list)
    model: AIModel | None = None
    cite: bool = False
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ForStaff:
    place: Place
    reason: Reason
    cells: dict[str, str]


@dataclass
class Plan:
    """All rows of the list in their order; `organizations` and `models` are those to be made."""

    family: Family
    rows: list[RowPlan] = field(default_factory=list)
    for_staff: list[ForStaff] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    models: list[tuple[AIModel, list[Organization]]] = field(default_factory=list)
    keyed: list[Organization] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows in all and by outcome."""
        found = Counter(plan.outcome for plan in self.rows)
        total = len(self.rows) + len(self.for_staff)
        return {
            "rows": total,
            "added": found[Outcome.ADDED],
            "updated": found[Outcome.UPDATED],
            "unchanged": found[Outcome.UNCHANGED],
            "for_staff": len(self.for_staff),
        }


def make_plan(found: OfficialList, *, source: Source | None = None) -> Plan:
    """Plan the whole list; `source` is the list itself where it was taken in before."""
    keys = {row.number: entity_key_of(row, found.family) for row in found.rows}
    known = read_known(found.rows, keys.values(), source)
    planner = Planner(Plan(found.family), known)
    planner.plan.for_staff = [ForStaff(row.place, row.reason, row.cells) for row in found.rejected]
    for row in sorted(found.rows, key=lambda row: row.superseded is not None):
        planner.take(row, keys[row.number])
    planner.plan.rows.sort(key=lambda plan: (plan.row.place.sheet, plan.row.place.row))
    planner.plan.suggestions = suggest(found, known, planner.plan.organizations)
    return planner.plan


class Planner:
    """Takes the rows one by one; what an earlier row makes, a later one finds."""

    def __init__(self, plan: Plan, known: Known) -> None:
        self.plan = plan
        self.known = known
        self.made_models: dict[tuple[str, int], AIModel] = {}
        self.planned: dict[tuple[str, str], Filing] = {}

    def take(self, row: ListRow, entity_key: str) -> None:
        if row.superseded is not None:
            self.plan.rows.append(RowPlan(row, Outcome.UNCHANGED))
            return
        ambiguous = next((name for name in row.organizations if len(self.known_under(name)) > 1), None)
        if ambiguous is not None:
            self.give_to_staff(row, because(AMBIGUOUS, name=ambiguous))
            return
        number_key = fold_number(row.number)[:80]
        stored = self.known.filings.get((row.kind.value, number_key))
        if stored is None:
            self.plan.rows.append(self.added(row, entity_key))
        else:
            self.plan.rows.append(self.compared(row, stored, entity_key))

    def give_to_staff(self, row: ListRow, reason: Reason) -> None:
        self.plan.for_staff.append(ForStaff(row.place, reason, cells_of(row)))

    def known_under(self, name: str) -> Sequence[Organization]:
        return self.known.organizations.get(fold_name(name)[:200], ())

    def organization(self, name: str, entity_key: str) -> Organization:
        """The organisation of that name, known or made now; it learns its entity key where it has none."""
        found = self.known_under(name)
        if found:
            organization = found[0]
            if entity_key and not organization.entity_key:
                organization.entity_key = entity_key
                if organization.pk:
                    self.plan.keyed.append(organization)
            return organization
        organization = Organization(name=name, roles=("firm",), entity_key=entity_key)
        organization.derive()
        self.known.organizations[organization.name_key].append(organization)
        self.plan.organizations.append(organization)
        return organization

    def added(self, row: ListRow, entity_key: str) -> RowPlan:
        owners = [
            self.organization(name, entity_key if index == 0 else "") for index, name in enumerate(row.organizations)
        ]
        values = filing_values(row, self.plan.family)
        filing = Filing(kind=row.kind.value, number=row.number, organization=owners[0], **values)
        filing.derive()
        self.known.filings[filing.kind, filing.number_key] = filing
        model = self.model(row, owners) if row.kind is ListKind.FILED else None
        return RowPlan(row, Outcome.ADDED, filing, values, values, owners, model, cite=True, notes=row.warnings)

    def model(self, row: ListRow, owners: list[Organization]) -> AIModel:
        """The model that a 备案 names, among those of its owner, known or made now."""
        key = fold_name(row.title)[:200]
        known = self.known.models.get((key, owners[0].pk)) if owners[0].pk else None
        found = known or self.made_models.get((key, id(owners[0])))
        if found is None:
            found = AIModel(name=row.title)
            found.derive()
            self.made_models[key, id(owners[0])] = found
            self.plan.models.append((found, owners))
        return found

    def compared(self, row: ListRow, filing: Filing, entity_key: str) -> RowPlan:
        """A known filing: what the list says otherwise is taken over where a list, or nobody, had said it before."""
        values = filing_values(row, self.plan.family)
        changes, notes = self.accepted(filing, values)
        owners = [self.organization(name, "") for name in row.organizations] if not self.moved(row, filing) else []
        if self.moved(row, filing):
            notes.append(because(MOVED, organization=filing.organization.name, name="、".join(row.organizations)))
        elif entity_key:
            self.organization(row.organizations[0], entity_key)
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        cite = ("registry.filing", filing.pk, place_text(row.place)) not in self.known.cited
        return RowPlan(row, outcome, filing, values, changes, owners, None, cite, (*row.warnings, *notes))

    def moved(self, row: ListRow, filing: Filing) -> bool:
        """Whether the list names somebody else as the filer; that is a rename or a mistake, for a person to judge."""
        return filing.organization not in self.known_under(row.organizations[0])

    def accepted(self, filing: Filing, values: dict[str, Any]) -> tuple[dict[str, Any], list[Reason]]:
        """(changes to make, notes on what was kept because a person had typed it)."""
        changes, notes = {}, []
        said = self.known.list_values.get(("registry.filing", filing.pk), [])
        for name, value in values.items():
            current = getattr(filing, name)
            if plain(current) == plain(value):
                continue
            if current in ("", None) or any(plain(current) == earlier.get(name) for earlier in said):
                changes[name] = value
            else:
                label = str(Filing._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                notes.append(because(KEPT, field=label, value=str(value)[:80]))
        return changes, notes


def place_text(place: Place) -> str:
    """The place of a row as evidence keeps it."""
    return f"{place.sheet}!{place.row}" if place.sheet else str(place.row)


def cells_of(row: ListRow) -> dict[str, str]:
    """A placed row as staff see it again."""
    return {
        "organization": "、".join(row.organizations),
        "title": row.title,
        "number": row.number,
        "region": row.region,
        "remark": row.remark,
    }
