"""Organisations: list, page, forms."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.templatetags.ui import yuan
from qunxing.directory import actions
from qunxing.directory.forms import OrganizationForm, RenameForm
from qunxing.directory.lists import ORGANIZATIONS, PRODUCTS
from qunxing.directory.models import Organization, Role
from qunxing.directory.queries import field_names, graph_of, parts_of
from qunxing.directory.rules import Permission
from qunxing.directory.views.panels import part_panels
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404


@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, ORGANIZATIONS)


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, PRODUCTS)


@require_safe
def organization_detail(request: HttpRequest, ref: str) -> HttpResponse:
    organization = visible_or_404(Organization.objects, request.user, ref)
    context = record_context(request, organization)
    parts = parts_of(organization, user=request.user)
    context |= {
        "parts": parts,
        "facts": organization_facts(context["record"], context["evidence"]),
        "graph": graph_of(organization, parts.links) if parts.links else None,
        "part_panels": part_panels(parts, organization, user=request.user),
        "can": abilities(request.user, organization),
    }
    return render(request, "directory/organization.html", context)


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
