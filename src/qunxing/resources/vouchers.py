"""Vouchers on the page of their offer: shown, added, changed, removed."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunxing.core.money import show_money
from qunxing.ledger.actions import create, remove
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.queries import visible_or_404
from qunxing.resources.forms import VoucherForm
from qunxing.resources.models import Kind, Offer, Voucher
from qunxing.resources.rules import Permission


@dataclass(frozen=True)
class ShownVoucher:
    """A voucher in words; the addresses are empty for whoever may not."""

    voucher: Voucher
    terms: str
    edit_url: str
    remove_url: str


@dataclass(frozen=True)
class VoucherPanel:
    rows: list[ShownVoucher]
    add_url: str

    @property
    def shown(self) -> bool:
        return bool(self.rows or self.add_url)


def voucher_panel(offer: Offer, user: Any) -> VoucherPanel:
    """The vouchers of an offer; only a policy is asked for them."""
    may_change = user.has_perm(Permission.CHANGE_VOUCHER, offer)
    rows = Voucher.objects.visible_to(user).filter(offer=offer)
    add_url = reverse("resources:voucher-create", args=[offer.ref]) if may_change and offer.kind == Kind.POLICY else ""
    return VoucherPanel([shown_voucher(offer, row, may_change=may_change) for row in rows], add_url)


def shown_voucher(offer: Offer, voucher: Voucher, *, may_change: bool) -> ShownVoucher:
    urls = [
        reverse(f"resources:voucher-{verb}", args=[offer.ref, voucher.ref]) if may_change else ""
        for verb in ("edit", "remove")
    ]
    return ShownVoucher(voucher, terms_of(voucher), *urls)


def terms_of(voucher: Voucher) -> str:
    """30% of the cost, at most 50万元, within 12 months, not between related parties."""
    parts = [_("%(percent)s%% of the cost") % {"percent": voucher.percent}]
    if voucher.cap is not None:
        parts.append(_("at most %(cap)s") % {"cap": show_money(voucher.cap)})
    if voucher.months is not None:
        parts.append(_("within %(months)s months") % {"months": voucher.months})
    parts.append(_("also between related parties") if voucher.between_related else _("not between related parties"))
    parts.append(_("beside other vouchers") if voucher.stacks else _("not beside another voucher for the same cost"))
    return _(", ").join(parts)


def policy_of(request: HttpRequest, ref: str) -> Offer:
    """The offer, when the user may see it and change its vouchers."""
    offer: Offer = visible_or_404(Offer.objects.select_related("provider"), request.user, ref)
    require(request.user, Permission.CHANGE_VOUCHER, offer)
    return offer


def voucher_create(request: HttpRequest, ref: str) -> HttpResponse:
    offer = policy_of(request, ref)
    form = VoucherForm(request.POST or None, user=request.user, instance=Voucher(offer=offer))
    back = offer.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        saved = create(form.save(commit=False), actor=request.user, **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": saved})
        return redirect(back)
    context = {"form": form, "title": _("New voucher"), "back": back, "record": offer}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def voucher_edit(request: HttpRequest, ref: str, part_ref: str) -> HttpResponse:
    row = stored_voucher(request, ref, part_ref)
    return edit_response(request, row, partial(form_of, request.user), title=_("Edit voucher"))


def form_of(user: Any, data: Any, instance: Voucher) -> VoucherForm:
    return VoucherForm(data, instance=instance, user=user)


def stored_voucher(request: HttpRequest, ref: str, part_ref: str) -> Voucher:
    offer = policy_of(request, ref)
    found: Voucher = visible_or_404(Voucher.objects.filter(offer=offer), request.user, part_ref)
    return found


@require_POST
def voucher_remove(request: HttpRequest, ref: str, part_ref: str) -> HttpResponse:
    row = stored_voucher(request, ref, part_ref)
    back = row.get_absolute_url()
    remove(row, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": row})
    return redirect(back)
