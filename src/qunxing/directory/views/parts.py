"""What hangs on an organisation: names, residencies, products, contacts, links, members; one set of pages for all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qunxing.core.errors import Text
from qunxing.directory import actions
from qunxing.directory.forms import (
    CapabilityForm,
    ContactForm,
    LinkForm,
    MembershipForm,
    NameForm,
    ProductForm,
    ResidencyForm,
)
from qunxing.directory.models import (
    Capability,
    Contact,
    Link,
    Membership,
    Organization,
    OrganizationName,
    Product,
    Residency,
)
from qunxing.directory.rules import Permission
from qunxing.directory.views.organizations import form_of
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.queries import visible_or_404


@dataclass(frozen=True)
class PartPages:
    """How one kind of part is added and edited, and by whom."""

    model: Any
    form: Any
    permission: Permission
    title: Text


PARTS = {
    "names": PartPages(OrganizationName, NameForm, Permission.RENAME, gettext_lazy("Name")),
    "residencies": PartPages(Residency, ResidencyForm, Permission.CHANGE_RESIDENCY, gettext_lazy("Residency")),
    "products": PartPages(Product, ProductForm, Permission.CHANGE_PRODUCT, gettext_lazy("Product")),
    "capabilities": PartPages(Capability, CapabilityForm, Permission.CHANGE_CAPABILITY, gettext_lazy("Capability")),
    "contacts": PartPages(Contact, ContactForm, Permission.CHANGE_CONTACT, gettext_lazy("Contact")),
    "links": PartPages(Link, LinkForm, Permission.CHANGE_LINK, gettext_lazy("Link")),
    "members": PartPages(Membership, MembershipForm, Permission.MANAGE_MEMBERS, gettext_lazy("Member")),
}


def pages_of(part: str) -> PartPages:
    if part not in PARTS:
        raise Http404
    return PARTS[part]


def part_create(request: HttpRequest, ref: str, part: str) -> HttpResponse:
    pages = pages_of(part)
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, pages.permission, organization)
    form = pages.form(request.POST or None, user=request.user, instance=unsaved(pages, organization))
    if request.method == "POST" and form.is_valid():
        saved = save_part(form, organization, actor=request.user)
        messages.success(request, _("%(record)s is saved.") % {"record": saved})
        return redirect(organization.get_absolute_url())
    context = {"form": form, "title": pages.title, "back": organization.get_absolute_url(), "record": organization}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def unsaved(pages: PartPages, organization: Organization) -> Any:
    return pages.model(**{pages.model.PARENT: organization})


def save_part(form: Any, organization: Organization, *, actor: Any) -> Any:
    if isinstance(form, MembershipForm):
        cleaned = form.cleaned_data
        words = {"reason": cleaned["reason"], "source": cleaned.get("source")}
        return actions.admit_member(organization, actor=actor, user=cleaned["user_name"], role=cleaned["role"], **words)
    return actions.add_part(form.save(commit=False), organization, actor=actor, **form.words)


def stored_part(request: HttpRequest, ref: str, part: str, part_ref: str) -> tuple[PartPages, Any]:
    """The part, when both it and its organisation are the user's to change."""
    pages = pages_of(part)
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, pages.permission, organization)
    return pages, get_object_or_404(pages.model, ref=part_ref, **{pages.model.PARENT: organization})


def part_edit(request: HttpRequest, ref: str, part: str, part_ref: str) -> HttpResponse:
    pages, row = stored_part(request, ref, part, part_ref)
    build: Callable[..., Any] = partial(form_of, pages.form, request.user)
    return edit_response(request, row, build, title=str(pages.title), save=actions.change_part)


@require_POST
def part_remove(request: HttpRequest, ref: str, part: str, part_ref: str) -> HttpResponse:
    _pages, row = stored_part(request, ref, part, part_ref)
    back = row.get_absolute_url()
    actions.remove_part(row, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": row})
    return redirect(back)
