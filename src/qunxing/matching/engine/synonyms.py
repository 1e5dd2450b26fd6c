"""Terms that stand for one another."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from qunxing.core.text import fold


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

    def among(self, text: str) -> tuple[str, ...]:
        """What else the folded text may be called by: the synonyms of every term that stands in it."""
        found = (others for term, others in self.groups.items() if term in text)
        return tuple(dict.fromkeys(other for others in found for other in others if other not in text))
