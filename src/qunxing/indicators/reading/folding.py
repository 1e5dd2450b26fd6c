"""Text in one writing for reading, with the way back: simplified, half width, without needless spaces."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from qunxing.core.text import simplify

# Marks that are written in several ways; "–" would else part a range.
MARKS = {
    "「": "“", "」": "”", "『": "“", "』": "”", "﹁": "“", "﹂": "”", "‘": "“", "’": "”", "―": "—", "–": "-", "−": "-",
    "‐": "-", "〜": "~", "∼": "~",
}  # fmt: skip
ROUND = re.compile(r"(?<=[一二三四五六七八九〇零O])[Oo](?=[一二三四五六七八九〇零Oo])")
MISREAD = re.compile(r"(?<![A-Za-z0-9.\-])(?=[0-9OolI]*[0-9])[0-9l][0-9OolI]*[OolI][0-9OolI]*(?![A-Za-z0-9.])")
DIGITS_FOR = str.maketrans("OolI", "0011")
SPACES = re.compile(r"\s+")
GAP = " "


@lru_cache(maxsize=70_000)
def folded_character(character: str) -> str:
    """What stands for it: nothing for what cannot be seen, one space for any space."""
    if character in MARKS:
        return MARKS[character]
    if character.isspace():
        return GAP
    if unicodedata.category(character) in {"Cf", "Cc", "Cs", "Co"}:
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return simplify(plain) if not plain.isascii() else plain


class Table(dict[int, str]):
    """For str.translate: characters are judged when they are first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = folded_character(chr(code))
        return found


TABLE = Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text and, for each of its characters, the place in the original that it stands for."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the folded text stands for."""
        return self.places[start], self.places[end - 1] + 1

    def at(self, place: int) -> int:
        """The first folded character at or behind a place of the original."""
        return bisect_left(self.places, place)


def skim(text: str) -> str:
    """The text folded and without any space: quick, for tests of whether it is worth reading."""
    return SPACES.sub("", text.translate(TABLE))


def fold_with_places(text: str, offset: int = 0) -> Folded:
    """The folded text of a stretch that begins at `offset` of the original."""
    kept: list[str] = []
    places: list[int] = []
    gap: list[str] = []
    for place, character in enumerate(text, offset):
        plain = TABLE[ord(character)]
        if plain == GAP:
            gap.append(character)
            continue
        if not plain:
            continue
        if gap and kept and stays(kept[-1], plain[0], gap):
            kept.append(GAP)
            places.append(place - 1)
        gap.clear()
        for one in plain:
            kept.append(one)
            places.append(place)
    return Folded(with_zeros("".join(kept)), tuple(places))


def with_zeros(text: str) -> str:
    """The letters that scans and typists put for digits, as digits: 二O二四, 1O0; the length stays."""
    if "O" not in text and "o" not in text and "l" not in text and "I" not in text:
        return text
    return MISREAD.sub(lambda found: found[0].translate(DIGITS_FOR), ROUND.sub("〇", text))


def stays(before: str, after: str, gap: list[str]) -> bool:
    """Whether a gap parts two words: between letters, and between numbers unless it is as narrow as a scan's."""
    if not (before.isascii() and after.isascii() and before.isalnum() and after.isalnum()):
        return False
    if before.isdigit() and after.isdigit():
        return len(gap) > 1 and "\n" not in gap
    return True
