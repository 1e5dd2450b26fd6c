"""Saved searches and matches: add, change, rest, go on, remove."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.accounts.models import SavedView
from qunxing.accounts.views import user_of
from qunxing.matching.alerts import actions
from qunxing.matching.alerts.forms import WatchEditForm, WatchForm
from qunxing.matching.alerts.matters import narrowing, place_of, specs, words_of
from qunxing.matching.alerts.models import Watch, WatchKind
from qunxing.matching.alerts.views.inbox import tabs


@dataclass(frozen=True)
class ShownWatch:
    """A watch with what it is about."""

    watch: Watch
    words: list[Any]
    url: str


@login_required
@require_safe
def watch_list(request: HttpRequest) -> HttpResponse:
    mine = Watch.objects.filter(user=user_of(request)).defer("packed")
    shown = [ShownWatch(watch, words_of(watch, request.user), place_of(watch, request.user)) for watch in mine]
    context = {"shown": shown, "offered": offered_views(request.user, list(mine)), "tabs": tabs("watch-list")}
    return render(request, "matching/alerts/watches.html", context)


def offered_views(user: Any, watches: list[Watch]) -> list[dict[str, Any]]:
    """The user's saved views of lists that are not watched yet."""
    known, watched = specs(), {(watch.target, watch.query) for watch in watches}
    views = SavedView.objects.filter(user=user)
    return [
        {"view": view, "title": known[view.list_code].title, "query": narrowing(view.query)}
        for view in views
        if view.list_code in known and (view.list_code, narrowing(view.query)) not in watched
    ]


@login_required
def watch_create(request: HttpRequest) -> HttpResponse:
    """Say how often; what is watched stands in the address, as the page it came from has it."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "target", "query", "name")}
    form = WatchForm(request.POST or None, user=request.user, initial={**asked, "every": "daily"})
    if request.method == "POST" and form.is_valid():
        watch = actions.add_watch(actor=request.user, day=timezone.localdate(), **form.cleaned_data)
        messages.success(request, _("“%(name)s” is watched; what is new from now on is told.") % {"name": watch})
        return redirect("matching:alerts:watch-list")
    about = Watch(**{name: request.POST.get(name, asked[name]) for name in ("kind", "target", "query")})
    words = words_of(about, request.user) if about.kind in WatchKind.values else []
    context = {"form": form, "words": words, "tabs": tabs("watch-list")}
    return render(request, "matching/alerts/watch_form.html", context, status=422 if form.is_bound else 200)


@login_required
def watch_edit(request: HttpRequest, ref: str) -> HttpResponse:
    watch = own_watch(request, ref)
    form = WatchEditForm(request.POST or None, instance=watch)
    if request.method == "POST" and form.is_valid():
        actions.change_watch(watch, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("matching:alerts:watch-list")
    context = {"form": form, "words": words_of(watch, request.user), "watch": watch, "tabs": tabs("watch-list")}
    return render(request, "matching/alerts/watch_form.html", context, status=422 if form.is_bound else 200)


def own_watch(request: HttpRequest, ref: str) -> Watch:
    return get_object_or_404(Watch, ref=ref, user=user_of(request))


@login_required
@require_POST
def watch_rest(request: HttpRequest, ref: str) -> HttpResponse:
    """Let it rest, or let it go on."""
    watch = own_watch(request, ref)
    if watch.paused:
        actions.resume(watch, actor=request.user, day=timezone.localdate())
    else:
        actions.pause(watch)
    return redirect("matching:alerts:watch-list")


@login_required
@require_POST
def watch_remove(request: HttpRequest, ref: str) -> HttpResponse:
    own_watch(request, ref).delete()
    messages.success(request, _("Removed; what you were told stays."))
    return redirect("matching:alerts:watch-list")
