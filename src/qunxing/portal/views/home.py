"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunxing.directory.models import Community
from qunxing.portal.home import home_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "home": home_for(request.user, today),
        "community": Community.objects.visible_to(request.user).order_by("pk").first(),
        "today": today,
    }
    return render(request, "portal/home.html", context)
