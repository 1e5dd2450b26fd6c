"""Short names and whom they may mean: proposed, looked through, made names of their firms or dismissed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.core.text import fold_name
from qunxing.intake.joining.aliases import ACCEPTED, Short, Sign
from qunxing.intake.joining.jobs import start_proposing
from qunxing.intake.joining.naming import LABELS
from qunxing.intake.joining.proposals import accept_proposals, dismiss_proposals
from qunxing.intake.models import AliasProposal
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import require

PAGE = 50
MOST = 2_000  # short names proposed at once
State = AliasProposal.State


@require_safe
def short_names(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    state = request.GET.get("state", "")
    state = state if state in State.values else State.OPEN
    words = request.GET.get("q", "").strip()[:200]
    rows = AliasProposal.objects.select_related("organization", "settled_by", "batch").filter(state=state)
    if words:
        rows = rows.filter(short_key__contains=fold_name(words)) | rows.filter(
            organization__search_key__contains=fold_name(words)
        )
    page = Paginator(rows.order_by("-score", "short_key", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [shown(row) for row in page.object_list],
        "tabs": tabs(state),
        "state": state,
        "words": words,
        "may_settle": request.user.has_perm(Permission.SETTLE),
    }
    return render(request, "intake/joining/short_names.html", context)


def shown(row: AliasProposal) -> dict[str, Any]:
    signs = [LABELS[Sign(code)] for code in row.signs if code in tuple(Sign)]
    return {"row": row, "percent": round(row.score / 10), "signs": signs, "sure": row.score >= ACCEPTED * 1000}


def tabs(asked: str) -> list[tuple[Any, ...]]:
    return [
        (label, f"?state={code}", code == asked, AliasProposal.objects.filter(state=code).count())
        for code, label in State.choices
    ]


@require_POST
def short_names_settle(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    what, refs, reason = request.POST.get("what", ""), request.POST.getlist("name"), request.POST.get("reason", "")
    if what == "accept":
        made = accept_proposals(refs, actor=request.user, reason=reason)
        messages.success(request, _("They bear these names now."))
        return redirect(made)
    if what != "dismiss":
        raise Refused(_("Say whether these are their names."), status=422)
    dismiss_proposals(refs, actor=request.user, note=reason)
    messages.success(request, _("Put away; it will not be proposed again."))
    return redirect("intake:short-names")


@require_POST
def short_names_propose(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    shorts = shorts_in(request.POST.get("names", ""))
    if not shorts:
        raise Refused(_("Write the short names, one a line."), status=422)
    if len(shorts) > MOST:
        raise Refused(_("These are more than %(most)s short names.") % {"most": MOST}, status=422)
    job = start_proposing(shorts, actor=request.user, language=get_language() or settings.LANGUAGE_CODE)
    return redirect("ledger:job-detail", ref=job.ref)


def shorts_in(text: str) -> list[Short]:
    """One a line, the place behind a tab or a comma."""
    found = []
    for line in text.replace("\x00", "").splitlines():
        name, _comma, place = line.replace("\t", ",").replace("，", ",").partition(",")
        if fold_name(name):
            found.append(Short(name.strip(), place.strip()))
    return found
