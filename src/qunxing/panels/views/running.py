"""What staff do with a panel: one view for each intent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from qunxing.core.errors import IllegalTransition
from qunxing.ledger.queries import visible_or_404
from qunxing.panels import actions
from qunxing.panels.models import Conflict, Panel, RecusalRequest, Seat


def posted(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:2_000]


STEPS: dict[str, Callable[[Panel, HttpRequest], Any]] = {
    "commit": lambda panel, request: actions.commit_draw(panel, actor=request.user),
    "uncommit": lambda panel, request: actions.uncommit(panel, actor=request.user, reason=posted(request, "reason")),
    "draw": lambda panel, request: actions.draw(panel, actor=request.user, word=posted(request, "reason")),
    "commit_more": lambda panel, request: actions.commit_more(
        panel, actor=request.user, reason=posted(request, "reason")
    ),
    "draw_more": lambda panel, request: actions.draw_more(panel, actor=request.user, word=posted(request, "reason")),
    "open": lambda panel, request: actions.open_scoring(panel, actor=request.user),
    "close": lambda panel, request: actions.close(panel, actor=request.user),
    "reopen": lambda panel, request: actions.reopen(panel, actor=request.user, reason=posted(request, "reason")),
    "dissolve": lambda panel, request: actions.dissolve(panel, actor=request.user, reason=posted(request, "reason")),
}


@require_POST
def panel_move(request: HttpRequest, ref: str) -> HttpResponse:
    panel: Panel = visible_or_404(Panel.objects, request.user, ref)
    step = STEPS.get(posted(request, "step"))
    if step is None:
        raise IllegalTransition
    step(panel, request)
    panel.refresh_from_db()
    words = {"panel": panel, "state": panel.get_state_display()}
    messages.success(request, _("%(panel)s is now: %(state)s.") % words)
    return redirect(panel.get_absolute_url())


@require_POST
def panel_check(request: HttpRequest, ref: str) -> HttpResponse:
    panel: Panel = visible_or_404(Panel.objects, request.user, ref)
    count = len(actions.check_conflicts(panel, actor=request.user))
    words = ngettext("%(count)s conflict stands.", "%(count)s conflicts stand.", count)
    messages.success(request, words % {"count": count})
    return redirect("panels:panel-conflicts", panel.ref)


@require_POST
def panel_assign(request: HttpRequest, ref: str) -> HttpResponse:
    panel: Panel = visible_or_404(Panel.objects, request.user, ref)
    count = len(actions.assign(panel, actor=request.user))
    words = ngettext("%(count)s review is assigned.", "%(count)s reviews are assigned.", count)
    messages.success(request, words % {"count": count})
    return redirect("panels:panel-assignment", panel.ref)


@require_POST
def seat_move(request: HttpRequest, ref: str) -> HttpResponse:
    """A seat is accepted, declined, left or followed; its expert comes back to the desk, staff to the panel."""
    seat: Seat = visible_or_404(Seat.objects.select_related("panel", "expert"), request.user, ref)
    reason, step = posted(request, "reason"), posted(request, "step")
    if step == "accept":
        actions.accept(seat, actor=request.user)
    elif step == "decline":
        actions.decline(seat, actor=request.user, reason=reason)
    elif step == "recuse":
        actions.recuse(seat, actor=request.user, reason=reason)
    elif step in {"replace", "follow"}:
        actions.replace(seat, actor=request.user, reason=reason)
    else:
        raise IllegalTransition
    messages.success(request, _("Done."))
    own = seat.expert.user_id == request.user.pk
    return redirect("panels:review-list") if own else redirect(seat.get_absolute_url())


@require_POST
def conflict_judge(request: HttpRequest, ref: str) -> HttpResponse:
    row: Conflict = visible_or_404(Conflict.objects.select_related("panel"), request.user, ref)
    actions.judge_conflict(row, posted(request, "step"), actor=request.user, reason=posted(request, "reason"))
    messages.success(request, _("The conflict is now %(state)s.") % {"state": row.get_state_display()})
    return redirect("panels:panel-conflicts", row.panel.ref)


@require_POST
def request_decide(request: HttpRequest, ref: str) -> HttpResponse:
    row: RecusalRequest = visible_or_404(RecusalRequest.objects.select_related("panel", "item"), request.user, ref)
    actions.decide_request(row, posted(request, "step"), actor=request.user, reason=posted(request, "reason"))
    messages.success(request, _("The request is now %(state)s.") % {"state": row.get_state_display()})
    return redirect("panels:panel-conflicts", row.panel.ref)
