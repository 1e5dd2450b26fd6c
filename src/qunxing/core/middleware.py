"""What happens around every view: the reader's language, and errors that are answers."""

from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from qunxing.core.arriving import waited
from qunxing.core.errors import Problem

GetResponse = Callable[[HttpRequest], HttpResponse]


class arrivals:  # noqa: N801 - used by its dotted name, like a function
    """Middleware: when the request began to arrive, by a clock that only runs forwards; what has a deadline may ask."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.began = monotonic() - waited(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class chosen_language:  # noqa: N801 - used by its dotted name, like a function
    """Middleware: Chinese, unless the reader chose another language; what the browser prefers decides nothing.

    An office's browsers are set up in every language, its people read Chinese; English is one click away.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer in the language of the cookie; left active, for a streamed answer is made after we return."""
        translation.activate(language_of(request))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Cookie"])
        return response


def language_of(request: HttpRequest) -> str:
    """The language that the cookie names, when it is one of ours."""
    try:
        return translation.get_supported_language_variant(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
    except LookupError:
        return str(settings.LANGUAGE_CODE)


class problems:  # noqa: N801 - used by its dotted name, like a function
    """Middleware: an expected error is an answer, not a crash."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; caches keep a part of a page, as htmx asks for it, apart from the whole page."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a Problem; anything else goes on to Django."""
        if not isinstance(exception, Problem):
            return None
        if request.accepts("text/html"):
            return render(request, "problem.html", {"problem": exception}, status=exception.status)
        body = {"error": str(exception.message), "advice": str(exception.advice)}
        return JsonResponse(body, status=exception.status)
