"""Duplicates of organisations: the pairs, the search for them, two side by side, joined or told apart."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.intake.joining.candidates import reasons_text, tell_apart
from qunxing.intake.joining.finding import RULES
from qunxing.intake.joining.jobs import start_search
from qunxing.intake.joining.lists import DUPLICATES
from qunxing.intake.joining.merging import choosable_fields, default_choice, merge
from qunxing.intake.joining.searching import behind, follow_a_while
from qunxing.intake.models import DuplicatePair, DuplicateSearch
from qunxing.intake.rules import Permission
from qunxing.ledger.edges import require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Words, value_text


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
    return list_response(request, DUPLICATES, "intake/joining/duplicates.html", **search_context(request.user))


def search_context(user: Any) -> dict[str, Any]:
    """How far what is shown can be relied on."""
    search = DuplicateSearch.objects.filter(pk=1).first()
    return {
        "search": search,
        "finished": search is not None and search.log_size is not None,
        "outdated": search is not None and search.log_size is not None and search.rules != RULES,
        "behind": behind(),
        "may_settle": user.has_perm(Permission.SETTLE),
    }


@require_POST
def duplicate_search(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    job = start_search(actor=request.user, language=get_language() or settings.LANGUAGE_CODE)
    return redirect("ledger:job-detail", ref=job.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, ref: str, other_ref: str) -> HttpResponse:
    require(request.user, Permission.SETTLE)
    if ref == other_ref:
        raise Http404
    rows = Organization.objects.visible_to(request.user)
    kept, other = get_object_or_404(rows, ref=ref), get_object_or_404(rows, ref=other_ref)
    if request.method == "POST":
        return settle(request, kept, other)
    context = {"kept": kept, "other": other, "choices": choices(kept, other), **found_context(kept, other)}
    return render(request, "intake/joining/duplicate.html", context)


def found_context(kept: Organization, other: Organization) -> dict[str, Any]:
    """Why the two were taken for one, where they were."""
    first, second = sorted((kept.pk, other.pk))
    found = DuplicatePair.objects.filter(first=first, second=second).first()
    return {"found": found, "reasons": reasons_text(found.reasons) if found is not None else ""}


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
    follow_a_while()  # so that the list is true when the person comes back to it
    messages.success(request, _("Joined."))
    return redirect(made)
