"""The digests of whoever reads, how they want to be told, and the way out of the mails."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qunxing.accounts.views import user_of
from qunxing.core.masking import mask_email
from qunxing.matching.alerts import actions
from qunxing.matching.alerts.forms import WishesForm
from qunxing.matching.alerts.models import Digest, Watch
from qunxing.matching.alerts.queries import ShownNotice, shown_notices

PAGE = 10
ALL = 1_000


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The digests, newest first, each with what was new."""
    digests = Digest.objects.filter(user=user_of(request))
    page = Paginator(digests, PAGE).get_page(request.GET.get("page"))
    shown = [{"digest": digest, "notices": notices_of(digest, request, limit=5)} for digest in page]
    context = {
        "page": page,
        "shown": shown,
        "watches": Watch.objects.filter(user=user_of(request)).count(),
        "unread": digests.filter(read_at=None).count(),
        "tabs": tabs("inbox"),
    }
    return render(request, "matching/alerts/inbox.html", context)


def notices_of(digest: Digest, request: HttpRequest, *, limit: int) -> list[ShownNotice]:
    return shown_notices(digest, user=request.user, limit=limit)


def tabs(here: str) -> list[tuple[Any, str, bool]]:
    """The parts of the alerts."""
    parts = {
        "inbox": _("Digests"),
        "watch-list": pgettext("alerts", "Saved searches"),
        "feed-list": _("Feeds"),
        "wishes": _("E-mail"),
    }
    return [(label, reverse(f"matching:alerts:{name}"), name == here) for name, label in parts.items()]


@login_required
@require_safe
def digest(request: HttpRequest, ref: str) -> HttpResponse:
    """One digest in full; looking at it makes it read."""
    found = get_object_or_404(Digest, ref=ref, user=user_of(request))
    actions.mark_read(found)
    context = {"digest": found, "notices": notices_of(found, request, limit=ALL), "tabs": tabs("inbox")}
    return render(request, "matching/alerts/digest.html", context)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(actor=request.user)
    return redirect("matching:alerts:inbox")


@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    """Whether a mail is sent, and in which language; what became of the last ones."""
    stored = actions.wishes_of(request.user, language=language_of_page())
    form = WishesForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        actions.keep_wishes(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("matching:alerts:wishes")
    context = {
        "form": form,
        "address": mask_email(getattr(request.user, "email", "")),
        "mails": Digest.objects.filter(user=user_of(request)).exclude(mail="none")[:PAGE],
        "tabs": tabs("wishes"),
    }
    return render(request, "matching/alerts/wishes.html", context, status=422 if form.is_bound else 200)


def language_of_page() -> str:
    return get_language() or settings.LANGUAGE_CODE


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token says who, and allows nothing else
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails of whoever the link was made for, signed in or not."""
    user = actions.user_of_token(token)
    if request.method == "POST":
        actions.stop_mail(user, language=language_of_page())
    context = {"address": mask_email(user.email), "stopped": request.method == "POST"}
    return render(request, "matching/alerts/unsubscribe.html", context)
