"""Terms that stand for one another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Self

from qunxing.core.text import fold
from qunxing.matching.engine.terms import stem

GLOSSARY: Final = Path(__file__).with_name("glossary.tsv")
LETTERS = re.compile(r"[a-z0-9][a-z0-9+#.-]*")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """For a folded term, the folded terms that mean the same; what a need says is looked for in all of them."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def none(cls) -> Self:
        return cls({})

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]]) -> Self:
        """From groups of names for one thing; a term may stand in several groups."""
        found: dict[str, dict[str, None]] = {}
        for group in groups:
            terms = [term for term in dict.fromkeys(map(fold, group)) if term]
            for term in terms:
                found.setdefault(term, {}).update(dict.fromkeys(other for other in terms if other != term))
        return cls({term: tuple(others) for term, others in found.items() if others})

    @classmethod
    def shipped(cls) -> Self:
        """Words of the trade in Chinese and English, our own."""
        return cls(_glossary())

    def __or__(self, other: "Synonyms") -> "Synonyms":
        """The synonyms of both."""
        merged = dict(self.groups)
        for term, others in other.groups.items():
            merged[term] = tuple(dict.fromkeys((*merged.get(term, ()), *others)))
        return Synonyms(merged)

    def among(self, text: str) -> tuple[str, ...]:
        """What else the terms in a text may be called by; of two terms that overlap both count."""
        if not self.groups:
            return ()
        folded = fold(text)
        letters = f" {' '.join(map(stem, LETTERS.findall(folded)))} "
        found = (others for term, others in self.groups.items() if _stands_in(term, folded, letters))
        return tuple(dict.fromkeys(other for others in found for other in others if other not in folded))


def _stands_in(term: str, folded: str, letters: str) -> bool:
    """Whether the term is in the text; one in letters as whole words, whatever their number."""
    return f" {_stemmed(term)} " in letters if term.isascii() else term in folded


@cache
def _stemmed(term: str) -> str:
    return " ".join(map(stem, LETTERS.findall(term))) or "\0"


@cache
def _glossary() -> dict[str, tuple[str, ...]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    groups = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return Synonyms.of(groups).groups
