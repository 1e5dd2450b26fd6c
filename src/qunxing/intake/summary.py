"""The counts of a list by kind and by region: what a clerk holds against the paper."""

from collections import Counter
from typing import Any

from qunxing.intake.registering import Plan
from qunxing.intake.registering.values import filing_values


def summary_of(plan: Plan) -> dict[str, Any]:
    """{"by_kind", "by_region"}: every placed row of the list once, regions by their two-digit code ("" unknown)."""
    kinds = Counter(row.row.kind.value for row in plan.rows)
    regions = Counter(filing_values(row.row, plan.family).get("region", "") for row in plan.rows)
    return {"by_kind": dict(sorted(kinds.items())), "by_region": dict(sorted(regions.items()))}


