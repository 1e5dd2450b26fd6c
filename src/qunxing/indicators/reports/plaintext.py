"""A report as plain text, for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from qunxing.indicators.reports.paper import Paper, chart_lines, hidden_words, text_of


def text_file(paper: Paper) -> str:
    with paper.said():
        return "\n".join(lines(paper)) + "\n"


def lines(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield from (f"{label}: {value}" for label, value in paper.heading())
    for section in paper.content["sections"]:
        yield from ("", section["heading"], "")
        for block in section["blocks"]:
            yield from block_lines(paper, block)
    yield ""
    yield from paper.remarks()
    yield paper.closing()


def block_lines(paper: Paper, block: Any) -> Iterator[str]:
    match block["kind"]:
        case "paragraph":
            yield text_of(block["parts"])
        case "table":
            yield from [block["title"]] if block["title"] else []
            yield from aligned([block["headings"], *([cell["text"] for cell in line] for line in block["lines"])])
            yield from block.get("notes", ())
        case "chart":
            headings, rows = chart_lines(block["chart"])
            yield block["chart"]["title"]
            yield from aligned([headings, *rows])
        case "rows":
            yield block["title"]
            for key in block["figures"]:
                names, hidden = paper.names_behind(key)
                yield from (f"  {name}" for _ref, name in names)
                yield from [hidden_words(hidden)] if hidden else []
    yield ""


def aligned(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other; a Chinese character takes two places."""
    widths = [max(places(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        padded = (cell + " " * (width - places(cell)) for cell, width in zip(line, widths, strict=True))
        yield f"  {'  '.join(padded).rstrip()}"


def places(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
