"""Shortlists: the pages of a scenario, a firm and a fund, and what is decided on them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused, Text
from qunxing.ledger.edges import opened_revision, require
from qunxing.ledger.queries import timeline, visible_or_404
from qunxing.matching import actions
from qunxing.matching.annex import annex_response
from qunxing.matching.funnel import funnel_chart
from qunxing.matching.jobs import start_computing
from qunxing.matching.marking import marked
from qunxing.matching.models import Candidate, Invitation, Shortlist
from qunxing.matching.reading import ShownList, shown_list
from qunxing.matching.reasons import TARGETS
from qunxing.matching.rules import Permission
from qunxing.matching.wording import PARTS, REMARKS
from qunxing.scenarios.queries import conditions_of
from qunxing.scenarios.states import OVER

LONGEST_PROBLEM = 1_200
OLDER = 6
MOST_OF_A_GROUP = 9
SPREADS: dict[str, Text] = {
    "field": gettext_lazy("technical field"),
    "place": gettext_lazy("division"),
    "group": gettext_lazy("corporate group"),
}


def subject_page(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """The newest shortlist of the subject that the reader may see; the way to one where there is none."""
    subject = visible_or_404(TARGETS[kind].objects, request.user, ref)
    newest = Shortlist.objects.visible_to(request.user).filter(**{kind: subject}).order_by("-pk").first()
    if newest is not None:
        return page(request, newest)
    if not request.user.has_perm(Permission.COMPUTE, subject):
        raise PermissionDenied
    context = {"subject": subject, "kind": kind, "can": abilities(request.user, subject, None), **subject_words(kind)}
    return render(request, "matching/shortlist.html", context)


@require_safe
def scenario_matches(request: HttpRequest, ref: str) -> HttpResponse:
    return subject_page(request, "scenario", ref)


@require_safe
def organization_matches(request: HttpRequest, ref: str) -> HttpResponse:
    return subject_page(request, "organization", ref)


@require_safe
def fund_matches(request: HttpRequest, ref: str) -> HttpResponse:
    return subject_page(request, "fund", ref)


def the_shortlist(request: HttpRequest, ref: str) -> Shortlist:
    rows = Shortlist.objects.select_related("scenario__organization", "organization", "fund__manager")
    found: Shortlist = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def shortlist_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return page(request, the_shortlist(request, ref))


def page(request: HttpRequest, shortlist: Shortlist) -> HttpResponse:
    user, subject = request.user, shortlist.subject
    shown = asked_list(request, shortlist)
    context = {
        "shortlist": shortlist,
        "subject": subject,
        "kind": shortlist.kind,
        "shown": shown,
        "asked": asked_words(shortlist, shown),
        "conditions": conditions_of(subject) if shortlist.scenario_id else [],
        "remarks": [REMARKS[code] for code in shortlist.remark_codes if code in REMARKS],
        "parts": PARTS,
        "spreads": SPREADS,
        "caps": range(1, 4),
        "can": abilities(user, subject, shortlist),
        "older": older_of(shortlist, user),
        "funnel": scenario_funnel(shortlist, user),
        "timeline": timeline(shortlist, user=user, limit=20),
        **subject_words(shortlist.kind),
    }
    return render(request, "matching/shortlist.html", context)


def subject_words(kind: str) -> dict[str, Text]:
    """Title of the page and what stands where there is no shortlist yet."""
    titles = {
        "scenario": _("Who can do it"),
        "organization": _("What suits this firm"),
        "fund": _("Firms in the mandate"),
    }
    hints = {
        "scenario": _("All firms that are open to the community are held against the scenario's words and conditions."),
        "organization": _("Open scenarios, funds and resources are held against what the firm makes, filed and did."),
        "fund": _("All firms are held against the mandate: stages, fields, regions, and what the fund holds already."),
    }
    return {"page_title": titles[kind], "empty_hint": hints[kind]}


def asked_list(request: HttpRequest, shortlist: Shortlist) -> ShownList:
    """The list in the order that the address asks for; what it does not know it leaves out."""
    spread = request.GET.get("spread", "")
    cap = request.GET.get("cap", "")
    return shown_list(
        shortlist,
        user=request.user,
        order=request.GET.get("order", ""),
        spread=spread if spread in SPREADS else "",
        cap=min(int(cap), MOST_OF_A_GROUP) if cap.isdecimal() and len(cap) < 3 else 2,
    )


def asked_words(shortlist: Shortlist, shown: ShownList) -> dict[str, Any]:
    """What the scenario says, with the words marked that matched."""
    scenario = shortlist.scenario
    if scenario is None:
        return {}
    cut = scenario.problem[:LONGEST_PROBLEM]
    terms = shown.terms
    return {
        "title": marked(scenario.title, terms),
        "problem": marked(cut, terms),
        "cut": len(cut) < len(scenario.problem),
    }


def abilities(user: Any, subject: Any, shortlist: Shortlist | None) -> dict[str, bool]:
    """{permission's short name: may the user} for the buttons of the page."""
    of_subject = {Permission.COMPUTE, Permission.REQUIRE}
    return {
        permission.name.lower(): user.has_perm(permission, subject if permission in of_subject else shortlist)
        for permission in (*of_subject, Permission.SHARE, Permission.ORDER, Permission.JUDGE, Permission.INVITE)
    }


def older_of(shortlist: Shortlist, user: Any) -> list[Shortlist]:
    """The others of the same subject, newest first."""
    rows = Shortlist.objects.visible_to(user).filter(**{shortlist.kind: shortlist.subject})
    rows = rows.select_related("scenario", "organization", "fund")
    return list(rows.exclude(pk=shortlist.pk).order_by("-pk")[:OLDER])


def scenario_funnel(shortlist: Shortlist, user: Any) -> dict[str, Any] | None:
    if not shortlist.scenario_id:
        return None
    rows = Invitation.objects.visible_to(user).filter(scenario=shortlist.scenario_id)
    return funnel_chart(rows, timezone.localdate())


@require_POST
def compute(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Queue the computation and go to where its progress is seen."""
    subject = visible_or_404(TARGETS[kind].objects, request.user, ref)
    require(request.user, Permission.COMPUTE, subject)
    if kind == "scenario" and subject.state in OVER:
        raise Refused(_("The scenario is over."), _("Shortlists that were computed before stay."), 409)
    job = start_computing(subject, actor=request.user, language=get_language() or "zh-hans")
    return redirect("ledger:job-detail", ref=job.ref)


@require_POST
def shortlist_share(request: HttpRequest, ref: str) -> HttpResponse:
    shortlist = the_shortlist(request, ref)
    actions.share(shortlist, actor=request.user, day=timezone.localdate())
    messages.success(request, _("The owner of the scenario sees the shortlist now."))
    return redirect(shortlist.get_absolute_url())


@require_POST
def shortlist_unshare(request: HttpRequest, ref: str) -> HttpResponse:
    shortlist = the_shortlist(request, ref)
    actions.unshare(shortlist, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The shortlist is with staff again."))
    return redirect(shortlist.get_absolute_url())


@require_POST
def shortlist_order(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep the order that was typed: the smallest number first, equal ones as they stood."""
    shortlist = the_shortlist(request, ref)
    require(request.user, Permission.ORDER, shortlist)
    refs = typed_order(request)
    actions.order_by_hand(
        shortlist,
        refs,
        actor=request.user,
        day=timezone.localdate(),
        reason=request.POST.get("reason", ""),
        expected=opened_revision(request),
    )
    messages.success(request, _("Your order counts now; the computed one stays beside it."))
    return redirect(shortlist.get_absolute_url())


def typed_order(request: HttpRequest) -> list[str]:
    """References by the place typed for each; a place that is no number is refused."""
    names = [name for name in request.POST if name.startswith("place_")]
    typed = [(name.removeprefix("place_"), request.POST.get(name, "")) for name in names]
    if any(not text.strip().isdecimal() or len(text.strip()) > 4 for _ref, text in typed):
        raise Refused(_("A place is a whole number."), _("Go back and give each candidate a number."), 422)
    return [ref for ref, _text in sorted(typed, key=lambda pair: int(pair[1]))]


@require_POST
def shortlist_computed(request: HttpRequest, ref: str) -> HttpResponse:
    shortlist = the_shortlist(request, ref)
    reason = request.POST.get("reason", "")
    actions.back_to_computed(shortlist, actor=request.user, reason=reason, expected=opened_revision(request))
    messages.success(request, _("The computed order counts again."))
    return redirect(shortlist.get_absolute_url())


def the_candidate(request: HttpRequest, shortlist: Shortlist, ref: str) -> Candidate:
    """The firm of that reference on the shortlist, if the user may see it."""
    seen = TARGETS["organization"].objects.visible_to(request.user).filter(ref=ref)
    return get_object_or_404(shortlist.candidates.select_related("organization"), organization__in=seen)


@require_POST
def candidate_judge(request: HttpRequest, ref: str, firm: str, verdict: str) -> HttpResponse:
    shortlist = the_shortlist(request, ref)
    require(request.user, Permission.JUDGE, shortlist)
    candidate = the_candidate(request, shortlist, firm)
    reason = request.POST.get("reason", "")
    actions.judge(shortlist, candidate, verdict, actor=request.user, day=timezone.localdate(), reason=reason)
    messages.success(request, _("Your judgement is kept."))
    return redirect(f"{shortlist.get_absolute_url()}#candidate-{firm}")


@require_safe
def shortlist_annex(request: HttpRequest, ref: str) -> HttpResponse:
    """The shortlist as an annex in Word, in the language of the page."""
    shortlist = the_shortlist(request, ref)
    return annex_response(asked_list(request, shortlist), day=timezone.localdate())
