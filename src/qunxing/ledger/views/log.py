"""The log for people: its entries, the proof of each, and the whole as a file."""

import json

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunxing.ledger.edges import require
from qunxing.ledger.exporting import exported_log, proof_of
from qunxing.ledger.models import Checkpoint, LogEntry, LogHead
from qunxing.ledger.rules import Permission
from qunxing.ledger.writing import signing_key

PAGE_SIZE = 100


class ByIndex(Paginator):  # type: ignore[type-arg]
    """Pages of the log; the head knows how many entries there are, so that none is counted."""

    @property
    def count(self) -> int:
        head = LogHead.objects.filter(pk=1).first()
        return head.size if head else 0


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The entries, newest first; ``subject`` narrows to one record."""
    require(request.user, Permission.SEE_LOG)
    subject = request.GET.get("subject", "").replace("\x00", "").strip()[:40]
    rows = LogEntry.objects.order_by("-index")
    pages = Paginator(rows.filter(subject_ref=subject), PAGE_SIZE) if subject else ByIndex(rows, PAGE_SIZE)
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "subject": subject,
        "size": head.size,
        "checkpoint": Checkpoint.objects.order_by("-size").first(),
        "key": str(signing_key(head).verifier),
    }
    return render(request, "ledger/log.html", context)


@require_safe
def log_proof(request: HttpRequest, index: int) -> HttpResponse:
    require(request.user, Permission.SEE_LOG)
    body = json.dumps(proof_of(index), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="log-proof-{index}.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@require_safe
def log_export(request: HttpRequest) -> StreamingHttpResponse:
    require(request.user, Permission.SEE_LOG)
    headers = {"Content-Disposition": 'attachment; filename="log.jsonl"'}
    return StreamingHttpResponse(exported_log(), content_type="application/jsonl; charset=utf-8", headers=headers)
