"""Rule sets: list, page, a change as a new version, two versions beside each other."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import rulesets as actions
from qunxing.challenges.forms.rulesets import RuleSetForm
from qunxing.challenges.lists.boards import RULESETS
from qunxing.challenges.models import RuleSet
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.rulewords import differences, said_rules
from qunxing.challenges.shipped import SHIPPED
from qunxing.challenges.views.tabs import tabs
from qunxing.challenges.wording import said
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.edges import opened_revision, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404


@require_safe
def ruleset_list(request: HttpRequest) -> HttpResponse:
    """All versions, and the rule sets that come with the program and are not there yet."""
    context = {"shipped": shipped_rows(request.user), "tabs": tabs(request, "rules")}
    return list_response(request, RULESETS, "challenges/ruleset_list.html", **context)


def shipped_rows(user: Any) -> list[dict[str, Any]]:
    if not user.has_perm(Permission.CHANGE_RULES):
        return []
    there = set(RuleSet.objects.values_list("name", flat=True))
    return [{"row": one, "about": said(dict(one.about))} for one in SHIPPED if one.name not in there]


def the_rules(request: HttpRequest, ref: str) -> RuleSet:
    found: RuleSet = visible_or_404(RuleSet.objects, request.user, ref)
    return found


@require_safe
def ruleset_detail(request: HttpRequest, ref: str) -> HttpResponse:
    rules = the_rules(request, ref)
    context = record_context(request, rules)
    context |= {
        "parts": said_rules(context["record"].rules),
        "versions": versions_of(rules, request.user),
        "lists": rules.lists.visible_to(request.user).order_by("-pk")[:20],
        "can_change": rules.in_force and request.user.has_perm(Permission.CHANGE_RULES),
        "digest": rules.rules.digest(),
    }
    return render(request, "challenges/ruleset.html", context)


def versions_of(rules: RuleSet, user: Any) -> list[RuleSet]:
    return list(RuleSet.objects.visible_to(user).filter(name=rules.name).order_by("-version"))


def ruleset_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CHANGE_RULES)
    form = RuleSetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {"name": form.cleaned_data["name"], "basis": form.cleaned_data["basis"]}
        made = actions.create_rules(actor=request.user, terms=form.plain(), **words)
        messages.success(request, _("%(record)s is saved.") % {"record": made})
        return redirect(made.get_absolute_url())
    context = {"form": form, "title": _("New rule set"), "back": reverse("challenges:ruleset-list")}
    return render(request, "challenges/ruleset_form.html", context, status=422 if form.is_bound else 200)


def ruleset_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """A change is the next version; somebody else's in between is shown beside one's own."""
    rules = the_rules(request, ref)
    require(request.user, Permission.CHANGE_RULES)
    form = RuleSetForm(request.POST or None, present=rules)
    context = {"form": form, "title": _("Change the rules"), "back": rules.get_absolute_url(), "record": rules}
    if request.method != "POST" or not form.is_valid():
        return render(request, "challenges/ruleset_form.html", context, status=422 if form.is_bound else 200)
    words = {"basis": form.cleaned_data["basis"], "reason": form.cleaned_data["reason"]}
    expected = opened_revision(request)
    try:
        made = actions.change_rules(rules, actor=request.user, terms=form.plain(), expected=expected, **words)
    except StaleRecord as stale:
        current = stale.current
        assert isinstance(current, RuleSet)  # noqa: S101 - what the action raises it with
        context |= {"newer": current, "newer_url": reverse("challenges:ruleset-edit", args=[current.ref])}
        context["differences"] = differences(rules.rules, current.rules)
        return render(request, "challenges/ruleset_form.html", context, status=409)
    messages.success(request, _("%(record)s is saved.") % {"record": made})
    return redirect(made.get_absolute_url())


@require_safe
def ruleset_compare(request: HttpRequest, ref: str) -> HttpResponse:
    """What differs from another version, the one before it unless told (`?with=ref`)."""
    rules = the_rules(request, ref)
    versions = versions_of(rules, request.user)
    asked = request.GET.get("with", "")
    earlier = [row for row in versions if row.version < rules.version]
    other = visible_or_404(RuleSet.objects, request.user, asked) if asked else next(iter(earlier), rules)
    context = {
        "record": rules,
        "other": other,
        "versions": RuleSet.objects.visible_to(request.user).exclude(pk=rules.pk).order_by("name", "-version")[:100],
        "differences": differences(other.rules, rules.rules),
    }
    return render(request, "challenges/ruleset_compare.html", context)


@require_POST
def ruleset_install(request: HttpRequest, code: str) -> HttpResponse:
    require(request.user, Permission.CHANGE_RULES)
    made = actions.install(code, actor=request.user)
    messages.success(request, _("%(record)s is saved.") % {"record": made})
    return redirect(made.get_absolute_url())
