"""Claims: list by indicator, page, forms."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.ui import wants_fragment
from qunxing.indicators.days import show_as_of
from qunxing.indicators.forms.claims import ClaimForm
from qunxing.indicators.lists import CLAIMS, TONES
from qunxing.indicators.models import Claim, Proposal, Status
from qunxing.indicators.names import indicator_name
from qunxing.indicators.queries.checks import CHECKS_PAGE, Check, Checker, checked_claims
from qunxing.indicators.queries.claims import beside, compare, grouped
from qunxing.indicators.rules import Permission
from qunxing.indicators.showing import scope_name, show_claim
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import build_page, list_response
from qunxing.ledger.queries import Fact, FieldEvidence, visible_or_404


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    if request.GET.get("format"):
        return list_response(request, CLAIMS)
    page = build_page(CLAIMS, request.user, request.GET)
    name = "indicators/claims.html#rows" if wants_fragment(request) else "indicators/claims.html"
    return render(request, name, {"page": page, "groups": grouped(page)})


@require_safe
def claim_detail(request: HttpRequest, ref: str) -> HttpResponse:
    rows = Claim.objects.select_related("origin", "scope")
    claim: Claim = visible_or_404(rows, request.user, ref)
    context = record_context(request, claim)
    record = context["record"]
    together = beside(claim, user=request.user)
    context |= {
        "value": show_claim(record),
        "scope": scope_name(record),
        "rests_on": f"{show_as_of(record)} · {record.origin.title}",
        "evidence_elsewhere": rests_on_others(record, context["evidence"]),
        "indicator": indicator_name(record.indicator),
        "facts": claim_facts(record),
        "beside": [shown(row, here=row.pk == claim.pk) for row in together] if len(together) > 1 else [],
        "comparison": compare(together),
        "may_change": request.user.has_perm(Permission.CHANGE_CLAIM, claim),
        "phrases": phrases_of(claim, user=request.user),
        "check": check_of(record, user=request.user),
    }
    return render(request, "indicators/claim.html", context)


@require_safe
def claim_checks(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_CHECKS)
    page = Paginator(checked_claims(request.user), CHECKS_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"check": check, "name": indicator_name(check.claim.indicator), **shown(check.claim, here=False)}
        for check in Checker(request.user).checks(page.object_list)
    ]
    return render(request, "indicators/checks.html", {"rows": rows, "page": page})


def check_of(claim: Claim, *, user: Any) -> Check | None:
    """The claim against the ledger, for readers who see all of the ledger."""
    return Checker(user).check(claim) if user.has_perm(Permission.SEE_CHECKS) else None


def phrases_of(claim: Claim, *, user: Any) -> list[Proposal]:
    """Where the claim was read, marked in its article, for whoever may see that."""
    if not user.has_perm(Permission.SEE_READINGS):
        return []
    return list(Proposal.objects.visible_to(user).filter(claim=claim).select_related("reading__origin")[:3])


def rests_on_others(claim: Claim, evidence: list[FieldEvidence]) -> bool:
    """Whether another source than the claim's own says something of it; else the page need not repeat its source."""
    return any(row.source_id != claim.origin_id for item in evidence for row, _value, _agrees in item.rows)


def claim_facts(claim: Claim) -> list[Fact]:
    """What stands beside its words; a claim without status or note lacks nothing."""
    found = [
        Fact(_("Indicator"), indicator_name(claim.indicator)),
        Fact(_("Subject"), claim.subject),
        Fact(_("Scope"), scope_name(claim)),
        Fact(_("As of"), show_as_of(claim)),
        Fact(_("Status"), claim.get_status_display()),
        Fact(_("Source"), claim.origin.title, url=claim.origin.get_absolute_url()),
        Fact(_("Place in the source"), claim.place),
        Fact(_("Note"), claim.note, wide=True),
    ]
    return [fact for fact in found if fact.value]


def shown(claim: Claim, *, here: bool) -> dict[str, Any]:
    """One line of the claims beside each other."""
    return {
        "claim": claim,
        "value": show_claim(claim),
        "scope": scope_name(claim),
        "as_of": show_as_of(claim),
        "tone": TONES[Status(claim.status)] if claim.status else "",
        "here": here,
    }


def form_of(user: Any, data: Any, instance: Claim | None) -> ClaimForm:
    return ClaimForm(data, instance=instance, user=user)


def claim_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_CLAIM)
    form = form_of(request.user, request.POST or None, None)
    back, template = reverse("indicators:claim-list"), "indicators/form.html"
    return create_response(request, form, title=_("New claim"), back=back, template=template)


def claim_edit(request: HttpRequest, ref: str) -> HttpResponse:
    claim = visible_or_404(Claim.objects, request.user, ref)
    require(request.user, Permission.CHANGE_CLAIM, claim)
    build = partial(form_of, request.user)
    return edit_response(request, claim, build, title=_("Edit claim"), template="indicators/form.html")
