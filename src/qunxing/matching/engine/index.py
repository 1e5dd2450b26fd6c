"""The supplies as arrays: what every term gives in every supply, and which supplies have a term."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.counting import ALL_KINDS, Counted, first_terms
from qunxing.matching.engine.postings import Postings
from qunxing.matching.engine.profiles import Profile
from qunxing.matching.engine.reading import Reader
from qunxing.matching.engine.vocabulary import Vocabularies
from qunxing.matching.engine.weights import Weights

ARRAYS: Final = ("starts", "columns", "impacts", "inverse")
FORMAT: Final = 3

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Index:
    """Terms of all kinds are numbered through, kind by kind; a column is a field's place times how many, and a term.

    ``columns`` and ``impacts`` of a supply's parts (TERM_PARTS in turn) stand from ``starts[place]`` to
    ``starts[place + 1]``, where the place is the row times their number, and the part. An impact is what BM25 gives the
    term there, without the need's side. ``inverse`` is the inverse document frequency by field and term, that of codes
    in the first field. Candidates are found in ``postings``.
    """

    keys: tuple[str, ...]
    reader: Reader
    vocabularies: Vocabularies
    starts: Array
    columns: Array
    impacts: Array
    inverse: Array
    postings: Postings

    @classmethod
    def of(cls, supplies: Sequence[Profile], weights: Weights) -> Self:
        """Raises ValueError when two supplies have one key."""
        keys = tuple(supply.key for supply in supplies)
        if len(set(keys)) < len(keys):
            raise ValueError("two supplies have one key")
        counted = Counted(supplies)
        filled, inverse, postings = counted.arrays(weights)
        return cls(keys, counted.reader, counted.vocabularies, *filled[:3], inverse, postings)

    @cached_property
    def first(self) -> tuple[int, ...]:
        """The first term of each of ALL_KINDS, then how many terms there are."""
        return first_terms(self.vocabularies)

    def spelled(self, term: int) -> tuple[str, str]:
        """The kind of a term, and how it is written."""
        at = max(place for place, first in enumerate(self.first[:-1]) if first <= term)
        return ALL_KINDS[at], getattr(self.vocabularies, ALL_KINDS[at]).term(term - self.first[at])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self._arrays():
            np.save(folder / f"{name}.npy", array)
        reader = self.reader
        terms = {"letters": [*reader.letters], "words": reader.words.terms, "characters": [*reader.characters]}
        codes = self.vocabularies.codes.terms
        told = {"format": FORMAT, "keys": self.keys, "codes": codes, "terms": terms}
        (folder / "terms.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    def _arrays(self) -> list[tuple[str, Array]]:
        """What is kept in files, by name."""
        own = [(name, getattr(self, name)) for name in ARRAYS]
        postings = [(f"postings-{name}", array) for name, array in self.postings._asdict().items()]
        return [*own, ("pairs", self.vocabularies.pairs.codes), *postings]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Arrays stay on the disk and are read as they are needed. Raises ValueError for a folder of another format."""
        told = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        if told.get("format") != FORMAT:
            raise ValueError(f"{folder} holds an index of another version")
        reader = Reader(**told["terms"]).close()
        codes = {code: number for number, code in enumerate(told["codes"])}
        vocabularies = reader.vocabularies(codes, np.load(folder / "pairs.npy"))
        postings = Postings(*(mapped(folder, f"postings-{name}") for name in Postings._fields))
        starts, columns, impacts, inverse = (mapped(folder, name) for name in ARRAYS)
        return cls(tuple(told["keys"]), reader, vocabularies, starts, columns, impacts, inverse, postings)


def mapped(folder: Path, name: str) -> Array:
    found: Array = np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
    return found
