"""Pages of labels: where it stands, rating, settling, files."""

import zipfile
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.ledger.edges import require
from qunxing.matching.labelling import actions, queries
from qunxing.matching.labelling.agreement import GRADES
from qunxing.matching.labelling.files import exported, take_in
from qunxing.matching.labelling.forms import LabelsForm
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.labelling.rules import Permission
from qunxing.matching.labelling.sides import shown_pair
from qunxing.matching.labelling.words import MEANINGS, kappa_words, spread_chart

SHOWN = 100
WRONG_SHOWN = 200


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How far the rating is, how raters agree, what is to be settled; a rater sees only the way to the next pair."""
    user = request.user
    if not (user.has_perm(Permission.SEE) or user.has_perm(Permission.RATE)):
        require(user, Permission.SEE)
    return render(request, "matching/labelling/overview.html", overview_context(request))


def overview_context(request: HttpRequest) -> dict[str, Any]:
    user, context = request.user, dict[str, Any]()
    if user.has_perm(Permission.SEE):
        found = queries.standing()
        context = {
            "standing": found,
            "disputed": found.disputed[:SHOWN],
            "kappa_words": kappa_words(found.together.kappa),
            "chart": spread_chart(found.spread, timezone.localdate()) if found.spread else None,
            "day": timezone.localdate(),
        }
    if user.has_perm(Permission.RATE):
        context["work"] = queries.work_of(user)
    return context | {"meanings": MEANINGS, "may": may(user), "form": LabelsForm()}


def may(user: Any) -> dict[str, bool]:
    return {permission.name.lower(): user.has_perm(permission) for permission in Permission}


@require_safe
def rate_next(request: HttpRequest) -> HttpResponse:
    """The pair that lacks this rater."""
    require(request.user, Permission.RATE)
    work = queries.work_of(request.user)
    if work.next is None:
        messages.info(request, _("No pair waits for you."))
        return redirect("matching:labels:overview")
    return pair_response(request, work.next, work)


@require_safe
def rate(request: HttpRequest, ref: str) -> HttpResponse:
    """One pair, also one that was rated already, to be rated anew."""
    pair = pair_of(request, ref)
    return pair_response(request, pair, queries.work_of(request.user))


def pair_response(request: HttpRequest, pair: RatingPair, work: queries.Work) -> HttpResponse:
    """Blind: what both sides say of themselves, and the four grades."""
    mine = queries.own_label(pair, request.user)
    context = {
        "shown": shown_pair(pair, request.user),
        "mine": mine,
        "before": queries.last_rated(request.user, mine),
        "meanings": MEANINGS,
        "work": work,
    }
    return render(request, "matching/labelling/rate.html", context)


def pair_of(request: HttpRequest, ref: str) -> RatingPair:
    require(request.user, Permission.RATE)
    pair = queries.pair_for(request.user, ref)
    if pair is None:
        raise Http404
    return pair


@require_POST
def grade(request: HttpRequest, ref: str) -> HttpResponse:
    pair = pair_of(request, ref)
    actions.rate(
        pair,
        actor=request.user,
        grade=grade_of(request),
        day=timezone.localdate(),
        note=request.POST.get("note", ""),
    )
    return redirect("matching:labels:rate-next")


def grade_of(request: HttpRequest) -> int:
    text = request.POST.get("grade", "")
    return int(text) if text in {str(grade) for grade in GRADES} else 0


@require_POST
def skip(request: HttpRequest, ref: str) -> HttpResponse:
    actions.skip(pair_of(request, ref), actor=request.user, day=timezone.localdate())
    return redirect("matching:labels:rate-next")


@require_POST
def settle(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.MANAGE)
    pair = get_object_or_404(RatingPair.objects.select_related("scenario", "organization"), ref=ref)
    reason = request.POST.get("reason", "")
    actions.settle(pair, actor=request.user, grade=grade_of(request), reason=reason, day=timezone.localdate())
    messages.success(request, _("Settled."))
    return redirect("matching:labels:overview")


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.MANAGE)
    count = actions.draw_pairs(actor=request.user, day=timezone.localdate())
    words = ngettext("%(count)s new pair is to be rated.", "%(count)s new pairs are to be rated.", count)
    messages.success(request, words % {"count": count})
    return redirect("matching:labels:overview")


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take labels in; what cannot be taken is named row by row, the rest is kept."""
    require(request.user, Permission.MANAGE)
    form = LabelsForm(request.POST, request.FILES)
    told, status = None, 422
    if form.is_valid():
        try:
            told, status = take_in(form.cleaned_data["file"], actor=request.user, day=timezone.localdate()), 200
        except Refused as refused:
            form.add_error("file", str(refused))
    context = {"form": form, "told": told, "wrong": told.wrong[:WRONG_SHOWN] if told else []}
    return render(request, "matching/labelling/taken.html", context, status=status)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The three files in one archive."""
    require(request.user, Permission.SEE)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in exported().files.items():
            archive.writestr(name, text)
    answer = HttpResponse(file.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="labels-{timezone.localdate():%Y%m%d}.zip"'
    return answer
