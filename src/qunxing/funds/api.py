"""Funds and rounds over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.core.money import MoneyRange
from qunxing.directory.models import Organization
from qunxing.funds.lists import FUNDS, ROUNDS, for_reader
from qunxing.funds.models import Commitment, Fund, Investment, Round
from qunxing.funds.queries import family_of, financing_totals, fund_totals, parts_of, round_parts
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404

router = Router(tags=["funds"])


class MoneyOut(Schema):
    """From `low` to `high` in whole units, null where no end was told; an open end is not itself meant."""

    low: int | None
    high: int | None
    low_open: bool
    high_open: bool
    currency: str


class FundOut(Schema):
    ref: str
    name: str
    short_name: str
    english_name: str
    level: str
    status: str
    manager: str | None
    parent: str | None
    size: MoneyOut
    ticket: MoneyOut
    vintage: int | None
    kinds: list[str]
    stages: list[str]
    fields: list[str]
    regions: list[str]
    website: str
    description: str
    demo: bool
    revision: int
    children: list[str]
    commitments: list[dict[str, Any]]


class RoundOut(Schema):
    ref: str
    organization: str
    stage: str
    closed_on: str | None
    closed_precision: str
    amount: MoneyOut
    note: str
    demo: bool
    revision: int
    investments: list[dict[str, Any]]


@router.get("/funds")
def funds(request: HttpRequest) -> dict[str, Any]:
    """A page of funds; takes the list's own parameters (q, level, status, kind, stage, field, region, vintage)."""
    return json_page(request, for_reader(FUNDS, request.user))


@router.get("/funds/totals")
def totals(request: HttpRequest) -> dict[str, Any]:
    """Sizes by level and currency, with how many funds were left out, why, and the first of them."""
    found = fund_totals(request.user)
    return {
        "totals": [{"level": one.level, "funds": one.funds, "size": money(one.money)} for one in found.totals],
        "left_out": [
            {"reason": str(gap.reason), "number": gap.number, "funds": [fund.ref for fund in gap.funds]}
            for gap in found.left_out
        ],
        "remarks": [str(remark) for remark in found.remarks],
    }


@router.get("/funds/{ref}", response=FundOut)
def fund(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Fund = visible_or_404(Fund.objects, request.user, ref)
    family = family_of(found, user=request.user)
    plain = {name: getattr(found, name) for name in FundOut.model_fields if hasattr(found, name)}
    return plain | {
        "manager": shown_ref(Organization.objects, found.manager_id, request.user),
        "parent": shown_ref(Fund.objects, found.parent_id, request.user),
        "size": money(found.size),
        "ticket": money(MoneyRange(found.ticket_low, found.ticket_high, found.currency)),
        **{name: list(getattr(found, name)) for name in ("kinds", "stages", "fields", "regions")},
        "children": [branch.fund.ref for branch in family.below(found)] if family else [],
        "commitments": [
            investor(row) | {"amount": money(row.amount), "committed_on": day_text(row.committed_on)}
            for row in parts_of(found, user=request.user).received
        ],
    }


@router.get("/rounds")
def rounds(request: HttpRequest) -> dict[str, Any]:
    """A page of rounds of financing; takes the list's own parameters (q, stage, told, currency, field, closed)."""
    return json_page(request, for_reader(ROUNDS, request.user))


@router.get("/rounds/totals")
def round_totals(request: HttpRequest) -> dict[str, Any]:
    """Amounts by currency: exact ones, ranges, and how many rounds told none."""
    found = financing_totals(request.user)
    return {
        "currencies": [
            {
                "currency": one.currency,
                "exact": {"rounds": one.exact, "amount": money(one.exact_money)},
                "ranges": {"rounds": one.ranges, "amount": money(one.range_money)},
            }
            for one in found.currencies
        ],
        "undisclosed": found.undisclosed,
        "remarks": [str(remark) for remark in found.remarks],
    }


@router.get("/rounds/{ref}", response=RoundOut)
def round_(request: HttpRequest, ref: str) -> dict[str, Any]:
    rows = Round.objects.select_related("organization")
    found: Round = visible_or_404(rows, request.user, ref)
    return {
        "ref": found.ref,
        "organization": found.organization.ref,
        "stage": found.stage_id,
        "closed_on": day_text(found.closed_on),
        "closed_precision": found.closed_precision,
        "amount": money(found.amount),
        "note": found.note,
        "demo": found.demo,
        "revision": found.revision,
        "investments": [
            investor(row) | {"amount": money(row.amount), "lead": row.lead}
            for row in round_parts(found, user=request.user)
        ],
    }


def money(amount: MoneyRange) -> dict[str, Any]:
    return {name: getattr(amount, name) for name in MoneyOut.model_fields}


def investor(row: Commitment | Investment) -> dict[str, Any]:
    """Who put the money in: the kind and the reference of a record, or a name alone."""
    record = row.investor_record
    if record is None:
        return {"investor": {"kind": "name", "name": row.investor_name}}
    return {"investor": {"kind": record.kind_code(), "ref": record.ref, "name": str(record)}}


def shown_ref(rows: Any, key: int | None, user: Any) -> str | None:
    """The reference of a record that the user may see."""
    return rows.visible_to(user).filter(pk=key).values_list("ref", flat=True).first() if key is not None else None


def day_text(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
