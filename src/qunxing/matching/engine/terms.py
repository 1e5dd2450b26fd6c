"""Text as terms: words as a dictionary cuts them, and pairs of characters, which need no dictionary."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from qunxing.core.text import fold

LONGEST = 50_000
HAN = "〇々㐀-鿿豈-﫿\U00020000-\U000323af"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[.+#-]+[^\W_{HAN}]+)*[+#]*")
SENTENCE = re.compile(r"[。；;！!？?\n\r]+")
IS_HAN = re.compile(rf"[{HAN}]")
ENDINGS = (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", ""))


@cache
def _cutter() -> Any:
    from rjieba import cut_for_search  # noqa: PLC0415 - loads a dictionary that most commands never need

    return cut_for_search


def sentences(text: str) -> Iterator[str]:
    """The sentences of a folded text, each once: pasted descriptions often stand twice in one cell."""
    yield from dict.fromkeys(piece.strip() for piece in SENTENCE.split(text) if piece.strip())


def words(text: str) -> Counter[str]:
    """Words of a text with how often they stand in it, sentences that repeat counted once; no one-letter words."""
    return Counter(_words(text[:LONGEST]))


def pairs(text: str) -> Counter[str]:
    """Two neighbouring Chinese characters, within a run of them; a word in letters is a term of its own."""
    return Counter(_pairs(text[:LONGEST]))


def _words(text: str) -> Iterator[str]:
    for sentence in sentences(fold(text)):
        for run in RUN.findall(sentence):
            if IS_HAN.match(run):
                yield from (word for word in _cut(run) if len(word) > 1)
            else:
                yield stem(run)


def _pairs(text: str) -> Iterator[str]:
    for sentence in sentences(fold(text)):
        for run in RUN.findall(sentence):
            if IS_HAN.match(run):
                yield from (first + second for first, second in pairwise(run))
            else:
                yield stem(run)


@lru_cache(maxsize=50_000)
def _cut(run: str) -> tuple[str, ...]:
    return tuple(_cutter()(run))


def stem(word: str) -> str:
    """An English word without the ending of the plural: batteries is battery, models is model."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + instead
    return word
