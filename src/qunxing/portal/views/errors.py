"""The pages that say what went wrong and what to do next."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

SECRET_PARTS = ("password", "secret", "token")
SHOWN_LENGTH = 2_000

Pairs = list[tuple[str, str]]


@sensitive_post_parameters()
def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django names it
    """A form whose token is not valid any more: what was typed is offered again, without passwords and files.

    Only to a page of our own: what another site sent is not repeated, or one click would carry out its wish.
    """
    kept = kept_fields(request) if came_from_here(request) else []
    context = {
        "kept": kept,
        "shown": [(name, value) for name, value in kept if value and name != "next"],
        "can_resend": bool(kept),
        "lost": bool(request.FILES) or any(is_secret(name) for name in typed_names(request)),
        "action": request.get_full_path(),
    }
    return render(request, "expired.html", context, status=403)


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this host sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def typed_names(request: HttpRequest) -> list[str]:
    return [name for name in request.POST if name != "csrfmiddlewaretoken"]


def kept_fields(request: HttpRequest) -> Pairs:
    """Every posted field in its order, each value of a repeated one, but for secrets."""
    names = [name for name in typed_names(request) if not is_secret(name)]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRET_PARTS)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody who tries passwords, or asks for mails, faster than people do."""
    return render(request, "429.html", status=429)
