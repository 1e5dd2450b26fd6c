"""A query cut into what must be found: never parsed, so that no sign in it has a meaning of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from qunxing.core.text import fold, pinyin, tidy
from qunxing.search.analysis import letters, runs

LONGEST = 200  # characters of a query that are looked for
MOST_WORDS = 16
# Said in questions and found in every text.
IDLE_WORDS = """
的 了 和 与 及 或 在 是 有 能 会 要 想 请 把 被 对 为 我 你 您
吗 呢 吧 啊 个 些 一 哪 谁 家 我们 你们 他们 哪些 什么 如何 怎么
怎样 可以 能够 需要 希望 想要 寻找 帮我 一个 一家 一些 关于 进行 以及 或者 并且 哪家 有没有 有关 找 做
the a an of and or for to in on with that which who is are we our need needs find looking can
"""
IDLE = frozenset(IDLE_WORDS.split())


@dataclass(frozen=True)
class Run:
    """A run of one script in a word of the query; `parts` are the words that it is made of."""

    text: str
    dense: bool
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """What somebody typed: as given, folded, and word by word in runs; `cut_short` when it was too long."""

    given: str
    folded: str
    words: tuple[tuple[Run, ...], ...]
    cut_short: bool

    @property
    def empty(self) -> bool:
        return not self.words

    @property
    def runs(self) -> list[Run]:
        return [run for word in self.words for run in word]

    @property
    def letters(self) -> str:
        return letters(self.folded)


def read(text: str) -> Wording:
    """The first words of the text, as far as they hold letters, digits or characters."""
    given = tidy(text)
    folded = fold(given[:LONGEST])
    found = [tuple(Run(run, dense, parts_of(run) if dense else (run,)) for run, dense in runs(word))
             for word in folded.split()]  # fmt: skip
    words = tuple(dict.fromkeys(word for word in found if word))[:MOST_WORDS]
    telling = tuple(word for word in words if not is_idle(word))
    return Wording(given[:LONGEST], folded, telling or words, len(given) > LONGEST)


def is_idle(word: tuple[Run, ...]) -> bool:
    return all(run.text in IDLE for run in word)


def parts_of(run: str) -> tuple[str, ...]:
    """The telling words of a Chinese run, each of two characters or more where there is one."""
    found: list[str] = []
    group: list[str] = []
    for word in [*segmenter()(run), ""]:
        if word and word not in IDLE:
            group.append(word)
        else:
            found += joined(group)
            group = []
    long = [part for part in found if len(part) > 1]
    return tuple(dict.fromkeys(long or found)) or (run,)


def joined(words: Sequence[str]) -> list[str]:
    """Words that follow each other, the single characters among them put together or to the word before."""
    found: list[str] = []
    for place, word in enumerate(words):
        single = len(word) == 1
        if found and single and (len(words[place - 1]) == 1 or place + 1 == len(words) or len(words[place + 1]) > 1):
            found[-1] += word
        else:
            found.append(word)
    if len(found) > 1 and len(found[0]) == 1:
        found[:2] = [found[0] + found[1]]
    return found


def warm() -> None:
    """Load what the first query would wait for."""
    pinyin("".join(parts_of("预先准备")))


@cache
def segmenter() -> Any:
    import rjieba  # noqa: PLC0415 - loads its dictionary

    return rjieba.cut
