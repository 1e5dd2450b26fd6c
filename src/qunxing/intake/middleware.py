"""Addresses of records that were joined into others lead there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qunxing.directory.models import Organization
from qunxing.intake.joining.merging import survivor_of

PAGE = "directory:organization-detail"


class JoinedRecords:
    """Where the page of an organisation is not found, ask whether it was joined into one that the reader may see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or match.view_name != PAGE:
            return response
        ref = survivor_of(match.kwargs["ref"])
        survivor = Organization.objects.visible_to(request.user).filter(ref=ref).first() if ref else None
        return redirect(survivor) if survivor is not None else response
