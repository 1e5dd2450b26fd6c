"""What a workbook shows but reading cannot give: errors, formulas without a value, rows hidden from view."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - the name of an exception

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.intake.reading.sources import Source

BLOCK = 1 << 20
END = b"</row>"
LONGEST_ROW = 1 << 24
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# The first text is looked for before the pattern is tried: most sheets have none of these.
PATTERNS: tuple[tuple[str, bytes, re.Pattern[bytes]], ...] = (
    (
        _("Rows hidden in the workbook were read like the others: %(count)s."),
        b"hidden=",
        re.compile(rb'<row\b[^>]*\shidden="(?:1|true)"'),
    ),
    (
        _("Cells that show an error (like #N/A) were read as empty: %(count)s."),
        b't="e"',
        re.compile(rb'<c\b[^>]*\st="e"'),
    ),
    (
        _("Formulas that were never calculated were read as empty: %(count)s. Open the file in Excel and save it."),
        b"<f",
        re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"),
    ),
)


def gap_notes(source: Source) -> tuple[Reason, ...]:
    """One note for each kind of gap, counted over all sheets of an xlsx workbook."""
    counts: Counter[str] = Counter()
    try:
        with source.open() as file, ZipFile(file) as archive:
            for name in filter(SHEET.fullmatch, archive.namelist()):
                with archive.open(name) as part:
                    _count(part, counts)
    except (BadZipFile, EOFError, OSError, NotImplementedError, ZlibError):
        return ()  # reading the sheet itself will say so
    return tuple(because(message, count=counts[message]) for message, _sign, _pattern in PATTERNS if counts[message])


def _count(part: IO[bytes], counts: Counter[str]) -> None:
    for rows in _whole_rows(part):
        for message, sign, pattern in PATTERNS:
            if sign in rows:
                counts[message] += sum(1 for _match in pattern.finditer(rows))


def _whole_rows(part: IO[bytes]) -> Iterator[bytes]:
    """The part in blocks that end with a row, so that nothing is cut in two."""
    pending = b""
    while block := part.read(BLOCK):
        rows, end, pending = (pending + block).rpartition(END)
        if len(pending) > LONGEST_ROW:
            rows, end, pending = rows + end, pending, b""
        if rows:
            yield rows + end
    yield pending
