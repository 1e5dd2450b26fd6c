"""Text tables: comma, tab or semicolon between the cells."""

import csv
from collections import Counter
from collections.abc import Iterator
from functools import partial
from io import TextIOWrapper

from django.utils.translation import gettext_noop as _

from qunxing.core.exports import unescape
from qunxing.core.reasons import because
from qunxing.intake.reading.encodings import detect_encoding
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.formats import ending_notes
from qunxing.intake.reading.limits import Limits
from qunxing.intake.reading.sources import Source
from qunxing.intake.reading.tables import Format, RawRow, Table

DELIMITERS = (",", "\t", ";")
SAMPLE_LINES = 200
SAMPLE_CHARACTERS = 1 << 18

WEB_PAGE = _("This is a web page or XML, not a table, whatever its ending says. Open it in Excel and save it as xlsx.")
JSON = _("This is JSON, not a table. Save it as csv or xlsx.")
EMPTY = _("The file holds no text.")
LONG_CELL = _("A cell holds more than %(most)s characters. Most often a quotation mark opens here and is never closed.")
OPEN_QUOTE = _("A quotation mark opens in this row and is never closed; the rest of the file would be one cell.")
WIDE_ROW = _("The row has %(found)s cells; at most %(most)s are read.")
MANY_ROWS = _("The table has more than %(most)s rows. Split it into several files.")


def read_delimited(source: Source, limits: Limits) -> Table:
    """One table, named after the file; encoding and delimiter are sniffed and stated."""
    encoding = detect_encoding(source)
    lines = _sample(source, encoding)
    _refuse_markup("".join(lines[:5]))
    delimiter = _declared_delimiter(lines) or sniff_delimiter(lines)
    return Table(
        sheet=source.stem,
        format=Format.CSV,
        open=partial(_rows, source, limits, encoding, delimiter),
        encoding=encoding,
        delimiter=delimiter,
        notes=ending_notes(source, Format.CSV),
    )


def _text(source: Source, encoding: str) -> TextIOWrapper:
    file = source.open()
    if encoding in {"utf-16-le", "utf-16-be"} and file.read(2) not in {b"\xff\xfe", b"\xfe\xff"}:
        file.seek(0)
    return TextIOWrapper(file, encoding=encoding, newline="")


def _sample(source: Source, encoding: str) -> list[str]:
    with _text(source, encoding) as text:
        lines = text.read(SAMPLE_CHARACTERS).splitlines(keepends=True)
    if not any(line.strip("\ufeff \t\r\n,;") for line in lines) and source.size < SAMPLE_CHARACTERS:
        raise ReadingError(because(EMPTY))
    return lines[:SAMPLE_LINES]


def _refuse_markup(begin: str) -> None:
    start = begin.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!", "<?xml", "<html", "<head", "<body", "<meta", "<table", "<div", "mime-version:")):
        raise ReadingError(because(WEB_PAGE))
    if start.startswith(('{"', '[{"', "{\r\n", "{\n", "[\n", "[\r\n")):
        raise ReadingError(because(JSON))


def _declared_delimiter(lines: list[str]) -> str:
    """Excel's own hint, a first line such as `sep=;`."""
    first = lines[0].strip().lower() if lines else ""
    return first[4] if first.startswith("sep=") and len(first) == 5 else ""


def sniff_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells, the more the better; a comma when none does."""
    return max(DELIMITERS, key=partial(_fitness, lines))


def _fitness(lines: list[str], delimiter: str) -> float:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    except csv.Error:
        return 0.0
    wide = [(width, count) for width, count in widths.items() if width > 1]
    if not wide:
        return 0.0
    width, count = max(wide, key=lambda item: item[1])
    return count / widths.total() + min(width, 50) / 1000


class _Lines:
    """Lines of a text, telling when the last one was handed out."""

    def __init__(self, text: TextIOWrapper) -> None:
        self.text = text
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        yield from self.text
        self.exhausted = True


def _rows(source: Source, limits: Limits, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Numbers count records, as Excel does: a cell with a line break in it is still one row."""
    csv.field_size_limit(max(csv.field_size_limit(), limits.cell_characters + 1))
    number, sheet = 0, source.stem
    with _text(source, encoding) as text:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for number, cells in enumerate(reader, start=1):
                if lines.exhausted:
                    raise ReadingError(because(OPEN_QUOTE), sheet=sheet, row=number)
                _check(cells, limits, sheet, number)
                if not _is_hint(cells, number, delimiter) and any(map(str.strip, cells)):
                    yield RawRow(sheet, number, _plain(_trimmed(cells)))
        except csv.Error as error:
            reason = because(LONG_CELL, most=limits.cell_characters)
            raise ReadingError(reason, sheet=sheet, row=number + 1) from error


def _check(cells: list[str], limits: Limits, sheet: str, row: int) -> None:
    if row > limits.rows:
        raise ReadingError(because(MANY_ROWS, most=limits.rows), sheet=sheet, row=row)
    if len(cells) > limits.columns:
        raise ReadingError(because(WIDE_ROW, found=len(cells), most=limits.columns), sheet=sheet, row=row)
    if sum(map(len, cells)) > limits.cell_characters:
        _check_lengths(cells, limits, sheet, row)


def _check_lengths(cells: list[str], limits: Limits, sheet: str, row: int) -> None:
    for column, cell in enumerate(cells, start=1):
        if len(cell) > limits.cell_characters:
            raise ReadingError(because(LONG_CELL, most=limits.cell_characters), sheet=sheet, row=row, column=column)


def _is_hint(cells: list[str], number: int, delimiter: str) -> bool:
    return number == 1 and delimiter.join(cells).lower() == f"sep={delimiter}"


def _plain(cells: list[str]) -> list[str]:
    """The cells without the apostrophe that our exports put before what a spreadsheet would run or round."""
    return [unescape(cell) if cell[:1] == "'" else cell for cell in cells]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
