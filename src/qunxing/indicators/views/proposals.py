"""The desk of articles: take one in, read what it proposes beside its text, decide."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import IllegalTransition, Problem, Refused
from qunxing.directory.models import Scope
from qunxing.indicators.actions import proposals as actions
from qunxing.indicators.days import show_as_of
from qunxing.indicators.forms.claims import ClaimForm, stored_words
from qunxing.indicators.forms.proposals import ArticleForm, too_big
from qunxing.indicators.jobs import start_reading
from qunxing.indicators.lists import READINGS
from qunxing.indicators.models import Claim, Proposal, Reading
from qunxing.indicators.names import indicator_name
from qunxing.indicators.queries.proposals import marked, proposals_of, remarks_on
from qunxing.indicators.rules import Permission
from qunxing.indicators.showing import scope_name, show_claim
from qunxing.indicators.states.proposals import READING_TONES, TONES, ProposalState, ReadingState
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.jobs import seen
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, visible_or_404

FORM_ROOM = 64 * 1024  # what a form takes beside its file
AT_ONCE = 200_000  # characters that are read within the request
MOST_AN_HOUR = 60  # articles that one person takes in


@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_READINGS)
    return list_response(request, READINGS)


@csrf_exempt  # the token is looked for behind the length, lest a huge body be read to find it
def reading_create(request: HttpRequest) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > settings.UPLOAD_LIMIT + FORM_ROOM:
        raise Refused(too_big(), "", 413)
    return take(request)


@csrf_protect
def take(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.READ_ARTICLE)
    form = ArticleForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        check_pace(request.user)
        return read(request, form)
    return render(request, "indicators/proposals/take.html", {"form": form}, status=422 if form.is_bound else 200)


def check_pace(user: Any) -> None:
    since = timezone.now() - timedelta(hours=1)
    if Reading.objects.filter(owner=user, created_at__gt=since).count() >= MOST_AN_HOUR:
        raise Problem(_("You have had many articles read within the hour."), _("Wait a while."), 429)


def read(request: HttpRequest, form: ArticleForm) -> HttpResponse:
    """Keep the article and read it, a long one as a job."""
    article = form.article
    with transaction.atomic():
        reading = actions.take_article(article, actor=request.user)
        if len(article.text) > AT_ONCE:
            if reading.job is not None and not seen(reading.job).over:
                raise IllegalTransition
            job = start_reading(reading, actor=request.user, language=get_language() or settings.LANGUAGE_CODE)
            return redirect("ledger:job-detail", ref=job.ref)
        added = actions.read_article(reading, actor=request.user)
    messages.success(request, _("%(count)s figures are proposed.") % {"count": added})
    return redirect(reading)


@require_safe
def reading_detail(request: HttpRequest, ref: str) -> HttpResponse:
    require(request.user, Permission.SEE_READINGS)
    rows = Reading.objects.select_related("origin", "owner", "job", "content")
    reading = visible_or_404(rows, request.user, ref)
    proposals = proposals_of(reading, user=request.user)
    remarks, circles = remarks_on(proposals), actions.all_circles()
    context = record_context(request, reading) | {
        "tone": READING_TONES[ReadingState(reading.state)],
        "job": seen(reading.job) if reading.job is not None else None,
        "stretches": marked(reading.content.text, proposals),
        "facts": reading_facts(reading, waiting=sum(one.state == ProposalState.OPEN for one in proposals)),
        "cards": [card(one, remarks.get(one.ref, []), circles) for one in proposals],
        "may_decide": request.user.has_perm(Permission.DECIDE_PROPOSAL),
    }
    return render(request, "indicators/proposals/reading.html", context)


def reading_facts(reading: Reading, *, waiting: int) -> list[Fact]:
    origin = reading.origin
    found = [
        Fact(_("Source"), origin.title, url=origin.get_absolute_url()),
        Fact(_("Publisher"), origin.publisher),
        Fact(_("Day of the article"), reading.published),
        Fact(_("File"), reading.file_name),
        Fact(_("Read by"), str(reading.owner or "")),
        Fact(_("To decide"), str(waiting)),
    ]
    return [fact for fact in found if fact.value]


def card(proposal: Proposal, remarks: list[Any], circles: Sequence[Scope]) -> dict[str, Any]:
    """One proposal as the page shows it; its value and its time as a claim of it would be shown."""
    claim = actions.claim_of(proposal, circles)
    return {
        "proposal": proposal,
        "name": indicator_name(proposal.indicator),
        "value": show_claim(claim),
        "scope": scope_name(claim),
        "as_of": show_as_of(claim) if proposal.as_of_low else "",
        "tone": TONES[ProposalState(proposal.state)],
        "remarks": remarks,
    }


def found(request: HttpRequest, ref: str) -> Proposal:
    require(request.user, Permission.DECIDE_PROPOSAL)
    proposal: Proposal = visible_or_404(Proposal.objects.select_related("reading__origin"), request.user, ref)
    return proposal


@require_POST
def proposal_accept(request: HttpRequest, ref: str) -> HttpResponse:
    proposal = found(request, ref)
    if proposal.as_of_low is None:
        messages.warning(request, _("The article does not tell of when this figure is. Correct it and give the day."))
        return redirect("indicators:proposal-correct", ref=ref)
    claim = actions.accept(proposal, actor=request.user)
    messages.success(request, _("%(record)s is saved.") % {"record": claim})
    return redirect(proposal.get_absolute_url())


@require_POST
def proposal_reject(request: HttpRequest, ref: str) -> HttpResponse:
    proposal = found(request, ref)
    actions.reject(proposal, actor=request.user, reason=request.POST.get("reason", ""))
    return redirect(proposal.get_absolute_url())


def proposal_correct(request: HttpRequest, ref: str) -> HttpResponse:
    """The form of a claim, filled in with what was read; saved, it is the claim."""
    proposal = found(request, ref)
    if not proposal.decidable:
        raise IllegalTransition
    initial = stored_words(actions.claim_of(proposal))
    form = ClaimForm(request.POST or None, instance=Claim(), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = form.words
        claim = actions.accept(
            proposal, actor=request.user, claim=form.save(commit=False), reason=words.get("reason") or ""
        )
        messages.success(request, _("%(record)s is saved.") % {"record": claim})
        return redirect(proposal.get_absolute_url())
    context = {"form": form, "title": _("Correct what was read"), "back": proposal.get_absolute_url()}
    return render(request, "indicators/form.html", context, status=422 if form.is_bound else 200)
