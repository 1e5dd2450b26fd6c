"""Communities and the vocabulary of technical fields."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.directory.forms import CommunityForm, TechnicalFieldForm
from qunxing.directory.models import Community, TechnicalField
from qunxing.directory.queries import tier_counts
from qunxing.directory.rules import Permission
from qunxing.directory.views.organizations import form_of
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.queries import facts, visible_or_404

COMMUNITY_FACTS = ("name", "english_name", "division", "unveiled", "address", "description")
FIELD_FACTS = ("code", "name_zh", "name_en", "position", "retired", "synonyms")


@require_safe
def community_detail(request: HttpRequest, ref: str) -> HttpResponse:
    community = visible_or_404(Community.objects, request.user, ref)
    context = record_context(request, community)
    context |= {
        "facts": facts(context["record"], COMMUNITY_FACTS, context["evidence"]),
        "scopes": community.scopes.all(),
        "tiers": dict(tier_counts(request.user, timezone.localdate())),
        "may_change": request.user.has_perm(Permission.CHANGE_COMMUNITY, community),
    }
    return render(request, "directory/community.html", context)


def community_edit(request: HttpRequest, ref: str) -> HttpResponse:
    community = visible_or_404(Community.objects, request.user, ref)
    require(request.user, Permission.CHANGE_COMMUNITY, community)
    build = partial(form_of, CommunityForm, request.user)
    return edit_response(request, community, build, title=_("Edit community"))


@require_safe
def field_list(request: HttpRequest) -> HttpResponse:
    fields = TechnicalField.objects.visible_to(request.user).filter(parent=None).prefetch_related("children")
    may_change = request.user.has_perm(Permission.CHANGE_VOCABULARY)
    return render(request, "directory/fields.html", {"fields": fields, "may_change": may_change})


@require_safe
def field_detail(request: HttpRequest, ref: str) -> HttpResponse:
    field = visible_or_404(TechnicalField.objects, request.user, ref)
    context = record_context(request, field)
    context["facts"] = facts(context["record"], FIELD_FACTS, context["evidence"])
    context["may_change"] = request.user.has_perm(Permission.CHANGE_VOCABULARY)
    return render(request, "directory/field.html", context)


def field_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CHANGE_VOCABULARY)
    form = TechnicalFieldForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New technical field"), back=reverse("directory:field-list"))


def field_edit(request: HttpRequest, ref: str) -> HttpResponse:
    field = visible_or_404(TechnicalField.objects, request.user, ref)
    require(request.user, Permission.CHANGE_VOCABULARY)
    build = partial(form_of, TechnicalFieldForm, request.user)
    return edit_response(request, field, build, title=_("Edit technical field"))
