"""The files of a bid for who reviews it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from qunxing.accounts.models import Kind
from qunxing.challenges.content import BidContent
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.reading import read_by
from qunxing.challenges.showing import attachment_rows
from qunxing.challenges.views.bidfiles import sent_file
from qunxing.ledger.edges import require
from qunxing.panels.rules import Permission


def the_reading(request: HttpRequest, ref: str) -> tuple[Bid, BidContent]:
    """The bid and what it says, for the experts to whom it was given; there is none for anybody else."""
    user: Any = request.user
    require(user, Permission.USE_DESK)
    bid = read_by(user, ref)
    if bid is None or bid.content is None:
        raise Http404
    return bid, bid.content


@require_safe
def reading_list(request: HttpRequest, ref: str) -> HttpResponse:
    """The files; whoever is no expert is sent to the page of the bid, which asks for its own permission."""
    if getattr(request.user, "kind", "") != Kind.EXPERT:
        return redirect("challenges:bid-detail", ref)
    bid, content = the_reading(request, ref)
    words = {"bid": bid, "files": attachment_rows(content)}
    return render(request, "challenges/deciding/reading.html", words)


@require_safe
def reading_file(request: HttpRequest, ref: str, upload: str) -> HttpResponse | StreamingHttpResponse:
    bid, content = the_reading(request, ref)
    return sent_file(bid, content, upload)
