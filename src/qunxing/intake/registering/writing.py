"""Writing a plan into the ledgers: one transaction, one source, evidence for every row."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext_noop as _

from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.registering.plan import Outcome, Plan, RowPlan
from qunxing.ledger.actions import add_many, change_many, cite_many
from qunxing.ledger.canonical import digest
from qunxing.ledger.models import Source
from qunxing.registry.models import Coverage, FilingStep, Ownership, Precision
from qunxing.registry.states import State

CHUNK = 2_000
WRITING = _("Writing the records")
CITING = _("Writing where each value stands")
SEALING = _("Writing the log")
T = TypeVar("T")


class Progress(Protocol):
    """What hears how far the work is; it may raise to stop it."""

    def stage(self, name: str, total: int = 0) -> None: ...

    def advance(self, done: int) -> None: ...


class Quiet:
    """Progress that nobody looks at."""

    def stage(self, name: str, total: int = 0) -> None: ...

    def advance(self, done: int) -> None: ...


def apply_plan(plan: Plan, batch: Batch, *, actor: Any, source: Source, progress: Progress) -> None:
    """Write everything the plan says, inside the caller's `recording`."""
    writer = Writer(plan, progress)
    progress.stage(WRITING, len(plan.organizations) + len(plan.models) * 2 + len(plan.rows))
    writer.write_organizations()
    writer.write_models()
    writer.write_filings()
    cited = list(pieces(plan))
    progress.stage(CITING, len(cited))
    writer.in_chunks(cited, lambda chunk: cite_many(chunk, actor=actor, source=source), start=0)
    write_leftovers(plan, batch)
    progress.stage(SEALING)


class Writer:
    """Writes in chunks, and tells after each how many records are done."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self.plan = plan
        self.progress = progress
        self.done = 0

    def in_chunks(self, items: Sequence[T], write: Callable[[Sequence[T]], Any], start: int | None = None) -> None:
        self.done = self.done if start is None else start
        for begin in range(0, len(items), CHUNK):
            chunk = items[begin : begin + CHUNK]
            write(chunk)
            self.done += len(chunk)
            self.progress.advance(self.done)

    def write_organizations(self) -> None:
        self.in_chunks([made.record for made in self.plan.organizations], add_many)
        change_many([made.record for made in self.plan.keyed], ["entity_key"])

    def write_models(self) -> None:
        self.in_chunks([made.record for made in self.plan.models], add_many)
        roles = {True: Ownership.Role.OWNER, False: Ownership.Role.CO_OWNER}
        owned = [
            Ownership(model=model, organization=owner, role=roles[first])
            for model, owner, first in self.plan.ownerships
        ]
        self.in_chunks(owned, add_many)

    def write_filings(self) -> None:
        self.in_chunks([row.filing for row in self.plan.rows if row.outcome is Outcome.ADDED], add_many)
        self.in_chunks([row for row in self.plan.rows if row.changes], update_filings)
        self.in_chunks(list(steps_of(self.plan)), add_many)
        covering = [row for row in self.plan.rows if row.model is not None]
        self.in_chunks([Coverage(filing=row.filing, model=row.model) for row in covering], add_many)


def update_filings(rows: Sequence[RowPlan]) -> None:
    """Set what the rows change, and keep each change of state as a step."""
    filings = [row.filing for row in rows if row.filing is not None]
    for row in rows:
        for name, value in row.changes.items():
            setattr(row.filing, name, value)
    for filing in filings:
        filing.derive()
    names = {name for row in rows for name in row.changes} | {"name_key", "number_key", "search_key", "shown_to"}
    change_many(filings, sorted(names))


def steps_of(plan: Plan) -> Iterator[FilingStep]:
    """The changes of state that the list tells, on the day of the grant where it is known, else of the list."""
    for row in plan.rows:
        state = row.changes.get("state")
        filing = row.filing
        if state is None or filing is None:
            continue
        exact = state == State.GRANTED and filing.granted_precision == Precision.DAY
        day = filing.granted_on if exact else None
        yield FilingStep(filing=filing, state=state, day=day or plan.day, note=row.row.remark[:500])


def pieces(plan: Plan) -> Iterator[tuple[Any, dict[str, Any], str]]:
    """(record, values, place): one compact piece for each filing, and one for each record the list made known."""
    for row in plan.rows:
        if row.cite and row.filing is not None:
            yield row.filing, {**row.values, "number": row.row.number, "organization": row.owner}, row.place
    for made in plan.organizations:
        yield made.record, organization_values(made.record), made.place
    for made in plan.keyed:
        yield made.record, {"entity_key": made.record.entity_key}, made.place
    for made in plan.models:
        yield made.record, {"name": made.record.name}, made.place


def organization_values(organization: Organization) -> dict[str, Any]:
    values = {"name": organization.name, "entity_key": organization.entity_key}
    return {name: value for name, value in values.items() if value}


# --- what is left to people -------------------------------------------------------------------------------------------


def write_leftovers(plan: Plan, batch: Batch) -> None:
    """The rows for staff and the proposals; what an earlier import has asked is not asked again."""
    StaffRow.objects.bulk_create(staff_rows(plan, batch), ignore_conflicts=True, batch_size=CHUNK)
    Proposal.objects.bulk_create(
        [
            Proposal(
                batch=batch, kind=one.kind, old_name=one.old, new_name=one.new, old_key=one.old_key,
                new_key=one.new_key, place=one.place[:120], words=one.words,
            )
            for one in plan.suggestions
        ],
        ignore_conflicts=True,
        batch_size=CHUNK,
    )  # fmt: skip


def staff_rows(plan: Plan, batch: Batch) -> list[StaffRow]:
    """Rows alike within one list are told apart by their count, so that none is dropped."""
    found, times = [], Counter[str]()
    for left in plan.for_staff:
        reason = left.reason.to_json()
        content = digest([batch.list_code, left.cells, reason])
        times[content] += 1
        key = digest([content, times[content]])
        found.append(
            StaffRow(
                batch=batch, key=key, sheet=left.place.sheet[:100], row=left.place.row, reason_data=reason,
                cells=left.cells,
            )
        )  # fmt: skip
    return found
