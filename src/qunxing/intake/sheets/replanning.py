"""Planning rows of a preview anew, after staff corrected a cell, left a row out or took it in again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from qunxing.core.chunks import chunks
from qunxing.core.reasons import because
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.sheets.alike import count_alike, tell_alike
from qunxing.intake.sheets.headings import from_json
from qunxing.intake.sheets.matching import Claim, Rival, are_one, claims, claims_of
from qunxing.intake.sheets.planning import SAME_ROW, Planner
from qunxing.intake.sheets.preview import counted, planner_of, spec_of, takers_of
from qunxing.intake.sheets.rows import NOTES, Outcome, Row, Taker, Trouble, decoded, kept, reread
from qunxing.ledger.inserting import update

LIVE = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.CONFLICT)
FIELDS = ("outcome", "name", "record_key", "revision", "values", "changes", "problems")


Rivals = Mapping[Claim, Sequence[Rival]]


def replan(batch: Batch, numbers: Sequence[int], *, actor: Any) -> None:
    """Plan these rows of the batch as they now stand, beside its other rows; counts follow."""
    mappings = from_json(batch.mapping)
    planner, takers = planner_of(batch, mappings, actor=actor), takers_of(spec_of(batch), mappings)
    rivals = others(batch, set(numbers), planner, takers)
    for some in chunks(numbers):
        rows = [again(one, takers) for one in batch.rows.filter(number__in=some).order_by("number")]
        settle(batch, planner.plan(rows), planner, rivals)
    for held in chunks(planner.finish()):
        settle(batch, held, planner, rivals)
    tell_alike(batch, numbers)
    batch.counts = counted(batch)
    count_alike(batch)
    Batch.objects.filter(pk=batch.pk).update(counts=batch.counts, summary=batch.summary)


def again(stored: SheetRow, takers: Mapping[str, Taker]) -> Row:
    row = reread(stored, takers)
    row.notes = dict(stored.values.get(NOTES, {}))
    return row


def settle(batch: Batch, rows: Sequence[Row], planner: Planner, rivals: Rivals) -> None:
    """Keep the rows as they are now planned; one that is about the record of another row is its duplicate."""
    for row in rows:
        first = rival_of(claims_of(planner.spec, row), rivals) if row.outcome in LIVE else None
        if first is not None:
            row.troubles.append(Trouble(because(SAME_ROW, row=first.line), row=first.number))
            row.outcome = Outcome.DUPLICATE
    made = {row.number: kept(row, batch) for row in rows}
    for number, key in batch.rows.filter(number__in=made).order_by().values_list("number", "pk"):
        made[number].pk = key
    update(list(made.values()), FIELDS)


def others(batch: Batch, numbers: Collection[int], planner: Planner, takers: Mapping[str, Taker]) -> Rivals:
    """The other rows that would be written or compared, by what each takes; references may name the new ones."""
    spec = planner.spec
    keys = {name for names in spec.keys for name in names}
    fields = ["batch", "number", "row", "sheet", "outcome", "record_key", "values"]
    fields += ["cells", "edits"] if any(taker.number for taker in takers.values()) else []
    found: dict[Claim, list[Rival]] = defaultdict(list)
    for one in batch.rows.filter(outcome__in=LIVE, left_out=False).order_by("number").only(*fields).iterator():
        if one.number in numbers:
            continue
        values: dict[str, Any] = {}
        if one.outcome == Outcome.NEW:
            values = decoded(spec, {name: data for name, data in one.values.items() if name in keys})
            planner.name_new(one.number, values)
        rival = Rival(one.number, one.row, claims(spec, one.record_key, takers[one.sheet].number_in(one), values))
        for claim in rival.claims:
            found[claim].append(rival)
    return found


def rival_of(mine: Sequence[Claim], rivals: Rivals) -> Rival | None:
    """The row about the same record, if there is one."""
    found = (rival for claim in mine for rival in rivals.get(claim, ()))
    return next((rival for rival in found if are_one(mine, rival.claims)), None)


def followers(batch: Batch, numbers: Iterable[int]) -> list[int]:
    """Numbers of the rows that were duplicates of these."""
    first = set(numbers)
    duplicates = batch.rows.filter(outcome=Outcome.DUPLICATE).order_by("number").values_list("number", "problems")
    return [number for number, problems in duplicates if any(problem.get("row") in first for problem in problems)]
