"""What a file is, told by its content and not by its ending."""

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.intake.reading.archives import DAMAGED, DOCUMENT, PROTECTED, identify_archive
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.limits import Limits
from qunxing.intake.reading.sources import Source
from qunxing.intake.reading.tables import Format

PICTURE = _("This is a picture, not a table. Ask for the table itself as xlsx or csv.")
PACKED = _("This is a packed archive, not a table. Unpack it and choose the table inside.")
PDF = _("This is a PDF, not a table. Ask for the table itself as xlsx or csv.")

ZIP = b"PK"
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of xls, doc, ppt and of encrypted workbooks

FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
    (b"RIFF", PICTURE),
    (b"\x1f\x8b", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"Rar!", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ", PACKED),
    (b"{\\rtf", DOCUMENT),
)

# Names of streams as a compound file's directory writes them.
STREAMS: tuple[tuple[str, str | None], ...] = (
    ("EncryptedPackage", PROTECTED),
    ("WordDocument", DOCUMENT),
    ("PowerPoint Document", DOCUMENT),
    ("Workbook", None),
    ("Book", None),
)

ENDINGS = {
    Format.CSV: {"csv", "tsv", "txt", "tab"},
    Format.XLSX: {"xlsx", "xltx"},
    Format.XLSM: {"xlsm", "xltm"},
    Format.XLSB: {"xlsb"},
    Format.XLS: {"xls", "xlt", "et"},
    Format.ODS: {"ods", "ots"},
}


def identify(source: Source, limits: Limits) -> Format:
    """The format; a file that is no table is refused with what it is."""
    head = source.head()
    if head.startswith(ZIP) and head[2:4] in {b"\x03\x04", b"\x05\x06"}:
        return identify_archive(source, limits)
    if head.startswith(COMPOUND):
        return _identify_compound(source)
    _refuse_foreign(head)
    return Format.CSV


def _refuse_foreign(head: bytes) -> None:
    for magic, message in FOREIGN:
        # Letters alone may well begin a heading: a picture goes on with bytes that no text has.
        if head.startswith(magic) and (not magic.isalpha() or b"\0" in head[:64]):
            raise ReadingError(because(message))


def _identify_compound(source: Source) -> Format:
    with source.open() as file:
        content = file.read()
    for stream, refusal in STREAMS:
        if stream.encode("utf-16-le") in content:
            if refusal:
                raise ReadingError(because(refusal))
            return Format.XLS
    raise ReadingError(because(DAMAGED))


def ending_notes(source: Source, found: Format) -> tuple[Reason, ...]:
    """Say so when the ending promises something else than the content is."""
    if not source.ending or source.ending in ENDINGS[found]:
        return ()
    note = _("The file is named .%(ending)s but its content is %(format)s; it was read as %(format)s.")
    return (because(note, ending=source.ending, format=found.value),)
