"""Pages of no particular ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html")
