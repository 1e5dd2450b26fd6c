"""Turns a `Problem` that reached the edge into a readable page, or JSON where JSON was asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from qunxing.core.errors import Problem

GetResponse = Callable[[HttpRequest], HttpResponse]


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
