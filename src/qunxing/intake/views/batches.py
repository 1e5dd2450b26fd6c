"""The page of a batch, which its kind tells."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from qunxing.intake.models import Batch
from qunxing.intake.rules import Permission
from qunxing.intake.views.imports import import_detail
from qunxing.intake.views.sheets import batch_page
from qunxing.intake.views.undoing import written_page
from qunxing.ledger.edges import require

PAGES: dict[str, Callable[[HttpRequest, Any], HttpResponse]] = {
    Batch.Kind.SHEET: batch_page,
    Batch.Kind.UNDO: written_page,
    Batch.Kind.MERGE: written_page,
    Batch.Kind.ALIAS: written_page,
}


@require_safe
def batch_detail(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SEE)
    batch = get_object_or_404(Batch.objects.select_related("job", "source", "owner"), ref=ref)
    page = PAGES.get(batch.kind)
    return page(request, batch) if page else import_detail(request, ref)
