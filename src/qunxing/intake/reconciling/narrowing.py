"""A plan cut down to some of its rows, with all that they need and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import because
from qunxing.intake.reconciling.candidates import ORDER, Candidate
from qunxing.intake.reconciling.grouping import Group, Grouped
from qunxing.intake.registering import Plan, RowPlan
from qunxing.intake.registering.known import name_key
from qunxing.intake.registering.plan import ForStaff, Suggestion

MAY_LIVE_HERE = _("“%(name)s” may belong to the community: %(why)s Find out, and keep its residency where it has one.")


def plan_of_group(plan: Plan, grouped: Grouped, group: Group) -> Plan:
    """What accepting the group writes. Rows for staff stay with the list as a whole, except those it makes itself."""
    if group is Group.CANDIDATES:
        return plan_of_candidates(plan, grouped.candidates)
    return plan_of_rows(plan, grouped.rows_of(group))


def plan_of_rows(plan: Plan, rows: Sequence[RowPlan]) -> Plan:
    names = {name_key(name) for row in rows for name in row.row.organizations}
    models = {id(row.model) for row in rows if row.model is not None}
    made = [one for one in plan.organizations if one.record.name_key in names]
    records = {id(one.record) for one in made}
    places = {row.place for row in rows}
    return replace(
        plan,
        rows=list(rows),
        for_staff=[],
        organizations=made,
        keyed=[one for one in plan.keyed if one.place in places],
        models=[one for one in plan.models if id(one.record) in models],
        ownerships=[
            (model, owner, first)
            for model, owner, first in plan.ownerships
            if id(model) in models and (owner.pk or id(owner) in records)
        ],
        suggestions=about(plan.suggestions, names),
    )


def about(suggestions: Iterable[Suggestion], names: set[str]) -> list[Suggestion]:
    return [one for one in suggestions if one.old_key in names or one.new_key in names]


def plan_of_candidates(plan: Plan, candidates: Sequence[Candidate]) -> Plan:
    """The organisations are added; whether they live here is asked of a person, once."""
    kept = {id(one.record) for one in candidates}
    names = {name_key(one.name) for one in candidates}
    return replace(
        plan,
        rows=[],
        for_staff=[question(one) for one in candidates],
        organizations=[one for one in plan.organizations if id(one.record) in kept],
        keyed=[],
        models=[],
        ownerships=[],
        suggestions=about(plan.suggestions, names),
    )


def question(one: Candidate) -> ForStaff:
    """The same for every list that names the firm, so that it is asked once."""
    strongest = min(one.signs.values(), key=lambda sign: ORDER[sign.kind])
    reason = because(MAY_LIVE_HERE, name=one.name, why=strongest.reason)
    return ForStaff(one.row.row.place, reason, {"organization": one.name})
