"""Pages of no particular ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunxing.core.styleguide import samples


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with every tone and state, for those who build pages and those who judge them."""
    return render(request, "styleguide.html", samples(request.GET))
