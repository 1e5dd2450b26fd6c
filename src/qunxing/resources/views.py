"""Offers: list, page, forms, steps."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.divisions import division_name
from qunxing.directory.models import Organization
from qunxing.directory.queries import field_names
from qunxing.ledger.actions import remove
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, FieldEvidence, facts, visible_or_404
from qunxing.resources import actions
from qunxing.resources.forms import OfferForm
from qunxing.resources.lists import OFFERS, quantity_text
from qunxing.resources.models import Offer
from qunxing.resources.queries import kind_counts
from qunxing.resources.rules import Permission
from qunxing.resources.states import OFFER, TONES
from qunxing.resources.vouchers import voucher_panel

FACTS = (
    "kind", "provider", "quantity", "number_format", "region", "domestic_chips", "fields", "valid_from",
    "valid_until", "price_terms", "description",
)  # fmt: skip


@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """All offers, or those of one organisation (``?organization=ref``)."""
    spec, subject = OFFERS, None
    if ref := request.GET.get("organization", ""):
        subject = visible_or_404(Organization.objects, request.user, ref)
        spec = replace(OFFERS, rows=lambda user: Offer.objects.visible_to(user).filter(provider=subject))
    context = {"subject": subject, "summary": partial(offer_summary, request.user)}
    return list_response(request, spec, "resources/offer_list.html", **context)


def offer_summary(user: Any) -> dict[str, Any]:
    """How many offers of each kind stand today; asked for by the whole page only, never by a fragment."""
    day = timezone.localdate()
    return {"counts": kind_counts(user, day), "day": day}


@require_safe
def offer_detail(request: HttpRequest, ref: str) -> HttpResponse:
    offer = shown_offer(request, ref)
    context = record_context(request, offer, OFFER)
    context |= {
        "facts": offer_facts(context["record"], context["evidence"]),
        "state_tone": TONES[context["record"].state],
        "vouchers": voucher_panel(offer, request.user),
        "can": {permission.name.lower(): request.user.has_perm(permission, offer) for permission in Permission},
    }
    return render(request, "resources/offer.html", context)


def shown_offer(request: HttpRequest, ref: str) -> Offer:
    offer: Offer = visible_or_404(Offer.objects.select_related("provider"), request.user, ref)
    return offer


def offer_facts(offer: Offer, evidence: Sequence[FieldEvidence]) -> list[Fact]:
    shown = facts(
        offer,
        FACTS,
        evidence,
        provider=offer.provider.name,
        quantity=quantity_text(offer),
        region=division_name(offer.region) or _("anywhere"),
        fields="、".join(name.strip() for name in field_names(offer.fields)),
    )
    provider_url = offer.provider.get_absolute_url()
    return [
        replace(item, url=provider_url) if name == "provider" else item for name, item in zip(FACTS, shown, strict=True)
    ]


def offer_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_OFFER)
    asked = Organization.objects.visible_to(request.user).filter(ref=request.GET.get("organization", "")).first()
    form = OfferForm(request.POST or None, user=request.user, initial={"provider": asked.pk} if asked else {})
    return create_response(request, form, title=_("New offer"), back=reverse("resources:offer-list"))


def offer_edit(request: HttpRequest, ref: str) -> HttpResponse:
    offer = shown_offer(request, ref)
    require(request.user, Permission.CHANGE_OFFER, offer)
    return edit_response(request, offer, partial(form_of, request.user), title=_("Edit offer"))


def form_of(user: Any, data: Any, instance: Offer) -> OfferForm:
    return OfferForm(data, instance=instance, user=user)


@require_POST
def offer_move(request: HttpRequest, ref: str) -> HttpResponse:
    offer = shown_offer(request, ref)
    reason = request.POST.get("reason", "")[:500]
    actions.move(offer, request.POST.get("step", ""), actor=request.user, reason=reason)
    messages.success(request, _("“%(offer)s” is now %(state)s.") % {"offer": offer, "state": offer.get_state_display()})
    return redirect(offer.get_absolute_url())


@require_POST
def offer_remove(request: HttpRequest, ref: str) -> HttpResponse:
    offer = shown_offer(request, ref)
    require(request.user, Permission.REMOVE_OFFER, offer)
    remove(offer, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": offer})
    return redirect("resources:offer-list")
