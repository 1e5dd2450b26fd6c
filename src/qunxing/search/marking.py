"""Marking in a text what was looked for, and the stretch of a long text around it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qunxing.core.text import fold
from qunxing.search.analysis import pairs, stem
from qunxing.search.wording import Wording

LENGTH = 140
BEFORE = 30


@dataclass(frozen=True)
class Piece:
    """A piece of a text, marked where it was looked for."""

    text: str
    marked: bool = False


def needles_of(wording: Wording) -> tuple[str, ...]:
    """What to look for in a folded text, the longest first."""
    found: set[str] = set()
    for run in wording.runs:
        found |= {run.text, *run.parts}
        if not run.dense:
            found.add(stem(run.text))
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def marked(text: str, needles: Sequence[str]) -> list[Piece]:
    """The whole text in pieces."""
    return pieces_of(text, spans(text, needles))


def excerpt(text: str, needles: Sequence[str]) -> list[Piece]:
    """The stretch of the text around the first mark; its beginning where nothing is marked."""
    found = spans(text, needles)
    if not found and needles:
        found = spans(text, [pair for needle in needles if not needle.isascii() for pair in pairs(needle)])
    first = found[0][0] if found else 0
    start = max(0, first - BEFORE) if len(text) > LENGTH else 0
    end = min(len(text), start + LENGTH)
    shown = pieces_of(text[start:end], [(a - start, min(b, end) - start) for a, b in found if start <= a < end])
    return [*([Piece("…")] if start else []), *shown, *([Piece("…")] if end < len(text) else [])]


def pieces_of(text: str, found: Iterable[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in found:
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces


def spans(text: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Where the needles stand in the text, none within another."""
    if not needles or not text:
        return []
    folded, origin = folded_with_origin(text)
    found = re.finditer("|".join(whole_word(needle) for needle in needles), folded)
    return [(origin[match.start()], origin[match.end() - 1] + 1) for match in found]


def whole_word(needle: str) -> str:
    """Letters and digits count from the beginning of a word, so that "ai" does not mark "chair"."""
    return rf"(?<![^\W_]){re.escape(needle)}" if needle.isascii() else re.escape(needle)


def folded_with_origin(text: str) -> tuple[str, Sequence[int]]:
    """The folded text and, for each of its characters, the place in the text that it comes from."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    characters, origin = [], []
    for place, character in enumerate(text):
        for one in fold(character) or (" " if character.isspace() else ""):
            characters.append(one)
            origin.append(place)
    return "".join(characters), origin
