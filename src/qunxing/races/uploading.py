"""Taking files in: each is encrypted on its way to the disk, and no more of it than a piece is ever in memory."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from qunxing.core.errors import Refused
from qunxing.core.fields import new_ref
from qunxing.races.sealing import Sealed, Writer, discard, seal

MEGABYTE = 1024**2
View = Callable[..., HttpResponse]
Prepare = Callable[..., tuple[Any, int]]


@dataclass(frozen=True)
class Received:
    """A file as it came in, sealed under the name `files/<ref>`."""

    ref: str
    label: str
    sealed: Sealed

    @property
    def size(self) -> int:
        return self.sealed.size

    @property
    def digest(self) -> str:
        return self.sealed.digest


def file_name(ref: str) -> str:
    """The name in its race under which a file that was handed in lies."""
    return f"files/{ref}"


def receive(race: Any, data: bytes, label: str = "file") -> Received:
    """Take data in as if it had been uploaded."""
    ref = new_ref()
    return Received(ref, label, seal(race, file_name(ref), [data]))


def too_large(most: int) -> Refused:
    return Refused(
        _("The file has more than %(limit)s MB.") % {"limit": most // MEGABYTE},
        _("Leave out what the test set does not ask for, or pack the table into a zip."),
        413,
    )


class Sealing(FileUploadHandler):
    """Seals each file as it arrives; one that is too large is dropped at once and only read past."""

    def __init__(self, request: HttpRequest | None, race: Any, most: int) -> None:
        super().__init__(request)
        self.race, self.most = race, most
        self.ref = ""
        self.writer: Writer | None = None
        self.kept: dict[str, Received] = {}
        self.too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.ref = new_ref()
        self.writer = Writer(self.race, file_name(self.ref))

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        if self.writer is None:
            return
        if self.writer.size + len(raw_data) > self.most:
            self.too_large = True
            self.drop()
            raise SkipFile
        self.writer.write(bytes(raw_data))

    def file_complete(self, file_size: int) -> SimpleUploadedFile | None:
        if self.writer is None or file_size != self.writer.size:
            self.drop()
            return None
        label = self.file_name or "file"
        field = self.field_name or "file"
        if field in self.kept:
            discard(self.race, file_name(self.kept[field].ref))
        self.kept[field] = Received(self.ref, label[:200], self.writer.close())
        self.writer = None
        return SimpleUploadedFile(label, b"-")

    def upload_interrupted(self) -> None:
        self.drop()

    def drop(self) -> None:
        if self.writer is not None:
            self.writer.abandon()
            self.writer = None

    def take(self, field: str) -> Received | None:
        """The file of that field, which from now on is its taker's; Refused where it was too large."""
        if self.too_large:
            raise too_large(self.most)
        return self.kept.pop(field, None)

    def sweep(self) -> None:
        """Drop what nobody took."""
        self.drop()
        for received in self.kept.values():
            discard(self.race, file_name(received.ref))
        self.kept.clear()


def with_sealed_uploads(prepare: Prepare) -> Callable[[View], View]:
    """A view whose files are sealed as they arrive. `prepare` is asked before a byte of them is read: it refuses
    whoever may not, and gives the race and how many bytes a file may have.
    """

    def wrap(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return protected(request, *args, **kwargs)
            handler = Sealing(request, *prepare(request, *args, **kwargs))
            request.upload_handlers = [handler]
            try:
                return protected(request, *args, **kwargs)
            finally:
                handler.sweep()

        return inner

    return wrap


def taken(request: HttpRequest, field: str = "file") -> Received | None:
    """The file that came with the request in this field."""
    request.FILES  # noqa: B018 - reading the request is what fills the handler
    for handler in request.upload_handlers:
        if isinstance(handler, Sealing):
            return handler.take(field)
    return None


def let_go(race: Any, received: Received | None) -> None:
    """Drop a file that was taken and came to nothing."""
    if received is not None:
        discard(race, file_name(received.ref))
