"""Undoing a batch: what it would do, the reason, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qunxing.core.errors import Refused
from qunxing.intake import actions
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch
from qunxing.intake.rules import Permission
from qunxing.intake.telling import told_steps
from qunxing.ledger.edges import require
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.undoing import Fate, UndoPlan

SHOWN = 100
LARGE = 5_000  # versions; undoing more is long work


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    batch = get_object_or_404(Batch.objects.select_related("source", "owner"), ref=ref)
    written = actions.written_by(batch)
    if request.method == "POST":
        return undo(request, batch, written)
    if written > LARGE and not request.GET.get("rows"):
        return render(request, "intake/undo.html", {"batch": batch, "large": True})
    context = {"batch": batch} | plan_context(actions.plan_of(batch), request.GET.get("rows", ""))
    return render(request, "intake/undo.html", context)


def plan_context(plan: UndoPlan, asked: str) -> dict[str, Any]:
    """The steps of one fate, and how many there are of each."""
    labels = fate_labels()
    counts = plan.counts
    shown = [fate for fate in labels if counts[fate]]
    chosen = asked if asked in shown else next(iter(shown), "")
    steps = plan.of(Fate(chosen)) if chosen else []
    tabs = [(labels[fate], f"?rows={fate}", fate == chosen, counts[fate]) for fate in shown]
    told = told_steps(steps[:SHOWN])
    return {"plan": plan, "counts": counts, "tabs": tabs, "steps": told, "step_total": len(steps), "fate": chosen}


def fate_labels() -> dict[str, str]:
    return {
        str(Fate.KEPT): pgettext("records when a batch is undone", "Kept"),
        str(Fate.REMOVED): pgettext("records when a batch is undone", "Removed"),
        str(Fate.RESTORED): pgettext("records when a batch is undone", "Set back"),
        str(Fate.BACK): pgettext("records when a batch is undone", "Brought back"),
    }


def undo(request: HttpRequest, batch: Batch, written: int) -> HttpResponse:
    reason, what = request.POST.get("reason", "").strip(), request.POST.get("what", "")
    if not reason:
        raise Refused(_("Say why it is undone."), status=422)
    if what == "all" and written > LARGE:
        language = get_language() or "zh-hans"
        job = start_job("undo", batch, actor=request.user, language=language, reason=reason)
        return redirect("ledger:job-detail", ref=job.ref)
    only = None if what == "all" else chosen_marks(request.POST.getlist("record"))
    if what not in {"all", "chosen"} or only == []:
        raise Refused(_("Choose the records that are to be undone."), status=422)
    made = actions.undo_batch(batch, actor=request.user, reason=reason, only=only)
    messages.success(request, _("Undone."))
    return redirect(made)


def chosen_marks(texts: Sequence[str]) -> list[tuple[str, int]]:
    """(kind, key) of the records that are named as ``kind:reference``, removed ones too; others are passed over."""
    found: list[tuple[str, int]] = []
    for code, kind in record_kinds().items():
        refs = [text.removeprefix(f"{code}:") for text in texts if text.startswith(f"{code}:")]
        if refs:
            keys = kind.history.filter(ref__in=refs[:SHOWN]).order_by().values_list("id", flat=True).distinct()
            found += [(code, key) for key in keys]
    return found


def written_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What an undoing or a merge was, and what it left as it is."""
    context = {
        "batch": batch,
        "undone": actions.undone_by(batch),
        "may_undo": request.user.has_perm(Permission.IMPORT) and batch.recorded_at is not None,
        "counts": [(label, batch.counts.get(code, 0)) for code, label in fate_labels().items()],
        "kept": batch.preview.get("kept", []),
    }
    return render(request, "intake/undone.html", context)
