"""The files of a bid for who reviews it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunxing.accounts.models import Kind
from qunxing.challenges.content import BidContent
from qunxing.challenges.models import Bid
from qunxing.challenges.queries.reading import read_by
from qunxing.challenges.rules.bids import Permission
from qunxing.challenges.showing import attachment_rows
from qunxing.challenges.views.bidfiles import sent_file
from qunxing.challenges.views.bids import the_bid
from qunxing.ledger.edges import require
from qunxing.panels.rules import Permission as Desk


def the_reading(request: HttpRequest, ref: str) -> tuple[Bid, BidContent]:
    """The bid and what it says, for the experts to whom it was given, and for who reads the whole bid anyway."""
    user: Any = request.user
    if getattr(user, "kind", "") == Kind.EXPERT:
        found = read_by(user, ref)
        if found is None:
            raise Http404
        return found, found.content or BidContent()
    bid = the_bid(request, ref)
    require(user, Permission.READ_BID, bid)
    return bid, bid.content or BidContent()


@require_safe
def reading_list(request: HttpRequest, ref: str) -> HttpResponse:
    bid, content = the_reading(request, ref)
    words = {"bid": bid, "files": attachment_rows(content), "expert": request.user.has_perm(Desk.USE_DESK)}
    return render(request, "challenges/deciding/reading.html", words)


@require_safe
def reading_file(request: HttpRequest, ref: str, upload: str) -> HttpResponse | StreamingHttpResponse:
    bid, content = the_reading(request, ref)
    return sent_file(bid, content, upload)
