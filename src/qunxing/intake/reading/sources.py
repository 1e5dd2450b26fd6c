"""A file to read: a path or bytes, with the name its owner gave it."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import because
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.limits import Limits


@dataclass(frozen=True, slots=True)
class Source:
    """Can be opened many times; the name only serves to tell the person when content and ending differ."""

    origin: Path | bytes = field(repr=False)
    filename: str

    @property
    def size(self) -> int:
        return len(self.origin) if isinstance(self.origin, bytes) else self.origin.stat().st_size

    @property
    def ending(self) -> str:
        """The file name's ending in lower case without the dot."""
        return Path(self.filename).suffix.lower().removeprefix(".")

    @property
    def stem(self) -> str:
        return Path(self.filename).stem

    def open(self) -> BinaryIO:
        return BytesIO(self.origin) if isinstance(self.origin, bytes) else self.origin.open("rb")

    def head(self, length: int = 4096) -> bytes:
        with self.open() as file:
            return file.read(length)


def check_size(source: Source, limits: Limits) -> None:
    """Refuse a file that is empty or too big before anything of it is read."""
    if source.size == 0:
        raise ReadingError(because(_("The file is empty.")))
    if source.size > limits.file_bytes:
        raise ReadingError(
            because(
                _("The file is too big: %(found)s MB, at most %(most)s MB can be read. Split it into several files."),
                found=-(-source.size // 2**20),
                most=limits.file_bytes // 2**20,
            )
        )
