"""Zipped workbooks: looked at from outside, by their directory, before anything is unpacked."""

from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - the name of an exception

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.limits import Limits
from qunxing.intake.reading.sources import Source
from qunxing.intake.reading.tables import Format

DAMAGED = _("The file is damaged or was cut off. Open it in Excel, save it again, or fetch it anew.")
PROTECTED = _("The workbook is protected with a password. Remove the password in Excel (File, Info) and save it again.")
NOT_WORKBOOK = _("This is a packed file, but not a workbook. Unpack it and choose the table inside.")
DOCUMENT = _("This is a text document, not a table. Copy its table into a workbook and save that as xlsx.")
TOO_MANY_PARTS = _(
    "The workbook holds %(found)s parts, more than the %(most)s that are opened. It looks made to do harm."
)
TOO_LARGE = _(
    "Unpacked, the workbook would take %(found)s MB; at most %(most)s MB are opened. Split it into several files."
)
TOO_DENSE = _("A part of the workbook unpacks to more than %(most)s times its size. It looks made to do harm.")
MACROS = _("The workbook holds macros. They were ignored; only the data was read.")
LINKS = _("The workbook links to other files. The links were not followed; the last stored values were read.")

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def identify_archive(source: Source, limits: Limits) -> Format:
    """The kind of workbook; a bomb, a cut, locked or foreign archive is refused."""
    with checked_archive(source, limits) as archive:
        return _identify(archive)


@contextmanager
def checked_archive(source: Source, limits: Limits) -> Iterator[ZipFile]:
    """The archive, once its directory promises nothing that would harm; ReadingError for what is cut or harmful."""
    try:
        with source.open() as file, ZipFile(file) as archive:
            _check_bounds(archive.infolist(), limits)
            yield archive
    except (BadZipFile, LargeZipFile, EOFError, OSError, ValueError, NotImplementedError, ZlibError) as error:
        raise ReadingError(because(DAMAGED)) from error


def _check_bounds(parts: list[ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise ReadingError(because(TOO_MANY_PARTS, found=len(parts), most=limits.parts))
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_bytes:
        raise ReadingError(because(TOO_LARGE, found=total // 2**20, most=limits.unpacked_bytes // 2**20))
    if any(_is_dense(part, limits) for part in parts):
        raise ReadingError(because(TOO_DENSE, most=limits.ratio))


def _is_dense(part: ZipInfo, limits: Limits) -> bool:
    return part.file_size > limits.ratio_floor and part.file_size > limits.ratio * max(part.compress_size, 1)


def _identify(archive: ZipFile) -> Format:
    names = set(archive.namelist())
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise ReadingError(because(PROTECTED))
    if "xl/workbook.bin" in names:
        return Format.XLSB
    if "xl/workbook.xml" in names or any(name.lower() == "xl/workbook.xml" for name in names):
        return Format.XLSM if "xl/vbaProject.bin" in names else Format.XLSX
    if "mimetype" in names and _begin(archive, "mimetype") == OPEN_DOCUMENT:
        return _identify_open_document(archive)
    raise ReadingError(because(DOCUMENT if "word/document.xml" in names else NOT_WORKBOOK))


def _identify_open_document(archive: ZipFile) -> Format:
    if b"encryption-data" in _begin(archive, "META-INF/manifest.xml", 2**20):
        raise ReadingError(because(PROTECTED))
    return Format.ODS


def _begin(archive: ZipFile, name: str, length: int = len(OPEN_DOCUMENT)) -> bytes:
    """The first bytes of a part, never more."""
    try:
        with archive.open(name) as part:
            return part.read(length)
    except KeyError:
        return b""


def archive_notes(source: Source, found: Format) -> tuple[Reason, ...]:
    """What the person should know of macros and links that were left alone."""
    if found is Format.CSV or found is Format.XLS:
        return ()
    with source.open() as file, ZipFile(file) as archive:
        names = archive.namelist()
    notes = []
    if any(name.endswith("vbaProject.bin") for name in names):
        notes.append(because(MACROS))
    if any(name.startswith("xl/externalLinks/") for name in names):
        notes.append(because(LINKS))
    return tuple(notes)
