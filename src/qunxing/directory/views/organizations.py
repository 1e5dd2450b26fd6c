"""Organisations: list, page, forms."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.core.templatetags.ui import yuan
from qunxing.directory import actions
from qunxing.directory.forms import OrganizationForm, RenameForm
from qunxing.directory.lists import PRODUCTS, organizations_for
from qunxing.directory.models import Organization, Role
from qunxing.directory.queries import field_names, graph_of, parts_of
from qunxing.directory.rules import Permission
from qunxing.directory.views.panels import part_panels
from qunxing.ledger.actions import remove
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.ledger.recording import Entry, note, recording


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, organizations_for(request.user))


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, PRODUCTS)


@require_safe
def organization_detail(request: HttpRequest, ref: str) -> HttpResponse:
    organization = visible_or_404(Organization.objects, request.user, ref)
    return render(request, "directory/organization.html", detail_context(request, organization))


@require_POST
def contacts_show(request: HttpRequest, ref: str) -> HttpResponse:
    """The page once more with its contacts in full; who looked at them is logged."""
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, Permission.SEE_CONTACT, organization)
    with recording(actor=request.user):
        note(Entry("contacts.shown", organization.kind_code(), organization.ref, {}))
    return render(request, "directory/organization.html", detail_context(request, organization, unmasked=True))


def detail_context(request: HttpRequest, organization: Organization, *, unmasked: bool = False) -> dict[str, Any]:
    context = record_context(request, organization)
    parts = parts_of(organization, user=request.user)
    return context | {
        "parts": parts,
        "facts": organization_facts(context["record"], context["evidence"]),
        "graph": graph_of(organization, parts.links) if parts.links else None,
        "part_panels": part_panels(parts, organization, user=request.user, unmasked=unmasked),
        "can": abilities(request.user, organization),
    }


@require_POST
def organization_remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an organisation off the ledger; one on which other ledgers rest stays, and the page says which."""
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, Permission.REMOVE, organization)
    try:
        remove(organization, actor=request.user, reason=request.POST.get("reason", "")[:500])
    except ProtectedError as error:
        kinds = {str(row._meta.verbose_name) for row in error.protected_objects}
        raise Refused(
            _("“%(name)s” cannot be removed: other records rest on it (%(kinds)s).")
            % {"name": organization.name, "kinds": ", ".join(sorted(kinds))},
            _("Remove or move those first."),
            409,
        ) from error
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": organization})
    return redirect("directory:organization-list")


FACTS = (
    "name", "short_name", "english_name", "uscc", "roles", "fields", "industry", "size_class", "founded_on",
    "registered_capital", "division", "address", "website", "entity_key", "description",
)  # fmt: skip


def organization_facts(organization: Organization, evidence: Any) -> list[Fact]:
    return facts(
        organization,
        FACTS,
        evidence,
        roles="、".join(str(Role(role).label) if role in Role else role for role in organization.roles),
        fields="、".join(name.strip() for name in field_names(organization.fields)),
        founded_on=organization.founded,
        registered_capital="" if organization.registered_capital is None else yuan(organization.registered_capital),
    )


def abilities(user: Any, organization: Organization) -> dict[str, bool]:
    """{permission's short name: may the user} for the buttons of the page."""
    return {permission.name.lower(): user.has_perm(permission, organization) for permission in Permission}


def organization_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE)
    form = OrganizationForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New organisation"), back=reverse("directory:organization-list"))


def organization_edit(request: HttpRequest, ref: str) -> HttpResponse:
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, Permission.CHANGE, organization)
    build = partial(form_of, OrganizationForm, request.user)
    return edit_response(request, organization, build, title=_("Edit organisation"))


def organization_rename(request: HttpRequest, ref: str) -> HttpResponse:
    organization = visible_or_404(Organization.objects, request.user, ref)
    require(request.user, Permission.RENAME, organization)
    build = partial(form_of, RenameForm, request.user)
    return edit_response(request, organization, build, title=_("New registered name"), save=save_rename)


def save_rename(organization: Organization, *, values: dict[str, Any], **words: Any) -> Organization:
    words.pop("place", None)
    return actions.rename(organization, **values, **words)


def form_of(form_class: Any, user: Any, data: Any, instance: Any) -> Any:
    return form_class(data, instance=instance, user=user)
