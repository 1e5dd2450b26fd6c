"""The numbers of terms, and the terms of numbers."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# A character's number has 17 bits: there are not 100,000 Chinese characters.
BITS: Final = 17
UNKNOWN: Final = -1


class Vocabulary(Protocol):
    """The terms of a kind, numbered from 0."""

    def __len__(self) -> int: ...
    def numbers(self, terms: Sequence[str]) -> Array:
        """Those of the terms, UNKNOWN for one that no supply has."""

    def term(self, number: int) -> str: ...


class Listed:
    """Terms in the order of a list."""

    def __init__(self, terms: Sequence[str]) -> None:
        self.terms = tuple(terms)

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {term: number for number, term in enumerate(self.terms)}

    def numbers(self, terms: Sequence[str]) -> Array:
        get = self.places.get
        return np.array([get(term, UNKNOWN) for term in terms], dtype=np.int64)

    def term(self, number: int) -> str:
        return self.terms[number]


class Pairs:
    """Words in letters, then pairs of characters: ``codes``, ascending, hold the numbers of the two characters."""

    def __init__(self, letters: Listed, characters: Listed, codes: Array) -> None:
        self.letters, self.characters, self.codes = letters, characters, codes

    def __len__(self) -> int:
        return len(self.letters) + len(self.codes)

    def numbers(self, terms: Sequence[str]) -> Array:
        letters, get = self.letters.places.get, self.characters.places.get
        found = np.array([letters(term, UNKNOWN) for term in terms], dtype=np.int64)
        first = np.array([get(term[0], UNKNOWN) for term in terms], dtype=np.int64)
        second = np.array([get(term[1], UNKNOWN) if len(term) == 2 else UNKNOWN for term in terms], dtype=np.int64)
        han = np.flatnonzero((first >= 0) & (second >= 0) & (found < 0))
        wanted = ((first[han] << BITS) | second[han]).astype(np.uint64)
        places = np.searchsorted(self.codes, wanted)
        there = places < len(self.codes)
        there[there] = self.codes[places[there]] == wanted[there]
        found[han[there]] = len(self.letters) + places[there]
        return found

    def term(self, number: int) -> str:
        if number < len(self.letters):
            return self.letters.term(number)
        code = int(self.codes[number - len(self.letters)])
        return self.characters.term(code >> BITS) + self.characters.term(code & ((1 << BITS) - 1))


class Vocabularies(NamedTuple):
    """Those of all kinds. Words in letters come first in each kind of the text, under the same numbers."""

    codes: Listed
    words: Listed
    pairs: Pairs
    characters: Listed

    @classmethod
    def of(
        cls, codes: Sequence[str], letters: Sequence[str], words: Sequence[str], characters: Sequence[str], pairs: Array
    ) -> "Vocabularies":
        known = Pairs(Listed(letters), Listed(characters), pairs)
        return cls(Listed(codes), Listed((*letters, *words)), known, Listed((*letters, *characters)))

    def told(self) -> dict[str, Sequence[str]]:
        """What `of` makes them of, without the pairs."""
        letters, characters = self.pairs.letters.terms, self.pairs.characters.terms
        words = self.words.terms[len(letters) :]
        return {"codes": self.codes.terms, "letters": letters, "words": words, "characters": characters}
