"""Files of a bid: added, taken out, downloaded."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock
from qunxing.challenges.actions import attaching
from qunxing.challenges.content import Attachment, BidContent
from qunxing.challenges.models import Bid
from qunxing.challenges.rules.bids import Permission
from qunxing.challenges.shutting import open_file
from qunxing.challenges.uploading import Posted, posted_file, with_own_uploads
from qunxing.challenges.views.bidform import edit_response
from qunxing.challenges.views.bids import content_for, the_bid
from qunxing.core.errors import Refused
from qunxing.ledger.edges import require


@with_own_uploads
def file_add(request: HttpRequest, ref: str) -> HttpResponse:
    bid = the_bid(request, ref)
    require(request.user, Permission.WRITE_BID, bid)
    try:
        file, made = taken_file(request, bid)
    except Refused as refused:
        return edit_response(request, bid, file_problem=refused)
    words = _("Added and sealed: %(name)s") if made.name == file.name else _("Added and sealed as %(name)s.")
    messages.success(request, words % {"name": made.name})
    return redirect("challenges:bid-edit", bid.ref)


def taken_file(request: HttpRequest, bid: Bid) -> tuple[Posted, Attachment]:
    """The file as it was sent and as it is kept; Refused says what is wrong with it."""
    file = posted_file(request, bid)
    if file is None:
        raise Refused(_("No file was chosen."), _("Choose one and add it again."), 422)
    at, kind = clock.arrival(request, bid.board.rules), request.POST.get("kind", "")
    return file, attaching.attach(bid, actor=request.user, at=at, data=file.data, name=file.name, kind=kind)


@require_POST
def file_remove(request: HttpRequest, ref: str, upload: str) -> HttpResponse:
    bid = the_bid(request, ref)
    require(request.user, Permission.WRITE_BID, bid)
    attaching.detach(bid, upload, actor=request.user, at=clock.arrival(request, bid.board.rules))
    messages.success(request, _("Taken out."))
    return redirect("challenges:bid-edit", bid.ref)


@require_safe
def file_download(request: HttpRequest, ref: str, upload: str) -> HttpResponse | StreamingHttpResponse:
    """The file in the clear, always as a download; pieces are opened as they are sent."""
    bid = the_bid(request, ref)
    require(request.user, Permission.READ_BID, bid)
    return sent_file(bid, content_for(bid) or BidContent(), upload)


def sent_file(bid: Bid, content: BidContent, upload: str) -> StreamingHttpResponse:
    """A file that the bid names, as a download; 404 for any other."""
    found = next((one for one in content.attachments if one.upload == upload), None)
    if found is None or not bid.uploads.filter(ref=upload).exists():
        raise Http404
    pieces = open_file(bid.board, upload)
    answer = StreamingHttpResponse(started(pieces), content_type="application/octet-stream")
    name = escape_uri_path(found.name)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Content-Length"] = str(found.size)
    return answer


def started(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of which is opened now: what is damaged is told by a page and not by a broken download."""
    first = next(pieces)
    return chained(first, pieces)


def chained(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces
