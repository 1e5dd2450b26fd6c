"""A text in blocks (paragraphs, headings, rows) and sentences; lines broken by a narrow column are joined again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

LINE = re.compile(r"[^\n\r\f\v\u2028\u2029]+")
NEIGHBOURS = 4
SHORT = 0.7
NARROW = 50  # characters in a line of a column; longer lines are whole paragraphs
CLOSED = ("。", "！", "？", "”", "」", "!", "?")
LONGEST_BLOCK = 4_000
PAGE = 2_000  # lines looked at together
# What begins anew whatever stands before it.
MARKER = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.、．](?![0-9])"
    r"|[●•○◆■□▪·*]|第[一二三四五六七八九十]+[章节条]|——)"
)
ROW = re.compile(r"\t|^\s*\||\S\s*\|\s*\S|[^\s]\s{3,}\S+\s{3,}\S")
# A number that goes on in the next line, however short its own line is.
FIGURE = "0-9０-９一二两三四五六七八九十百千万亿"
TORN = re.compile(rf"[{FIGURE}超近约逾][{FIGURE}余餘多家个個]")
SENTENCE = re.compile(r"[^。!?;]+[。!?;]*[”)]*")


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    length: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text; `row` says that it is one line of a table."""

    start: int
    end: int
    row: bool = False


def lines_of(text: str) -> Iterator[Line]:
    """The lines that hold something."""
    for found in LINE.finditer(text):
        length = len("".join(found[0][:400].split()))
        if length:
            yield Line(found.start(), found.end(), length)


def pages_of(text: str) -> Iterator[list[Line]]:
    page: list[Line] = []
    for line in lines_of(text):
        page.append(line)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def blocks_of(text: str) -> Iterator[Block]:
    """The blocks in their order, none much longer than LONGEST_BLOCK."""
    for page in pages_of(text):
        start = 0
        for place, line in enumerate(page):
            if place + 1 == len(page) or parted(text, page, place) or line.end - page[start].start > LONGEST_BLOCK:
                row = start == place and is_row(text, line)
                yield from pieces(text, page[start].start, line.end, row=row)
                start = place + 1


def pieces(text: str, start: int, end: int, *, row: bool) -> Iterator[Block]:
    """A block, cut where a sentence ends when it is too long."""
    while end - start > LONGEST_BLOCK * 2:
        cut = max(text.rfind(mark, start, start + LONGEST_BLOCK) for mark in "。！？；;!?")
        cut = cut + 1 if cut > start else start + LONGEST_BLOCK
        yield Block(start, cut)
        start = cut
    yield Block(start, end, row)


def parted(text: str, page: Sequence[Line], place: int) -> bool:
    """Whether a block ends with this line: it is shorter than those around it, or the next one begins anew."""
    line, following = page[place], page[place + 1]
    if is_row(text, line) or is_row(text, following) or MARKER.match(text, following.start, following.end):
        return True
    if text[following.start : following.start + 2] == "\u3000\u3000":
        return True
    if TORN.match(text[line.start : line.end].rstrip()[-1:] + text[following.start : following.end].lstrip()[:1]):
        return False
    around = page[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    usual = median_low([one.length for one in around])
    whole = line.length > NARROW and text[line.start : line.end].rstrip().endswith(CLOSED)
    inside = text[line.start : line.end].strip()[:-1]
    heads = following.length > NARROW and line.length < SHORT * following.length
    return whole or ((heads or line.length < SHORT * usual) and not any(mark in inside for mark in "，,；"))


def is_row(text: str, line: Line) -> bool:
    return line.length < 200 and ROW.search(text, line.start, line.end) is not None


def sentences_of(folded: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a folded block stand in it."""
    for found in SENTENCE.finditer(folded):
        yield found.span()
