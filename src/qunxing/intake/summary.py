"""What is kept of a list for people to look at: how its file was read, its counts, its first rows."""

from collections import Counter, defaultdict
from typing import Any

from qunxing.intake.headers import HeaderMatch, Skipped
from qunxing.intake.models import Batch, place_text
from qunxing.intake.official import OfficialList, ReadTable
from qunxing.intake.reconciling.grouping import group_plan
from qunxing.intake.reconciling.telling import groups_json
from qunxing.intake.registering import Outcome, Plan, RowPlan
from qunxing.intake.registering.values import filing_values

SHOWN_ROWS = 100  # of each outcome
SHOWN_SKIPPED = 30
KEPT = ("part_of", "group", "accepted", "groups")  # what a batch knows beside what its file says

Json = dict[str, Any]


def summary_for(batch: Batch, found: OfficialList, plan: Plan) -> tuple[Json, Json]:
    """(summary, preview) for a batch of a list, before its plan is written: with the groups, found once."""
    summary, preview = summary_of(found, plan)
    kept = {name: batch.summary[name] for name in KEPT if name in batch.summary}
    if "groups" not in kept and "part_of" not in kept:
        grouped = group_plan(found, plan, series=batch.list_code, digest=batch.digest)
        kept["groups"] = groups_json(grouped)
    return summary | kept, preview


def summary_of(found: OfficialList, plan: Plan) -> tuple[Json, Json]:
    """(summary, preview) as a batch keeps them."""
    summary = counts_of(plan) | {
        "tables": [table_data(table) for table in found.tables],
        "skipped": dict(Counter(one.kind.value for one in found.skipped)),
        "skipped_rows": [skipped_data(one) for one in found.skipped[:SHOWN_SKIPPED]],
        "proposals": len(plan.suggestions),
    }
    return summary, preview_of(plan)


def counts_of(plan: Plan) -> Json:
    """{"by_kind", "by_region"}: every placed row of the list once, regions by their two-digit code ("" unknown)."""
    kinds = Counter(row.row.kind.value for row in plan.rows)
    regions = Counter((row.values or filing_values(row.row, plan.family)).get("region", "") for row in plan.rows)
    return {"by_kind": dict(sorted(kinds.items())), "by_region": dict(sorted(regions.items()))}


def table_data(table: ReadTable) -> Json:
    return {
        "sheet": table.sheet,
        "format": table.format.value,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "hidden": table.hidden,
        "notes": [note.to_json() for note in table.notes],
        "headers": [header_data(header) for header in table.headers],
    }


def header_data(header: HeaderMatch) -> Json:
    """The row of a header, the headings that were read by it, and those that are none of ours."""
    taken = [header.headings[index] for index in sorted(header.mapping.values())]
    return {"row": header.row_number, "taken": taken, "unknown": list(header.unknown.values())}


def skipped_data(skipped: Skipped) -> Json:
    reason = skipped.reason.to_json() if skipped.reason is not None else None
    return {
        "kind": skipped.kind.value,
        "sheet": skipped.sheet,
        "first": skipped.first,
        "last": skipped.last,
        "text": skipped.text[:200],
        "reason": reason,
    }


def preview_of(plan: Plan) -> Json:
    """The first rows by outcome; of those that stay as they are, first the ones of which there is something to say."""
    found: dict[str, list[Json]] = defaultdict(list)
    for left in plan.for_staff[:SHOWN_ROWS]:
        name = left.cells.get("title", "") or " · ".join(left.cells.values())
        data = {"place": place_text(left.place.sheet, left.place.row), "name": name[:200]}
        found[Outcome.FOR_STAFF].append({**data, "notes": [left.reason.to_json()]})
    for row in sorted(plan.rows, key=lambda row: not row.notes):
        if len(found[row.outcome]) < SHOWN_ROWS:
            found[row.outcome].append(row_data(row))
    return dict(found)


def row_data(row: RowPlan) -> Json:
    return {
        "place": row.place,
        "name": row.row.title,
        "organization": "、".join(row.row.organizations),
        "number": row.row.number,
        "fields": sorted(row.changes),
        "notes": [note.to_json() for note in row.notes],
    }
