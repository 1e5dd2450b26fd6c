"""The published draw, for everybody: page and file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from qunxing.core.reasons import Reason
from qunxing.panels.models import Panel
from qunxing.panels.proof import check_draw, published


@require_safe
def panel_proof(request: HttpRequest, ref: str) -> HttpResponse:
    """What was fixed before, what was drawn, and whether repeating it brings the same."""
    panel = get_object_or_404(Panel.objects.published(), ref=ref)
    told = published(panel)
    faults: list[Reason] = check_draw(told) if panel.drawn_at is not None else []
    return render(request, "panels/proof.html", {"panel": panel, "told": told, "faults": faults})


@require_safe
def panel_proof_file(_request: HttpRequest, ref: str) -> HttpResponse:
    panel = get_object_or_404(Panel.objects.published(), ref=ref)
    answer = JsonResponse(published(panel), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{panel.ref}.json"'
    return answer
