"""Reports over the API: what was issued, as the reader may see it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from qunxing.indicators.lists import REPORTS
from qunxing.indicators.models import Report
from qunxing.indicators.queries.reports import paper_of
from qunxing.indicators.reports.exchange import contract
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404

router = Router(tags=["indicators"])


@router.get("/reports")
def reports(request: HttpRequest) -> dict[str, Any]:
    """A page of reports; takes the list's own parameters (q, state, template, as_of, audience, sort, page, col)."""
    return json_page(request, REPORTS)


@router.get("/reports/{ref}")
def report(request: HttpRequest, ref: str) -> dict[str, Any]:
    """A report as it was issued, or a draft as of now: its figures, each with the rows that the reader may see."""
    found: Report = visible_or_404(Report.objects.select_related("template", "scope__community"), request.user, ref)
    paper = paper_of(found, request.user)
    said = contract(paper.content, sealed=paper.digest, seen=paper.seen)
    return {"ref": found.ref, "number": found.number, "state": found.state, "demo": found.demo} | said
