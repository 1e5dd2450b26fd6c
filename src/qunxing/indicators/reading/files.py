"""The text of a file (txt, docx, pdf), told by its content; what cannot be read says why."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import ParseError, iterparse

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from qunxing.indicators.reading.encodings import decode

MEBIBYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 100 * MEBIBYTE
MOST_PARTS: Final = 5_000
MOST_UNPACKED: Final = 200 * MEBIBYTE
MOST_RATIO, RATIO_FLOOR = 200, 4 * MEBIBYTE
MOST_PAGES: Final = 3_000
MOST_SECONDS: Final = 120
MOST_CHARACTERS: Final = 60_000_000
WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BROKEN: Final = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError, ArithmeticError,
    AssertionError, NotImplementedError, MemoryError, EOFError,
)  # fmt: skip


class FileError(ValueError):
    """A file without a text to read; `code` says why, `words` what was found."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class FileText:
    """The text that places are counted in, and what the file was: txt, docx or pdf, and its encoding."""

    text: str
    format: str
    encoding: str = ""


def text_of(data: bytes) -> FileText:
    """The text; FileError for what has none, is locked, broken or made to do harm."""
    if not data.strip():
        raise FileError("empty")
    if len(data) > LARGEST_FILE:
        raise FileError("too_large", limit=LARGEST_FILE // MEBIBYTE)
    if data.startswith(b"%PDF-"):
        return FileText(checked(pdf_text(data), "scanned"), "pdf")
    if data.startswith(b"PK\x03\x04"):
        return FileText(checked(docx_text(data), "no_text"), "docx")
    for code, heads in REFUSED.items():
        if data.startswith(heads):
            raise FileError(code)
    decoded = decode(data)
    if decoded is None:
        raise FileError("not_text")
    return FileText(checked(decoded[0], "empty"), "txt", decoded[1])


REFUSED: Final[Mapping[str, tuple[bytes, ...]]] = {
    "old_office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "picture": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"),
    "packed": (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
}


def checked(text: str, code: str) -> str:
    if not text.strip():
        raise FileError(code)
    return text


# --- PDF ------------------------------------------------------------------------------------------------------------


def pdf_text(data: bytes) -> str:
    """The text of all pages, each ended by a line end."""
    return "".join(guarded(lambda: list(pages_of(data))))


def guarded(read: Callable[[], list[str]]) -> list[str]:
    try:
        return read()
    except FileError:
        raise
    except BROKEN as error:
        raise FileError("broken") from error


def pages_of(data: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileError("locked")
    if len(reader.pages) > MOST_PAGES:
        raise FileError("too_many_pages", limit=MOST_PAGES)
    began, total = time.monotonic(), 0
    for page in reader.pages:
        text = page.extract_text() or ""
        total += len(text)
        if time.monotonic() - began > MOST_SECONDS or total > MOST_CHARACTERS:
            raise FileError("too_long")
        yield text.rstrip("\n") + "\n"


# --- docx -----------------------------------------------------------------------------------------------------------


def docx_text(data: bytes) -> str:
    """Paragraphs and rows of tables, one a line; what was struck out is left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive)
            with archive.open("word/document.xml") as part:
                return "".join(paragraphs(part))
    except FileError:
        raise
    except KeyError as error:
        raise FileError("not_text") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, *BROKEN) as error:
        raise FileError("broken") from error


def check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileError("locked")
    dense = any(
        part.file_size > RATIO_FLOOR and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts
    )
    with archive.open("word/document.xml") as part:
        head = part.read(4096)
    dense = dense or b"<!DOCTYPE" in head or b"<!ENTITY" in head
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or dense:
        raise FileError("harmful")


def paragraphs(part: Any) -> Iterator[str]:
    """The lines of the body, read without keeping the whole of it."""
    in_cells = 0
    for event, element in iterparse(part, events=("start", "end")):  # noqa: S314 - DOCTYPE refused
        if element.tag == f"{WORD}tc":
            in_cells += 1 if event == "start" else -1
        if event == "start":
            continue
        if element.tag == f"{WORD}t":
            yield element.text or ""
        elif element.tag == f"{WORD}tab":
            yield "\t"
        elif element.tag in {f"{WORD}br", f"{WORD}cr", f"{WORD}tr"} or (element.tag == f"{WORD}p" and not in_cells):
            yield "\n"
        elif element.tag == f"{WORD}tc":
            yield "\t"
        if element.tag in {f"{WORD}p", f"{WORD}tr"}:
            element.clear()
