"""Feeds: one's own with their secrets, and those of open lists."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_POST, require_safe

from qunxing.accounts.views import user_of
from qunxing.matching.alerts import actions
from qunxing.matching.alerts.feeds import FORMS, find_feed, list_items, told_items, written
from qunxing.matching.alerts.forms import FeedForm
from qunxing.matching.alerts.mailing import absolute
from qunxing.matching.alerts.matters import specs
from qunxing.matching.alerts.models import Feed, Wishes
from qunxing.matching.alerts.views.inbox import tabs

TYPES = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


@login_required
def feed_list(request: HttpRequest) -> HttpResponse:
    """One's feeds, and those of the lists; the address of a new one is shown this once."""
    form, addresses = FeedForm(request.POST or None, user=user_of(request)), []
    bound = form.is_bound
    if request.method == "POST" and form.is_valid():
        _feed, secret = actions.open_feed(actor=request.user, **form.cleaned_data)
        addresses = [absolute(reverse("matching:alerts:feed", args=[secret, name])) for name in FORMS]
        form, bound = FeedForm(user=user_of(request)), False
    context = {
        "form": form,
        "addresses": addresses,
        "feeds": Feed.objects.filter(user=user_of(request)).select_related("watch"),
        "lists": [spec for spec in specs().values() if spec.rows(AnonymousUser()).exists()],
        "tabs": tabs("feed-list"),
    }
    return render(request, "matching/alerts/feeds.html", context, status=422 if bound else 200)


@login_required
@require_POST
def feed_revoke(request: HttpRequest, ref: str) -> HttpResponse:
    get_object_or_404(Feed, ref=ref, user=user_of(request)).delete()
    messages.success(request, _("The feed is closed; its address answers no more."))
    return redirect("matching:alerts:feed-list")


@require_safe
@conditional_page
def list_feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The newest rows of a list as everybody may see them; takes the list's own filters."""
    spec = specs().get(code)
    if spec is None or form not in FORMS:
        raise Http404
    place = f"{reverse(spec.url_name)}?{request.GET.urlencode()}" if request.GET else reverse(spec.url_name)
    text = written(form, title=str(spec.title), url=place, items=list_items(spec, request.GET))
    return HttpResponse(text, content_type=TYPES[form])


@require_safe
@conditional_page
def feed(request: HttpRequest, secret: str, form: str) -> HttpResponse:  # noqa: ARG001
    """What the owner of the secret was told; no sign-in, so the address is to be kept like a password."""
    found = find_feed(secret)
    if found is None or form not in FORMS:
        raise Http404
    today = timezone.localdate()
    if found.used_on != today:
        Feed.objects.filter(pk=found.pk).update(used_on=today)
    wishes = Wishes.objects.filter(user=found.user).first()
    with override(wishes.language if wishes else settings.LANGUAGE_CODE):
        title = found.watch.name if found.watch else _("Qunxing: new for you")
        text = written(form, title=title, url=reverse("matching:alerts:inbox"), items=told_items(found))
    answer = HttpResponse(text, content_type=TYPES[form])
    answer["Cache-Control"] = "private, max-age=300"
    return answer
