"""The desk: what waits for whoever is signed in, and the address of their calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qunxing.accounts.views import user_of
from qunxing.core.duties import duties_of
from qunxing.matching.alerts.mailing import absolute
from qunxing.portal.desk import calendar
from qunxing.portal.desk.reminding import language_of
from qunxing.portal.desk.sorting import piles_of
from qunxing.portal.models import Calendar


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    duties = duties_of(request.user, today)
    context = {
        "piles": piles_of(duties, today),
        "count": len(duties),
        "today": today,
        "calendar": Calendar.objects.filter(user=user_of(request)).first(),
    }
    return render(request, "portal/desk/desk.html", context)


@login_required
@never_cache
@require_POST
def calendar_open(request: HttpRequest) -> HttpResponse:
    """A new secret address; it is shown this once."""
    secret = calendar.open_calendar(actor=request.user)
    address = absolute(reverse("portal:desk-calendar", args=[secret]))
    return render(request, "portal/desk/calendar.html", {"address": address})


@login_required
@require_POST
def calendar_close(request: HttpRequest) -> HttpResponse:
    calendar.close_calendar(actor=request.user)
    messages.success(request, _("The calendar is closed; its address answers no more."))
    return redirect("portal:desk")


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001
    """What a calendar program reads: no session, the secret in the address says whose desk it is."""
    found = calendar.find_calendar(secret)
    if found is None:
        raise Http404
    with override(language_of(found.user)):
        sheet = calendar.written(found.user, now=timezone.localtime())
    Calendar.objects.filter(pk=found.pk).update(used_on=timezone.localdate())
    return HttpResponse(sheet, content_type="text/calendar; charset=utf-8")
