"""Which encoding a text file has: sniffed from all of its bytes, never guessed silently."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import because
from qunxing.intake.reading.errors import ReadingError
from qunxing.intake.reading.sources import Source

BINARY = _("This is not a table: it holds bytes that no text has.")
CUT = _("The file ends in the middle of a character: it was cut off. Fetch it anew.")
BROKEN = _("The text is not valid %(encoding)s here. Open the file in Excel and save it as “CSV UTF-8”.")
UNKNOWN = _("The encoding cannot be told: it is not UTF-8, GBK, GB18030 or UTF-16. Save the file as “CSV UTF-8”.")

BLOCK = 1 << 20
SAMPLE = 1 << 16
ENDS = {"unexpected end of data", "incomplete multibyte sequence", "truncated data"}

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a decoder stopped: the line counted from 1, and whether only the end of the file is missing."""

    line: int
    at_end: bool
    foreign: int  # characters other than ASCII read well before it, at least as far as a sample goes


def detect_encoding(source: Source) -> str:
    """The codec's name, for all of the file; text that fits none is refused."""
    head = source.head(SAMPLE)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return _insist(source, encoding)
    return _detect_wide(source, head) if b"\0" in head else _detect_narrow(source)


def _insist(source: Source, encoding: str) -> str:
    fault = find_fault(source, encoding)
    if fault:
        raise _broken(fault, encoding)
    return encoding


def _detect_wide(source: Source, head: bytes) -> str:
    """UTF-16 without a mark: the commas, digits and line ends have their zero byte on one side."""
    low, high = head[0::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if high > low else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(encoding, errors="replace")
    lopsided = max(low, high) > max(8 * min(low, high), len(text) // (2 if _is_utf8(head) else 50))
    if not lopsided or not _looks_written(text):
        find_fault(source, "utf-8")
        raise ReadingError(because(BINARY))
    return _insist(source, encoding)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _looks_written(text: str) -> bool:
    odd = sum(1 for character in text if not character.isprintable() and character not in "\t\r\n\ufeff\u200b\u3000")
    return odd * 50 <= len(text)


def _detect_narrow(source: Source) -> str:
    fault = find_fault(source, "utf-8")
    if fault and (fault.foreign > 20 or (fault.at_end and fault.foreign)):
        raise _broken(fault, "utf-8")
    for encoding in ("gbk", "gb18030") if fault else ("utf-8",):
        fault = find_fault(source, encoding)
        if fault is None:
            _check_plausible(source, encoding)
            return encoding
    raise _broken(fault, "gb18030") if fault and fault.at_end else ReadingError(because(UNKNOWN))


def _broken(fault: Fault, encoding: str) -> ReadingError:
    return ReadingError(because(CUT) if fault.at_end else because(BROKEN, encoding=encoding.upper()), row=fault.line)


def _check_plausible(source: Source, encoding: str) -> None:
    """GBK gives some character to almost any bytes: common ones must prevail."""
    text = codecs.getincrementaldecoder(encoding)().decode(source.head(SAMPLE))
    if not _looks_written(text):
        raise ReadingError(because(BINARY if encoding == "utf-8" else UNKNOWN))
    if encoding == "utf-8":
        return
    han = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    if len(han) >= 16 and sum(map(_is_common, han)) * 2 < len(han):
        raise ReadingError(because(UNKNOWN))


def _is_common(character: str) -> bool:
    """Of the 3,755 most used characters, which GB 2312 has in its rows 16 to 55."""
    return 0xB0 <= character.encode("gb18030")[0] <= 0xD7 and len(character.encode("gb18030")) == 2


def find_fault(source: Source, encoding: str) -> Fault | None:
    """Decode all of it strictly; a zero character counts as a fault, too."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, foreign = 1, 0
    for block, final in _blocks(source):
        try:
            text = decoder.decode(block, final)
        except UnicodeDecodeError as error:
            good = bytes(error.object[: error.start]).decode(encoding, errors="ignore")
            line += good.count("\n")
            return Fault(line, at_end=error.reason in ENDS, foreign=foreign + _count_foreign(good))
        if "\0" in text:
            raise ReadingError(because(BINARY), row=line + text[: text.index("\0")].count("\n"))
        line += text.count("\n")
        foreign += _count_foreign(text)
    return None


def _count_foreign(text: str) -> int:
    return 0 if text.isascii() else sum(1 for character in text[:SAMPLE] if character > "\x7f")


def _blocks(source: Source) -> Iterator[tuple[bytes, bool]]:
    """The bytes in blocks, the last one (perhaps empty) marked."""
    with source.open() as file:
        block = file.read(BLOCK)
        while block:
            following = file.read(BLOCK)
            yield block, not following
            block = following
