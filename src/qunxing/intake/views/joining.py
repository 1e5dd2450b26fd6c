"""Duplicates of organisations: the pairs, two side by side, joined or told apart."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.intake.joining.candidates import REASONS, candidates, tell_apart
from qunxing.intake.joining.finding import Candidate
from qunxing.intake.joining.merging import choosable_fields, default_choice, merge
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import require
from qunxing.ledger.queries import Words, value_text

PAGE = 50


@dataclass(frozen=True)
class Choice:
    """One field of both records, with the one that is proposed."""

    name: str
    label: Any
    ours: str
    theirs: str
    other: bool

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE)
    pages = Paginator(candidates(), PAGE)
    page = pages.get_page(request.GET.get("page"))
    pairs = [pair for pair in in_full(list(page.object_list)) if pair["first"] and pair["second"]]
    context = {"pairs": pairs, "total": pages.count, "page": page}
    return render(request, "intake/joining/duplicates.html", context)


def in_full(found: list[Candidate]) -> list[dict[str, Any]]:
    """The candidates with their records, in one query."""
    rows = Organization.objects.in_bulk({key for one in found for key in (one.first, one.second)})
    return [
        {"first": rows.get(one.first), "second": rows.get(one.second), "percent": round(one.score * 100)}
        | {"ground": one.ground.label, "reasons": [REASONS[code] for code in one.reasons]}
        for one in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, ref: str, other_ref: str) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    if ref == other_ref:
        raise Http404
    rows = Organization.objects.visible_to(request.user)
    kept, other = get_object_or_404(rows, ref=ref), get_object_or_404(rows, ref=other_ref)
    if request.method == "POST":
        return settle(request, kept, other)
    context = {"kept": kept, "other": other, "choices": choices(kept, other)}
    return render(request, "intake/joining/duplicate.html", context)


def choices(kept: Organization, other: Organization) -> list[Choice]:
    words, proposed = Words(), default_choice(kept, other)
    return [
        Choice(
            field.name,
            field.verbose_name,
            value_text(field, getattr(kept, field.attname), words),
            value_text(field, getattr(other, field.attname), words),
            field.name in proposed,
        )
        for field in choosable_fields()
    ]


def settle(request: HttpRequest, kept: Organization, other: Organization) -> HttpResponse:
    what, reason = request.POST.get("what", ""), request.POST.get("reason", "")
    if what == "distinct":
        tell_apart(kept, other, actor=request.user, note=reason)
        messages.success(request, _("Remembered: these are two."))
        return redirect("intake:duplicates")
    if what != "merge":
        raise Refused(_("Say whether the two are one."), status=422)
    taken = {field.name for field in choosable_fields() if request.POST.get(field.name) == "other"}
    made = merge(kept, other, actor=request.user, reason=reason, taken=taken)
    messages.success(request, _("Joined."))
    return redirect(made)
