"""Undoing a batch: what it would do, the reason, and what came of it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qunxing.core.errors import Refused
from qunxing.intake import actions
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch
from qunxing.intake.queries import marks_named, may_see_rows
from qunxing.intake.reconciling.accepting import waiting_whole
from qunxing.intake.rules import Permission
from qunxing.intake.telling import SHOWN, kept_steps, plan_json
from qunxing.intake.views.imports import begin, idle_batch
from qunxing.ledger.edges import require
from qunxing.ledger.jobs import seen
from qunxing.ledger.models import Job
from qunxing.ledger.reasons import bare, needed_reason
from qunxing.ledger.undoing import Fate

LARGE = 1_000  # versions; undoing more, or looking at what it would do, is long work


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.IMPORT)
    batch = get_object_or_404(Batch.objects.select_related("source", "owner"), ref=ref)
    may_see_rows(batch, request.user)
    written = actions.written_by(batch)
    if request.method == "POST":
        return undo(request, batch, is_large=written > LARGE)
    looked = looked_at(request, batch)
    context: dict[str, Any] = {"batch": batch, "large": written > LARGE, "looked": looked}
    if looked is not None:
        context |= plan_context(looked.result["plan"], request, look=looked.ref)
    elif written <= LARGE:
        context |= plan_context(plan_json(actions.plan_of(batch), user=request.user), request)
    return render(request, "intake/undo.html", context)


def looked_at(request: HttpRequest, batch: Batch) -> Job | None:
    """The reader's own look at what undoing a large batch would do, as it stood then."""
    words = {"kind": "intake.undo_plan", "state": Job.State.DONE, "owner": request.user}
    found: Job | None = Job.objects.filter(**words, ref=bare(request.GET.get("look", ""))).first()
    return found if found is not None and found.arguments.get("batch") == batch.ref else None


def plan_context(plan: Mapping[str, Any], request: HttpRequest, *, look: str = "") -> dict[str, Any]:
    """The steps of one fate, and how many there are of each."""
    labels, counts = fate_labels(), plan["counts"]
    asked = request.GET.get("rows", "")
    shown = [fate for fate in labels if counts[fate]]
    chosen = asked if asked in shown else next(iter(shown), "")
    more = f"&look={look}" if look else ""
    return {
        "counts": counts,
        "tabs": [(labels[fate], f"?rows={fate}{more}#rows", fate == chosen, counts[fate]) for fate in shown],
        "steps": plan["steps"].get(chosen, []),
        "step_total": counts.get(chosen, 0),
        "fate": chosen,
        "nothing": not any(counts[fate] for fate in labels if fate != Fate.KEPT),
    }


def fate_labels() -> dict[str, str]:
    return {
        str(Fate.KEPT): pgettext("records when a batch is undone", "Kept"),
        str(Fate.REMOVED): pgettext("records when a batch is undone", "Removed"),
        str(Fate.RESTORED): pgettext("records when a batch is undone", "Set back"),
        str(Fate.BACK): pgettext("records when a batch is undone", "Brought back"),
    }


def undo(request: HttpRequest, batch: Batch, *, is_large: bool) -> HttpResponse:
    """Look, undo all of it, or undo the chosen records; of a large batch the first two as long work."""
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    if is_large and what in {"look", "all"}:
        work, words = ("undo_plan", {}) if what == "look" else ("undo", {"reason": needed_reason(reason)})
        with transaction.atomic():
            return begin(request, work, idle_batch(batch.ref, Batch.State.APPLIED), **words)
    only = None if what == "all" else marks_named(request.POST.getlist("record")[:SHOWN], user=request.user)
    if what not in {"all", "chosen"} or only == []:
        raise Refused(_("Choose the records that are to be undone."), status=422)
    made = actions.undo_batch(batch, actor=request.user, reason=reason, only=only)
    whole = waiting_whole(batch)
    if whole is not None:
        start_job("look_again", whole, actor=request.user, language=get_language() or settings.LANGUAGE_CODE)
    messages.success(request, _("Undone."))
    return redirect(made)


def written_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """What an undoing or a merge was, and what it left as it is."""
    may_see_rows(batch, request.user)
    job = seen(batch.job) if batch.job is not None else None
    context = {
        "batch": batch,
        "job": job,
        "busy": job is not None and not job.over,
        "undone": actions.undone_by(batch),
        "may_undo": request.user.has_perm(Permission.IMPORT) and batch.recorded_at is not None,
        "counts": [(label, batch.counts.get(code, 0)) for code, label in fate_labels().items()],
        "kept": kept_steps(batch.preview.get("kept", []), user=request.user),
    }
    return render(request, "intake/undone.html", context)
