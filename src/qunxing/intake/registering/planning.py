"""Planning a list row by row; what an earlier row makes, a later one finds."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because, english
from qunxing.directory.models import Organization
from qunxing.intake.models import Proposal, place_text
from qunxing.intake.official import ListKind, ListRow, OfficialList
from qunxing.intake.registering.agreeing import agree
from qunxing.intake.registering.known import Known, key_of, name_key, number_key, read_known
from qunxing.intake.registering.plan import ForStaff, Made, Outcome, Plan, RowPlan, Suggestion, Tell, silent
from qunxing.intake.registering.proposals import suggest
from qunxing.intake.registering.values import entity_key_of, filing_values, roles_of
from qunxing.ledger.models import Source
from qunxing.registry.models import AIModel, Filing, FilingKind

AMBIGUOUS = _("Several organisations of the ledger are called “%(name)s”. Tell which of them filed it.")
OTHER_KIND = _("The ledger has this number as %(kind)s. Find out which it is.")
TAKEN = _("The ledger has this number for “%(title)s” of %(organization)s. Find out which of the two holds.")
MOVED = _("The ledger has this number under %(organization)s; the list names “%(name)s”.")
REPLACED = _("Row %(row)s of the list has the same number and holds.")
GRANTED = _("Its grant was awaited; the list brings its number.")
PAUSE = 500


def make_plan(found: OfficialList, *, day: date, source: Source | None = None, tell: Tell = silent) -> Plan:
    """Plan the whole list, which is of that day; `source` is the list itself where it was taken in before."""
    keys = [entity_key_of(row, found.family) for row in found.rows]
    known = read_known(found.rows, keys, source)
    planner = Planner(Plan(found.family, source.day if source else day), known)
    planner.plan.for_staff = [ForStaff(row.place, row.reason, row.cells) for row in found.rejected]
    for done, (row, key) in enumerate(zip(found.rows, keys, strict=True)):
        planner.take(row, key)
        if done % PAUSE == 0:
            tell(done)
    planner.plan.suggestions = suggest(found, known, planner.plan, planner.suggestions)
    return planner.plan


class Planner:
    def __init__(self, plan: Plan, known: Known) -> None:
        self.plan = plan
        self.known = known
        self.made_models: dict[tuple[str, int], AIModel] = {}
        self.owned: set[tuple[int, int]] = set()
        self.suggestions: list[Suggestion] = []

    def take(self, row: ListRow, entity_key: str) -> None:
        if row.superseded is not None:
            replaced = because(REPLACED, row=row.superseded.row)
            self.plan.rows.append(RowPlan(row, Outcome.UNCHANGED, notes=(replaced,)))
            return
        kind = FilingKind(row.kind.value)
        stored = self.known.filings.get(number_key(row.number), [])
        filing = next((one for one in stored if one.kind == kind), None)
        if filing is not None:
            self.compare(row, filing, entity_key)
        elif stored:
            self.give_to_staff(row, because(OTHER_KIND, kind=english(FilingKind(stored[0].kind).label)))
        elif name := self.ambiguous(row):
            self.give_to_staff(row, because(AMBIGUOUS, name=name))
        elif awaited := self.awaited(row):
            self.grant(row, awaited, entity_key)
        else:
            self.add(row, entity_key)

    def give_to_staff(self, row: ListRow, reason: Reason) -> None:
        self.plan.for_staff.append(ForStaff(row.place, reason, cells_of(row)))

    def ambiguous(self, row: ListRow) -> str:
        """The first name of the row that several organisations bear; empty when there is none."""
        return next((name for name in row.organizations if len(self.known.under(name)) > 1), "")

    def awaited(self, row: ListRow) -> Filing | None:
        """A filing under that title which its organisation, as the ledger knows, has under way."""
        owners = self.known.under(row.organizations[0])
        key = (row.kind.value, name_key(row.title), owners[0].pk) if owners else None
        return self.known.pending.pop(key, None) if key else None

    # --- what a row does ---------------------------------------------------------------------------------------------

    def add(self, row: ListRow, entity_key: str) -> None:
        owners = [self.organization(name, row) for name in row.organizations]
        self.learn_key(owners[0], entity_key, row)
        values = filing_values(row, self.plan.family)
        filing = Filing(kind=row.kind.value, number=row.number, organization=owners[0], **values)
        filing.derive()
        model = self.model(row, owners) if row.kind is ListKind.FILED else None
        self.plan.rows.append(
            RowPlan(row, Outcome.ADDED, filing, values, {}, owners[0], model, cite=True, notes=row.warnings)
        )

    def grant(self, row: ListRow, filing: Filing, entity_key: str) -> None:
        values = filing_values(row, self.plan.family)
        found = agree(filing, values, {}, self.plan.day)
        self.learn_key(filing.organization, entity_key, row)
        changes = {**found.changes, "number": row.number}
        notes = (*row.warnings, because(GRANTED), *found.notes)
        owner = filing.organization
        self.plan.rows.append(RowPlan(row, Outcome.UPDATED, filing, values, changes, owner, cite=True, notes=notes))

    def compare(self, row: ListRow, filing: Filing, entity_key: str) -> None:
        """A known filing: what the list says otherwise is taken over where a list, or nobody, had said it before."""
        owners = self.known.under(row.organizations[0])
        owner = next((one for one in owners if self.known.is_one(one, filing.organization)), None)
        moved = owner is None
        if moved and not is_told_of(row, filing):
            if name_key(row.title) != filing.name_key:
                words = {"title": filing.name, "organization": filing.organization.name}
                self.give_to_staff(row, because(TAKEN, **words))
                return
            self.propose_same(row, filing)
        values = filing_values(row, self.plan.family)
        found = agree(filing, values, self.known.said.get(filing.pk, {}), self.plan.day)
        learned = not moved and self.learn_key(filing.organization, entity_key, row)
        if moved:
            found.notes.append(because(MOVED, organization=filing.organization.name, name=row.organizations[0]))
        plan = RowPlan(row, Outcome.UPDATED if found.changes or learned else Outcome.UNCHANGED, filing, values)
        plan.changes, plan.notes = found.changes, (*row.warnings, *found.notes)
        plan.owner = owner or (owners[0] if len(owners) == 1 else row.organizations[0])
        plan.cite = (filing.pk, plan.place) not in self.known.cited
        self.plan.rows.append(plan)

    def propose_same(self, row: ListRow, filing: Filing) -> None:
        kind, old, new = Proposal.Kind.SAME_NUMBER, filing.organization.name, row.organizations[0]
        self.suggestions.append(Suggestion(kind, old, new, place_of(row), row.number))

    # --- what it needs -----------------------------------------------------------------------------------------------

    def organization(self, name: str, row: ListRow) -> Organization:
        """The organisation of that name, known or made now."""
        found: Sequence[Organization] = self.known.under(name)
        if found:
            return found[0]
        organization = Organization(name=name, roles=roles_of(name))
        organization.derive()
        self.known.organizations[organization.name_key].append(organization)
        self.plan.organizations.append(Made(organization, place_of(row)))
        return organization

    def learn_key(self, organization: Organization, entity_key: str, row: ListRow) -> bool:
        """Give the organisation its entity key where it has none; whether a stored one learned it."""
        if not entity_key or organization.entity_key:
            return False
        organization.entity_key = entity_key
        if key_of(organization) is None:
            return False
        self.plan.keyed.append(Made(organization, place_of(row)))
        return True

    def model(self, row: ListRow, owners: list[Organization]) -> AIModel:
        """The model that a 备案 names, among those of its owner, known or made now; all its filers own it."""
        key = name_key(row.title)
        known = self.known.models.get((key, owners[0].pk)) if owners[0].pk else None
        found = known or self.made_models.get((key, id(owners[0])))
        if found is None:
            found = AIModel(name=row.title)
            found.derive()
            self.made_models[key, id(owners[0])] = found
            self.plan.models.append(Made(found, place_of(row)))
        self.own(found, owners)
        return found

    def own(self, model: AIModel, owners: list[Organization]) -> None:
        for owner in owners:
            pair = (id(model), id(owner))
            if (model.pk, owner.pk) not in self.known.owned and pair not in self.owned:
                self.owned.add(pair)
                self.plan.ownerships.append((model, owner, owner is owners[0]))


def is_told_of(row: ListRow, filing: Filing) -> bool:
    """Whether the row's remark tells of a rename between who the ledger and who the list names as the filer."""
    names = {name_key(name) for pair in row.renames for name in pair}
    return {filing.organization.name_key, name_key(row.organizations[0])} <= names


def place_of(row: ListRow) -> str:
    return place_text(row.place.sheet, row.place.row)


def cells_of(row: ListRow) -> dict[str, str]:
    """A placed row as staff see it again."""
    return {
        "organization": "、".join(row.organizations),
        "title": row.title,
        "number": row.number,
        "region": row.region,
        "remark": row.remark,
    }
