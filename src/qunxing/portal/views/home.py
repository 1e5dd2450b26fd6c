"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunxing.directory.models import Community
from qunxing.portal.hero import hero_of
from qunxing.portal.home import home_for, is_public


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    community = Community.objects.visible_to(request.user).order_by("pk").first()
    context = {
        "home": home_for(request.user, today),
        "community": community,
        "hero": hero_of(community, user=request.user, today=today) if community and is_public(request.user) else None,
        "today": today,
    }
    return render(request, "portal/home.html", context)
