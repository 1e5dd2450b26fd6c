"""The quarter as a whole: who has not filed, what it comes to, who may graduate, and the terms of it all."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.papers import paper_response
from qunxing.core.errors import Text
from qunxing.indicators import returnpapers
from qunxing.indicators.actions import returns as actions
from qunxing.indicators.engine.quarters import Quarter, last_ended
from qunxing.indicators.forms.returns import ReturnTermsForm
from qunxing.indicators.models import Return, ReturnTerms
from qunxing.indicators.queries.returns.filing import bound_to_file, lacking, terms, undated_stays
from qunxing.indicators.queries.returns.graduating import Tenant, groups, tenants
from qunxing.indicators.queries.returns.totals import filed, lines, published, sums
from qunxing.indicators.rules import Permission
from qunxing.indicators.validators import slips
from qunxing.ledger.edges import create_response, edit_response, require

OFFERED = 8
SHOWN, SHOWN_DOUBTS = 200, 10


def tabs(request: HttpRequest, here: str, quarter: Quarter | None = None) -> list[tuple[Text, str, bool]]:
    """The pages of returns that the reader may open."""
    asked = quarter or last_ended(timezone.localdate())
    may_see = request.user.has_perm(Permission.SEE_RETURNS)
    may_open = request.user.has_perm(Permission.SEE_RETURN_LIST)
    found = [("list", _("Returns"), reverse("indicators:return-list"), may_open)]
    found.append(("missing", _("Not yet filed"), f"{reverse('indicators:return-missing')}?quarter={asked}", may_see))
    may_read = request.user.has_perm(Permission.SEE_QUARTERS)
    found.append(("totals", _("Totals"), reverse("indicators:return-quarter", args=[str(asked)]), may_read))
    found.append(("graduation", _("Graduation"), reverse("indicators:return-graduation"), may_see))
    may_change = request.user.has_perm(Permission.CHANGE_RETURN_TERMS)
    found.append(("terms", pgettext("of returns", "Terms"), reverse("indicators:return-terms"), may_change))
    return [(label, url, name == here) for name, label, url, may in found if may]


def asked_quarter(text: str) -> Quarter:
    """The quarter in the address, 404 for what is none; without one the last that is over."""
    found = Quarter.read(text) if text else last_ended(timezone.localdate())
    if found is None:
        raise Http404
    return found


def choices(quarter: Quarter) -> list[Quarter]:
    """Quarters to choose from: the last ones, and the one that is shown."""
    last = last_ended(timezone.localdate())
    return sorted({last.before(back) for back in range(OFFERED)} | {quarter}, reverse=True)


# --- who has not filed ----------------------------------------------------------------------------------------------


@require_safe
def return_missing(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_RETURNS)
    quarter, today = asked_quarter(request.GET.get("quarter", "")), timezone.localdate()
    rows = lacking(request.user, quarter)
    bound = bound_to_file(request.user, quarter).count()
    due = quarter.due(terms().due_day)
    context = {
        "tabs": tabs(request, "missing", quarter),
        "quarter": quarter,
        "choices": choices(quarter),
        "rows": rows[:SHOWN],
        "shown": SHOWN,
        "count": len(rows),
        "filed": bound - len(rows),
        "bound": bound,
        "undated": undated_stays(request.user, quarter).count(),
        "due": due,
        "left": (due - today).days,
        "today": today,
        "may_remind": request.user.has_perm(Permission.REMIND_RETURN) and quarter.last < today,
    }
    return render(request, "indicators/returns/missing.html", context)


@require_POST
def return_remind(request: HttpRequest) -> HttpResponse:
    """Remind one organisation, or without one all that have not filed."""
    require(request.user, Permission.REMIND_RETURN)
    quarter = asked_quarter(request.POST.get("quarter", ""))
    ref = request.POST.get("organization", "")
    rows = [row for row in lacking(request.user, quarter) if ref in {"", row.organization.ref}]
    if ref and not rows:
        raise Http404
    told, silent = actions.remind(rows, quarter, actor=request.user, now=timezone.now())
    tell_reminded(request, told, silent)
    return redirect(f"{reverse('indicators:return-missing')}?quarter={quarter}")


def tell_reminded(request: HttpRequest, told: int, silent: int) -> None:
    words = ngettext("%(count)s firm was reminded.", "%(count)s firms were reminded.", told)
    messages.success(request, words % {"count": told})
    if silent:
        words = ngettext(
            "%(count)s firm has nobody with an account who edits for it: call it.",
            "%(count)s firms have nobody with an account who edits for them: call them.",
            silent,
        )
        messages.warning(request, words % {"count": silent})


# --- what it comes to -----------------------------------------------------------------------------------------------


@require_safe
def return_quarter(request: HttpRequest, quarter: str) -> HttpResponse:
    require(request.user, Permission.SEE_QUARTERS)
    asked = asked_quarter(quarter)
    if request.user.has_perm(Permission.SEE_RETURNS):
        if kind := request.GET.get("format"):
            return quarter_paper(request, asked, kind)
        context = whole_quarter(request, asked)
    else:
        context = published_quarter(request, asked)
    context |= {"tabs": tabs(request, "totals", asked), "quarter": asked, "choices": choices(asked)}
    return render(request, "indicators/returns/quarter.html", context)


def whole_quarter(request: HttpRequest, quarter: Quarter) -> dict[str, Any]:
    """For staff and officers: every return that was submitted, to the yuan."""
    rows = [filed(request.user, each) for each in (quarter, quarter.before(), quarter.before(4))]
    may = request.user.has_perm(Permission.PUBLISH_TOTALS)
    now, last, year_ago = map(sums, rows)
    return {
        "lines": lines(now.totals, last.totals, year_ago.totals) if now.firms else [],
        "now": now,
        "last": last,
        "year_ago": year_ago,
        "doubtful": doubtful(rows[0], rows[1])[:SHOWN_DOUBTS],
        "bound": bound_to_file(request.user, quarter).count(),
        "whole": True,
        "published": published(request.user, quarter),
        "may_publish": may and now.accepted > 0,
        "day": timezone.localdate(),
    }


def doubtful(rows: Sequence[Return], last: Sequence[Return]) -> list[Return]:
    """The returns in which somebody may have taken yuan for thousands, against those of the last quarter."""
    then = {row.organization_id: row for row in last}
    return [row for row in rows if slips(vars(row), then.get(row.organization_id))]


def published_quarter(request: HttpRequest, quarter: Quarter) -> dict[str, Any]:
    """For others: what was published, in which small cells are hidden, and nothing newer."""
    three = [published(request.user, each) for each in (quarter, quarter.before(), quarter.before(4))]
    totals = [each.totals if each else {} for each in three]
    return {"lines": lines(*totals) if three[0] else [], "whole": False, "published": three[0], "may_publish": False}


def quarter_paper(request: HttpRequest, quarter: Quarter, kind: str) -> HttpResponse:
    rows, name = filed(request.user, quarter), f"returns-{quarter}"
    if kind == "docx":
        return paper_response(returnpapers.quarter_paper(quarter, rows), name)
    if kind == "xlsx":
        return returnpapers.sheet_response(*returnpapers.quarter_sheet(rows), name)
    raise Http404


@require_POST
def return_publish(request: HttpRequest, quarter: str) -> HttpResponse:
    require(request.user, Permission.PUBLISH_TOTALS)
    asked = asked_quarter(quarter)
    actions.publish(asked, actor=request.user, now=timezone.now())
    messages.success(request, _("The totals of %(quarter)s are published.") % {"quarter": asked})
    return redirect("indicators:return-quarter", str(asked))


# --- who may graduate -----------------------------------------------------------------------------------------------


@require_safe
def return_graduation(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_RETURNS)
    today, rules = timezone.localdate(), terms()
    found = groups(tenants(request.user, rules.graduation, today))
    shown = request.GET.get("show", "may")
    shown = shown if shown in found else "may"
    context = {
        "tabs": tabs(request, "graduation"),
        "groups": group_tabs(found, shown),
        "rows": found[shown][:SHOWN],
        "shown": SHOWN,
        "count": len(found[shown]),
        "terms": rules,
        "today": today,
    }
    return render(request, "indicators/returns/graduation.html", context)


def group_tabs(found: dict[str, list[Tenant]], shown: str) -> list[tuple[Text, str, bool, int]]:
    labels: dict[str, Text] = {
        "may": _("May graduate"),
        "over": _("Stay too long"),
        "unknown": _("Cannot be told"),
        "all": _("All in residence"),
    }
    return [(label, f"?show={name}", name == shown, len(found[name])) for name, label in labels.items()]


# --- the terms ------------------------------------------------------------------------------------------------------


def return_terms(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(Permission.CHANGE_RETURN_TERMS):
        raise PermissionDenied
    stored = ReturnTerms.objects.first()
    title, build = _("Terms of returns and of graduation"), partial(terms_form, request.user)
    if stored is None:
        form = build(request.POST or None, None)
        return create_response(request, form, title=title, back=reverse("indicators:return-list"))
    return edit_response(request, stored, build, title=title)


def terms_form(user: Any, data: Any, instance: ReturnTerms | None) -> ReturnTermsForm:
    return ReturnTermsForm(data, instance=instance, user=user)
