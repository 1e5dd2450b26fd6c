"""Reads of claims: beside each other, and whether they can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

from django.db.models import Q

from qunxing.core.errors import Text
from qunxing.indicators.models import Claim
from qunxing.indicators.names import indicator_name
from qunxing.indicators.quantities import disjoint
from qunxing.indicators.showing import quantity_of
from qunxing.ledger.lists import ListPage
from qunxing.ledger.lists.page import ShownRow

BESIDE = 30


@dataclass(frozen=True)
class Comparison:
    """What a reader must know before holding claims of one indicator against each other."""

    scopes_differ: bool
    subjects_differ: bool
    disputed: bool


def compare(claims: Sequence[Claim]) -> Comparison:
    """`disputed`: two claims of one subject and scope, at one time, whose ranges have no number in common."""
    return Comparison(
        scopes_differ=len({(claim.scope_id, claim.scope_text) for claim in claims}) > 1,
        subjects_differ=len({claim.subject for claim in claims}) > 1,
        disputed=any(disputes(one, other) for one, other in combinations(claims, 2)),
    )


def disputes(one: Claim, other: Claim) -> bool:
    alike = all(
        getattr(one, name) == getattr(other, name)
        for name in ("indicator", "subject", "scope_id", "scope_text", "unit", "currency", "status")
    )
    together = one.as_of_low <= other.as_of_high and other.as_of_low <= one.as_of_high
    return alike and together and disjoint(quantity_of(one), quantity_of(other))


def claims_of(code: str, *, user: Any) -> list[Claim]:
    """What was published of the indicator, as far as the user may see it, the newest first; BESIDE at most."""
    rows = Claim.objects.visible_to(user).filter(indicator=code).select_related("origin", "scope")
    return list(rows.order_by("-as_of_high", "pk")[:BESIDE])


def beside(claim: Claim, *, user: Any) -> list[Claim]:
    """The claim among the others of its indicator that the user may see, the newest first; BESIDE of them at most."""
    rows = Claim.objects.visible_to(user).filter(indicator=claim.indicator).select_related("origin", "scope")
    others = list(rows.filter(~Q(pk=claim.pk)).order_by("-as_of_high", "pk")[: BESIDE - 1])
    return sorted([claim, *others], key=lambda row: row.as_of_high, reverse=True)


@dataclass(frozen=True)
class Group:
    """Rows of a list page that follow each other and count the same."""

    code: str
    name: Text
    rows: list[ShownRow]
    comparison: Comparison


def grouped(page: ListPage) -> list[Group]:
    """The rows of the page by indicator, in their order; one query."""
    claims = {claim.ref: claim for claim in Claim.objects.filter(ref__in=[row.ref for row in page.rows])}
    known = [row for row in page.rows if row.ref in claims]
    found = []
    for code, group in groupby(known, key=lambda row: claims[row.ref].indicator):
        rows = list(group)
        found.append(Group(code, indicator_name(code), rows, compare([claims[row.ref] for row in rows])))
    return found
