"""Writing a plan into the ledgers: one transaction, one source, evidence for every row."""

from collections.abc import Callable
from typing import Any

from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.registering.plan import Outcome, Plan, RowPlan, place_text
from qunxing.ledger.actions import add_many, change_many, cite_many
from qunxing.ledger.models import Source
from qunxing.registry.models import Coverage, Filing, Ownership

CHUNK = 2_000
Tell = Callable[[int], None]


def apply_plan(plan: Plan, batch: Batch, *, actor: Any, source: Source, tell: Tell = lambda _done: None) -> None:
    """Write everything the plan says, inside the caller's `recording`; `tell` hears how many rows are done."""
    add_many(plan.organizations)
    change_many(plan.keyed, ["entity_key"])
    write_models(plan)
    write_filings(plan, tell)
    write_coverage(plan)
    write_evidence(plan, actor=actor, source=source)
    write_leftovers(plan, batch)


def write_models(plan: Plan) -> None:
    add_many([model for model, _owners in plan.models])
    roles = (Ownership.Role.OWNER, Ownership.Role.CO_OWNER)
    add_many(
        [
            Ownership(model=model, organization=owner, role=roles[min(place, 1)])
            for model, owners in plan.models
            for place, owner in enumerate(owners)
        ]
    )


def write_filings(plan: Plan, tell: Tell) -> None:
    added = [row.filing for row in plan.rows if row.outcome is Outcome.ADDED and row.filing is not None]
    for start in range(0, len(added), CHUNK):
        add_many(added[start : start + CHUNK])
        tell(start + len(added[start : start + CHUNK]))
    updated = [row for row in plan.rows if row.outcome is Outcome.UPDATED]
    for row in updated:
        set_values(row.filing, row.changes)
    names = sorted({name for row in updated for name in row.changes})
    derived = ["name_key", "search_key", "shown_to"] if updated else []
    change_many([row.filing for row in updated if row.filing is not None], [*names, *derived])


def set_values(filing: Filing | None, changes: dict[str, Any]) -> None:
    if filing is None:
        return
    for name, value in changes.items():
        setattr(filing, name, value)
    filing.derive()


def write_coverage(plan: Plan) -> None:
    rows = [row for row in plan.rows if row.model is not None and row.filing is not None]
    add_many([Coverage(filing=row.filing, model=row.model) for row in rows])


def write_evidence(plan: Plan, *, actor: Any, source: Source) -> None:
    """One compact piece for each filing, and one for each organisation that the list made known."""
    cited: list[tuple[Any, dict[str, Any], str]] = []
    places: dict[int, str] = {}
    for row in plan.rows:
        if not row.cite or row.filing is None:
            continue
        place = place_text(row.row.place)
        names = "、".join(row.row.organizations)
        cited.append((row.filing, {**row.values, "number": row.row.number, "organization": names}, place))
        for organization in row.organizations:
            places.setdefault(id(organization), place)
    cited += [(one, organization_values(one), places.get(id(one), "")) for one in [*plan.organizations, *plan.keyed]]
    cited += [(model, {"name": model.name}, "") for model, _owners in plan.models]
    cite_many(cited, actor=actor, source=source)


def organization_values(organization: Organization) -> dict[str, Any]:
    values = {"name": organization.name, "entity_key": organization.entity_key}
    return {name: value for name, value in values.items() if value}


def write_leftovers(plan: Plan, batch: Batch) -> None:
    """The rows for staff, and the proposals that nobody has been asked before."""
    StaffRow.objects.bulk_create(
        [
            StaffRow(
                batch=batch, sheet=left.place.sheet[:100], row=left.place.row, reason_data=left.reason.to_json(),
                cells=left.cells,
            )
            for left in plan.for_staff
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    Proposal.objects.bulk_create(
        [
            Proposal(
                batch=batch, kind=one.kind, old_name=one.old, new_name=one.new, old_key=one.keys[1],
                new_key=one.keys[2], place=place_text(one.place) if one.place else "", words=one.words,
            )
            for one in plan.suggestions
        ],
        ignore_conflicts=True,
        batch_size=CHUNK,
    )  # fmt: skip
