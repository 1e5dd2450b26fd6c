"""Shortlists over the API, as their reader sees them on the page."""

from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.ledger.queries import visible_or_404
from qunxing.matching.models import Shortlist
from qunxing.matching.reading import ShownPool, shown_list
from qunxing.matching.shown import Shown, ShownFinding
from qunxing.matching.wording import REMARKS, change_text

router = Router(tags=["matching"])
PAGE_SIZE: Final = 50
LAST_PAGE: Final = 1_000


class NamedOut(Schema):
    """A record by its kind, its reference and its name."""

    kind: str
    ref: str
    name: str


class ShortlistRow(Schema):
    ref: str
    subject: NamedOut
    day: date
    shared_on: date | None
    order: str
    demo: bool


class ShortlistPage(Schema):
    total: int
    page: int
    pages: int
    rows: list[ShortlistRow]


class PartOut(Schema):
    name: str
    label: str
    value: float


class EvidenceOut(Schema):
    """What a condition rests on; of a record that is closed to the reader only that there is one, `kind` is empty."""

    kind: str
    text: str
    url: str
    day: str


class ConditionOut(Schema):
    code: str
    label: str
    outcome: str
    evidence: list[EvidenceOut]
    closing: str


class JudgementOut(Schema):
    verdict: str
    reason: str
    day: date


class CandidateOut(Schema):
    """A candidate; parts add up to the score. Both are missing of a `stale` one, whose reasons are closed or gone."""

    ref: str
    name: str
    url: str
    place: int
    computed_place: int
    standing: str
    stale: bool
    score: float | None
    parts: list[PartOut]
    terms: list[str]
    conditions: list[ConditionOut]
    missing: list[str]
    changes: list[str]
    answer: NamedOut | None
    judgement: JudgementOut | None
    invitation: str | None
    demo: bool


class PoolOut(Schema):
    pool: str
    proposed: list[CandidateOut]
    near_misses: list[CandidateOut]


class RemarkOut(Schema):
    code: str
    text: str


class ShortlistOut(ShortlistRow):
    """A shortlist in the order that counts."""

    url: str
    engine: str
    weights: str
    compared: int
    remarks: list[RemarkOut]
    manual_reason: str
    revision: int
    pools: list[PoolOut]


@router.get("/shortlists", response=ShortlistPage)
def shortlists(
    request: HttpRequest, scenario: str = "", organization: str = "", fund: str = "", page: int = 1
) -> dict[str, Any]:
    """Shortlists that the reader may see, the newest first; a scenario, an organisation or a fund narrows them."""
    wanted = {"scenario__ref": scenario, "organization__ref": organization, "fund__ref": fund}
    rows = Shortlist.objects.visible_to(request.user).filter(**{name: ref for name, ref in wanted.items() if ref})
    total = rows.count()
    page = min(max(page, 1), LAST_PAGE)
    start = (page - 1) * PAGE_SIZE
    shown = rows.select_related("scenario", "organization", "fund").order_by("-pk")[start : start + PAGE_SIZE]
    pages = max(1, -(-total // PAGE_SIZE))
    return {"total": total, "page": page, "pages": pages, "rows": [row_out(row) for row in shown]}


@router.get("/shortlists/{ref}", response=ShortlistOut)
def shortlist(request: HttpRequest, ref: str) -> dict[str, Any]:
    """One shortlist; candidates and evidence that the reader may not see are left out."""
    rows = Shortlist.objects.select_related("scenario__organization", "organization", "fund__manager")
    found: Shortlist = visible_or_404(rows, request.user, ref)
    plain = {name: getattr(found, name) for name in ("engine", "weights", "compared", "manual_reason", "revision")}
    remarks = [{"code": code, "text": str(REMARKS[code][0])} for code in found.remark_codes if code in REMARKS]
    pools = [pool_out(pool) for pool in shown_list(found, user=request.user).pools]
    return row_out(found) | plain | {"url": found.get_absolute_url(), "remarks": remarks, "pools": pools}


def row_out(row: Shortlist) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "subject": {"kind": row.subject.kind_code(), "ref": row.subject.ref, "name": str(row.subject)},
        "day": row.day,
        "shared_on": row.shared_on,
        "order": row.order,
        "demo": row.demo,
    }


def pool_out(pool: ShownPool) -> dict[str, Any]:
    return {
        "pool": pool.pool,
        "proposed": [candidate_out(one) for one in pool.proposed],
        "near_misses": [candidate_out(one) for one in pool.misses],
    }


def candidate_out(one: Shown) -> dict[str, Any]:
    answer, judged = one.answer, one.judgement
    return {
        "ref": one.key,
        "name": str(one.target),
        "url": one.target.get_absolute_url(),
        "place": one.shown_place,
        "computed_place": one.place,
        "standing": str(one.standing),
        "stale": one.stale,
        "score": None if one.stale else one.score,
        "parts": [{"name": share.name, "label": str(share.label), "value": share.value} for share in one.shares],
        "terms": one.terms,
        "conditions": [condition_out(finding) for finding in one.findings],
        "missing": one.missing,
        "changes": [change_text(change) for change in one.changes],
        "answer": None if answer is None else {"kind": one.answer_kind, "ref": answer.ref, "name": answer.name},
        "judgement": None
        if judged is None
        else {"verdict": judged.verdict, "reason": judged.reason, "day": judged.day},
        "invitation": None if one.invitation is None else one.invitation.state,
        "demo": one.target.demo,
    }


def condition_out(finding: ShownFinding) -> dict[str, Any]:
    evidence = [{"kind": row.kind, "text": row.text, "url": row.url, "day": row.day} for row in finding.evidence]
    return {
        "code": finding.code,
        "label": str(finding.label),
        "outcome": str(finding.outcome),
        "evidence": evidence,
        "closing": finding.closing,
    }
