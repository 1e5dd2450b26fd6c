"""Taking a file in without ever writing it to the disk in the clear.

Django keeps larger uploads in temporary files; here they are held in memory until they are encrypted. What is larger
than any rule set allows is not kept at all, only read past, so that the answer can say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from qunxing.challenges.models import Bid
from qunxing.core.errors import Refused

LARGEST = 200 * 1024**2  # what a rule set can allow at most
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Posted:
    """A file as it came in."""

    name: str
    data: bytes


class InMemory(FileUploadHandler):
    """Keeps each file in memory, and nothing of one that is too large."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.pieces: list[bytes] = []
        self.size = 0
        self.too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.pieces, self.size = [], 0

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        self.size += len(raw_data)
        if self.size > LARGEST:
            self.too_large, self.pieces = True, []
            raise SkipFile
        self.pieces.append(bytes(raw_data))

    def file_complete(self, file_size: int) -> SimpleUploadedFile | None:
        if self.too_large or file_size != self.size:
            return None
        return SimpleUploadedFile(self.file_name or "file", b"".join(self.pieces), self.content_type or "")


def with_own_uploads(view: View) -> View:
    """A view for POST whose files stay in memory; the token against forgery is looked for after that is settled."""
    protected = csrf_protect(require_POST(view))

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        return protected(request, *args, **kwargs)

    return inner


def posted_file(request: HttpRequest, bid: Bid) -> Posted | None:
    """The file of the request; None where none was chosen, Refused where it was too large to be kept."""
    file = request.FILES.get("file")
    handlers = [handler for handler in request.upload_handlers if isinstance(handler, InMemory)]
    if any(handler.too_large for handler in handlers):
        raise Refused(
            _("The file has more than %(limit)s MB.") % {"limit": bid.board.rules.bidding.file_megabytes},
            _("Make it smaller, for example by scanning at a lower resolution, or split it."),
            422,
        )
    return Posted(file.name or "file", file.read()) if file is not None else None
