"""Text as terms: words as a dictionary cuts them, and pairs of characters and characters, which need no dictionary."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from qunxing.core.text import fold

LONGEST: Final = 50_000
HAN_RANGES: Final = ((0x3005, 0x3005), (0x3007, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
HAN: Final = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN_RANGES)
LETTERS = re.compile(rf"[^\W_{HAN}]+(?:[.+#-]+[^\W_{HAN}]+)*[+#]*")
RUN = re.compile(rf"([{HAN}]+)|({LETTERS.pattern})")
SENTENCE = re.compile(r"[。；;！!？?\n\r]+")
LINES = re.compile(r"[\n\r]+")
ENDINGS: Final = (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("is", "is"), ("s", ""))
# English words that stand everywhere and name nothing.
EMPTY_WORDS: Final = """
a an and any are as at be been but by can could do does for from had has have how i if in into is it its
may more no not of on or other our should so such than that the their them then there these they this
those to up us want was we were what when where which while who whose will with would you your need needs
looking help
"""
EMPTY: Final = frozenset(EMPTY_WORDS.split())


class Terms(NamedTuple):
    """How often each term stands in a text, by kind. A word in letters is a term of all three kinds."""

    words: Counter[str]
    pairs: Counter[str]
    characters: Counter[str]


KINDS: Final = Terms._fields


def analyse(text: str) -> Terms:
    """The terms of a text of any length (beyond LONGEST characters it is not read); repeated sentences count once."""
    found = Terms(Counter(), Counter(), Counter())
    for sentence in sentences(text[:LONGEST]):
        for han, letters in RUN.findall(sentence):
            if han:
                found.words.update(word for word in cut(han) if len(word) > 1)
                found.pairs.update(map("".join, pairwise(han)))
                found.characters.update(han)
            elif letters not in EMPTY:
                for count in found:
                    count[stem(letters)] += 1
    return found


def sentences(text: str) -> Iterator[str]:
    """The folded sentences, each once: descriptions are often pasted twice into one cell."""
    folded = "\n".join(fold(line) for line in LINES.split(text))
    return iter(dict.fromkeys(piece.strip() for piece in SENTENCE.split(folded) if piece.strip()))


@cache
def cutter() -> Any:
    from rjieba import cut_for_search  # noqa: PLC0415 - loads a dictionary that most commands never need

    return cut_for_search


@lru_cache(maxsize=50_000)
def cut(run: str) -> tuple[str, ...]:
    """The words of a text as the dictionary cuts it, those inside longer words too, and what stands between words."""
    return tuple(cutter()(run))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without the ending of the plural: batteries is battery, models is model."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + instead
    return word
