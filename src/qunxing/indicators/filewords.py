"""Why a file cannot be read, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused, Text
from qunxing.indicators.reading import FileError, FileText, text_of

PROBLEMS: dict[str, Text] = {
    "empty": _("The file is empty."),
    "too_large": _("The file has more than %(limit)s MB. Split it, or give the part that matters."),
    "scanned": _("This PDF is a scan: it holds pictures of pages and no text. Have its text recognised (OCR) first."),
    "no_text": _("This document holds no text."),
    "locked": _("The file is protected with a password. Remove the password and try again."),
    "broken": _("The file is damaged or was cut off. Fetch it anew."),
    "harmful": _("The file is made so that unpacking it would do harm; it was not opened."),
    "too_many_pages": _("The file has more than %(limit)s pages. Split it."),
    "too_long": _("Reading the pages took too long, or gave too much text. Split the file."),
    "old_office": _("This is a Word file of the old kind (.doc). Save it as .docx."),
    "picture": _("This is a picture. Have its text recognised (OCR) first."),
    "packed": _("This is a packed file. Unpack it and give the article inside."),
    "not_text": _("This is no text: a txt, docx or pdf is read."),
}


def read_file(data: bytes) -> FileText:
    """The text of the file; Refused with the reason for one that has none."""
    try:
        return text_of(data)
    except FileError as error:
        raise Refused(str(PROBLEMS[error.code]) % error.words) from error
