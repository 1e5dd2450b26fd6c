"""How text is cut for the index, and a query with it.

Chinese is kept in pairs of characters that follow each other, so that any part of a name is found; other letters and
digits in words. Names and numbers are kept in threes of letters besides: any part of a number, of the pinyin or of the
initials is then found.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import tantivy

from qunxing.core.text import fold, readings

# Scripts that are written without spaces.
DENSE = r"〇々㐀-鿿豈-﫿\U00020000-\U000323AF぀-ヿ가-힣"
RUNS = re.compile(rf"([{DENSE}]+)|([^\W_{DENSE}]+)")
HAN = re.compile(rf"[{DENSE}]")
LONGEST_WORD = 64
START = "^"
GRAM = 3


def runs(folded: str) -> Iterator[tuple[str, bool]]:
    """(run, whether it is Chinese or the like) of a folded text; marks and spaces fall away."""
    for dense, word in RUNS.findall(folded):
        yield (dense, True) if dense else (word[:LONGEST_WORD], False)


def pairs(run: str) -> list[str]:
    """The pairs of a run; a single character stands for itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def tokens(folded: str) -> Iterator[str]:
    """What of a text goes into the index, in its order; the last character of a run stands alone besides."""
    for run, dense in runs(folded):
        if not dense:
            yield run
            continue
        for at in range(len(run) - 1):
            yield run[at : at + 2]
        yield run[-1]


def cut(text: str) -> str:
    """The text as the index takes it: its tokens with spaces between."""
    return " ".join(tokens(fold(text)))


def letters(folded: str) -> str:
    """A folded text without anything but letters and digits."""
    return "".join(run for run, _dense in runs(folded))


def grams(word: str) -> list[str]:
    """The threes of a word; nothing of a shorter one."""
    return [word[at : at + GRAM] for at in range(len(word) - GRAM + 1)]


@lru_cache(maxsize=20_000)
def spelt(name: str) -> tuple[str, ...]:
    """A name as it may be typed in letters: as it is, in pinyin, in initials; each in threes, its start marked."""
    full, first = readings(name)
    plain = fold(name)
    ways = [letters(plain)] if not HAN.search(plain) else []
    ways += [letters(way) for way in (full, first)]
    return tuple(" ".join(grams(START + way)) for way in dict.fromkeys(ways) if len(way) > 1)


def spelt_code(code: str) -> str:
    """A number in threes, without the Chinese around it."""
    return " ".join(grams(START + letters(HAN.sub("", fold(code)))))


def spelt_all(names: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    ways = [way for name in names for way in spelt(name)] + [spelt_code(code) for code in codes]
    return list(dict.fromkeys(filter(None, ways)))


@cache
def analyzer() -> Any:
    """Cut text as the index takes it, English words by their stems."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    found: list[str] = analyzer().analyze(word)
    return found[0] if found else word
