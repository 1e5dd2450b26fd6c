"""The numbers of terms, and the terms of numbers."""

from collections.abc import Mapping, Sequence
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
    """Words in letters, then terms of a list; `places` has the number of each in that list."""

    def __init__(self, letters: Mapping[str, int], terms: Sequence[str], places: Mapping[str, int]) -> None:
        self.letters, self.terms, self.places = letters, terms, places
        self.names = tuple(letters)

    def __len__(self) -> int:
        return len(self.names) + len(self.terms)

    def numbers(self, terms: Sequence[str]) -> Array:
        letters, own = (
            np.array([table.get(term, UNKNOWN) for term in terms], dtype=np.int64)
            for table in (self.letters, self.places)
        )
        return np.where(own >= 0, len(self.names) + own, letters)

    def term(self, number: int) -> str:
        return self.names[number] if number < len(self.names) else self.terms[number - len(self.names)]


class Pairs:
    """Words in letters, then pairs of characters: ``codes``, ascending, hold the numbers of the two characters."""

    def __init__(self, characters: Listed, codes: Array) -> None:
        self.characters, self.codes = characters, codes

    def __len__(self) -> int:
        return len(self.characters.names) + len(self.codes)

    def numbers(self, terms: Sequence[str]) -> Array:
        known = self.characters.places
        coded = [
            known.get(term[0], UNKNOWN) << BITS | known.get(term[1], UNKNOWN) if len(term) == 2 else UNKNOWN
            for term in terms
        ]
        letters = np.array([self.characters.letters.get(term, UNKNOWN) for term in terms], dtype=np.int64)
        own = self.of_codes(np.array(coded, dtype=np.int64))
        return np.where(own >= 0, own, letters)

    def of_codes(self, wanted: Array) -> Array:
        """The numbers of pairs of characters by their codes."""
        if not len(self.codes):
            return np.full(len(wanted), UNKNOWN)
        # What is below 0 becomes larger than any code.
        asked = wanted.astype(np.int64).astype(np.uint64)
        places = np.minimum(np.searchsorted(self.codes, asked), len(self.codes) - 1)
        return np.where(self.codes[places] == asked, len(self.characters.names) + places, UNKNOWN)

    def term(self, number: int) -> str:
        names = self.characters.names
        if number < len(names):
            return names[number]
        code = int(self.codes[number - len(names)])
        return self.characters.terms[code >> BITS] + self.characters.terms[code & ((1 << BITS) - 1)]


class Vocabularies(NamedTuple):
    """Those of all kinds. Words in letters come first in each kind of the text, under the same numbers."""

    codes: Listed
    words: Listed
    pairs: Pairs
    characters: Listed
