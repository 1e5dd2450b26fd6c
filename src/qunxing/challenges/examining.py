"""What a file of a bid is, by its content, and whether anything in it could act. No Django in here.

Taken are PDF, PNG, JPEG and the Office formats that are zip archives (docx, xlsx, pptx). Anything that runs when the
file is opened is refused: a bid is opened by staff and experts on machines of the state.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

PDF: Final = "application/pdf"
OFFICE: Final[Mapping[str, str]] = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ENDINGS: Final[Mapping[str, str]] = {
    PDF: ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    OFFICE["word/"]: ".docx",
    OFFICE["xl/"]: ".xlsx",
    OFFICE["ppt/"]: ".pptx",
}
SCRIPTS: Final = (b"#!", b"mz", b"\x7felf", b"<script", b"<html", b"<!doctype", b"<?php", b"<svg", b"@echo")
# Keys of a PDF's dictionaries that make it do something, and kinds of action that do.
ACTIVE_KEYS: Final = frozenset({"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/XFA", "/AA"})
ACTIVE_ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/RichMediaExecute"}
)
MOST_OBJECTS: Final = 200_000
MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 400 * 1024**2
MOST_RATIO: Final = 200  # unpacked bytes to one packed, over the whole archive
MACROS: Final = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|/embeddings/.*\.(bin|exe|js|vbs|bat|cmd)$", re.IGNORECASE
)
OUTSIDE: Final = re.compile(
    rb"""<Relationship\b(?=[^>]*TargetMode\s*=\s*["']External["'])[^>]*Type\s*=\s*["'][^"']*/"""
    rb"""(oleObject|attachedTemplate|frame|subDocument|externalLinkPath|control)["']""",
    re.IGNORECASE,
)


class BadFile(ValueError):
    """A file that is not taken; `code` says why, `words` what was found."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Examined:
    """What the file is, and the ending that goes with it."""

    media: str
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        return ENDINGS[self.media]


def examine(data: bytes) -> Examined:
    """What the bytes are; BadFile when they are none of what is taken, or could act."""
    if not data:
        raise BadFile("empty")
    if data.startswith(b"%PDF-"):
        examine_pdf(data)
        return Examined(PDF)
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-64:]:
        return Examined("image/png")
    if data.startswith(b"\xff\xd8\xff"):
        return Examined("image/jpeg")
    if data.startswith(b"PK\x03\x04"):
        return Examined(examine_office(data))
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise BadFile("old_office")
    if data.lstrip()[:64].lower().startswith(SCRIPTS):
        raise BadFile("script")
    raise BadFile("other")


# --- PDF ------------------------------------------------------------------------------------------------------------


def examine_pdf(data: bytes) -> None:
    """BadFile for a PDF that cannot be read, is locked, or does anything by itself."""
    try:
        walk_pdf(PdfReader(io.BytesIO(data), strict=False))
    except BadFile:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise BadFile("unreadable") from error


def walk_pdf(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise BadFile("locked")
    if not len(reader.pages):
        raise BadFile("unreadable")
    for found in objects_of(reader):
        check_object(found)


def objects_of(reader: Any) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, those packed into object streams and those inside others included."""
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise BadFile("too_many_objects", found=len(numbers))
    seen = 0
    for number, generation in numbers:
        for found in dictionaries_in(reader.get_object(IndirectObject(number, generation, reader))):
            seen += 1
            if seen > MOST_OBJECTS:
                raise BadFile("too_many_objects", found=seen)
            yield found
    yield reader.trailer


def dictionaries_in(found: Any) -> Iterator[DictionaryObject]:
    """The dictionaries in an object, without following references."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(list.__iter__(one))


def check_object(found: DictionaryObject) -> None:
    active = ACTIVE_KEYS & set(found)
    if "/Type" in found and str(found.raw_get("/Type")) == "/EmbeddedFile":
        active |= {"/EmbeddedFile"}
    if "/S" in found and str(found.raw_get("/S")) in ACTIVE_ACTIONS:
        active |= {str(found.raw_get("/S"))}
    if active:
        raise BadFile("active_pdf", found=", ".join(sorted(name.lstrip("/") for name in active)))


# --- Office ---------------------------------------------------------------------------------------------------------


def examine_office(data: bytes) -> str:
    """The media type of an Office file; BadFile for another archive, for a bomb, for macros and links that load."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            check_size(entries, len(data))
            check_members(archive, entries)
            names = [entry.filename for entry in entries]
    except BadFile:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadFile("unreadable") from error
    if "[Content_Types].xml" in names:
        for folder, media in OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return media
    raise BadFile("archive")


def check_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        raise BadFile("bomb", megabytes=unpacked // 1024**2)


def check_members(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename
        if MACROS.search(name):
            raise BadFile("macros", found=name)
        if name == "[Content_Types].xml" and b"macroenabled" in read_member(archive, entry).lower():
            raise BadFile("macros", found=name)
        if name.endswith(".rels") and OUTSIDE.search(read_member(archive, entry)):
            raise BadFile("outside", found=name)
        if "externallinks/" in name.lower() and b"<ddelink" in read_member(archive, entry).lower():
            raise BadFile("outside", found=name)


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The member, never more than it says: what unpacks to more is a bomb."""
    with archive.open(entry) as file:
        text = file.read(entry.file_size + 1)
    if len(text) > entry.file_size:
        raise BadFile("bomb", megabytes=entry.file_size // 1024**2)
    return text
