"""The groups as a batch keeps them and as the command line prints them: full counts, the first rows."""

from typing import Any

from qunxing.core.reasons import Reason
from qunxing.intake.models import place_text
from qunxing.intake.reconciling.candidates import Candidate, count_signs
from qunxing.intake.reconciling.grouping import Changed, Group, Grouped, OnIt
from qunxing.intake.reconciling.previous import Gone, Last
from qunxing.intake.registering import RowPlan

SHOWN = 100  # of each group
SHOWN_ROWS = 10  # of each firm

Json = dict[str, Any]
Groups = dict[str, Json]


def told(groups: Groups) -> Groups:
    """With the reasons as words, in the language of now."""
    firms = groups[Group.CANDIDATES]
    items = [
        {**one, "signs": [{**sign, "reason": str(Reason.from_json(sign["reason"]))} for sign in one["signs"]]}
        for one in firms["items"]
    ]
    return {**groups, Group.CANDIDATES.value: {**firms, "items": items}}


def groups_json(grouped: Grouped) -> Groups:
    """{group: {"count", …, "items"}}, each `items` cut after SHOWN."""
    firms = sorted(grouped.on_it.values(), key=lambda one: (not one.firm.here, -one.count, one.firm.name))
    here = [one for one in firms if one.firm.here]
    ours = {id(row) for one in firms for row in one.rows}
    return {
        Group.OUR_FIRMS.value: {
            "count": len(firms),
            "here": len(here),
            "rows": sum(one.count for one in firms),
            "items": [firm_json(one) for one in firms[:SHOWN]],
        },
        Group.OUR_NEW.value: new_json(grouped, grouped.our_new),
        Group.OTHER_NEW.value: new_json(grouped, grouped.other_new),
        Group.CHANGED.value: {
            "count": len(grouped.changed),
            "items": [changed_json(one, ours=id(one.row) in ours) for one in grouped.changed[:SHOWN]],
        },
        Group.VANISHED.value: vanished_json(grouped),
        Group.CANDIDATES.value: {
            "count": len(grouped.candidates),
            "signs": count_signs(grouped.candidates),
            "items": [candidate_json(one) for one in grouped.candidates[:SHOWN]],
        },
    }


def firm_json(one: OnIt) -> Json:
    left = [
        {
            "place": place_text(row.place.sheet, row.place.row),
            "name": row.cells.get("title", ""),
            "outcome": "for_staff",
        }
        for row in one.for_staff
    ]
    rows = [*map(row_json, one.rows), *left]
    return {
        "name": one.firm.name, "ref": one.firm.ref, "here": one.firm.here, "count": one.count,
        "rows": rows[:SHOWN_ROWS],
    }  # fmt: skip


def row_json(row: RowPlan) -> Json:
    return {
        "place": row.place,
        "name": row.row.title,
        "organization": "、".join(row.row.organizations),
        "number": row.row.number,
        "outcome": row.outcome.value,
    }


def new_json(grouped: Grouped, rows: list[RowPlan]) -> Json:
    models = sum(id(row) in grouped.models for row in rows)
    return {"count": len(rows), "models": models, "items": [row_json(row) for row in rows[:SHOWN]]}


def changed_json(one: Changed, *, ours: bool) -> Json:
    fields = [
        {"field": found.field, "old": found.old, "new": found.new, "taken": found.taken} for found in one.differences
    ]
    ref = one.row.filing.ref if one.row.filing is not None else ""
    return row_json(one.row) | {"ref": ref, "ours": ours, "fields": fields}


def vanished_json(grouped: Grouped) -> Json:
    """Whether the list replaces the last one stands with the numbers that tell it."""
    last = grouped.last
    return {
        "count": len(grouped.vanished),
        "last": last_json(last),
        "items": [gone_json(one, grouped) for one in grouped.vanished[:SHOWN]],
    }


def last_json(last: Last) -> Json | None:
    if last.source is None:
        return None
    return {
        "title": last.source.title, "ref": last.source.ref, "day": last.source.day.isoformat(),
        "stood": last.stood, "shared": last.shared, "followed": last.is_followed,
    }  # fmt: skip


def gone_json(one: Gone, grouped: Grouped) -> Json:
    return {
        "ref": one.ref, "name": one.name, "organization": one.organization, "number": one.number, "state": one.state,
        "place": one.place, "ours": one.organization_pk in grouped.ours.firms,
    }  # fmt: skip


def candidate_json(one: Candidate) -> Json:
    ref = one.record.ref if one.record is not None and one.is_kept else ""
    signs = [{"kind": sign.kind.value, "reason": sign.reason.to_json()} for sign in one.signs.values()]
    return {"name": one.name, "ref": ref, "place": one.row.place, "rows": one.rows, "signs": signs}
