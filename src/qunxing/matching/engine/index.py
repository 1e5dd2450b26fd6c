"""The supplies as arrays: what every term gives in every supply, and which supplies have a term."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.counting import CHANNELS, CODES, Counted
from qunxing.matching.engine.profiles import FIELDS, Profile
from qunxing.matching.engine.reading import Reader
from qunxing.matching.engine.vocabulary import Vocabularies, Vocabulary
from qunxing.matching.engine.weights import Weights

# The parts of a score in the order in which they are shown: words by the field of the supply they stand in, pairs of
# characters and characters in any of its fields, vocabulary codes that both have, nearness of meaning.
PARTS: Final = (*FIELDS, "pairs", "characters", CODES, "meaning")
ARRAYS: Final = ("starts", "columns", "impacts", "inverse", "term_starts", "term_rows")
FORMAT: Final = 2

Array = NDArray[Any]


@dataclass(frozen=True)
class Channel:
    """The columns of one kind of term in one field of the supplies: that of a term is ``start`` and its number.

    The fields of a kind share the numbers of their terms.
    """

    kind: str
    field: str
    start: int
    vocabulary: Vocabulary

    @cached_property
    def part(self) -> int:
        return PARTS.index(self.field if self.kind == "words" else self.kind)


@dataclass(frozen=True, eq=False)
class Index:
    """``columns`` and ``impacts`` from ``starts[row]`` to ``starts[row + 1]`` are what a supply has.

    An impact is what BM25 gives the term there, without the need's side; ``inverse`` is the inverse document frequency
    of a column. To find candidates, ``term_rows`` from ``term_starts[column]`` to
    ``term_starts[column + 1]`` are the supplies that have the term of a column.
    """

    keys: tuple[str, ...]
    reader: Reader
    vocabularies: Vocabularies
    bases: tuple[int, ...]
    starts: Array
    columns: Array
    impacts: Array
    inverse: Array
    term_starts: Array
    term_rows: Array

    @classmethod
    def of(cls, supplies: Sequence[Profile], weights: Weights) -> Self:
        """Raises ValueError when two supplies have one key."""
        keys = tuple(supply.key for supply in supplies)
        if len(set(keys)) < len(keys):
            raise ValueError("two supplies have one key")
        counted = Counted(supplies)
        bases, filled = counted.arrays(weights)
        return cls(keys, counted.reader, counted.vocabularies, bases, *filled)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        starts = zip(CHANNELS, self.bases, strict=True)
        return tuple(Channel(*name, start, getattr(self.vocabularies, name[0])) for name, start in starts)

    @cached_property
    def parts(self) -> Array:
        """The part of each column."""
        widths = [len(one.vocabulary) for one in self.channels]
        return np.repeat(np.array([one.part for one in self.channels], dtype=np.uint8), widths)

    def term(self, column: int) -> tuple[Channel, str]:
        """The channel and the term of a column."""
        here = next(one for one in reversed(self.channels) if one.start <= column)
        return here, here.vocabulary.term(column - here.start)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        np.save(folder / "pairs.npy", self.vocabularies.pairs.codes)
        reader = self.reader
        terms = {"letters": [*reader.letters], "words": reader.words.terms, "characters": [*reader.characters]}
        codes = self.vocabularies.codes.terms
        told = {"format": FORMAT, "keys": self.keys, "bases": self.bases, "codes": codes, "terms": terms}
        text = json.dumps(told, ensure_ascii=False)
        (folder / "terms.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Arrays stay on the disk and are read as they are needed. Raises ValueError for a folder of another format."""
        told = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        if told.get("format") != FORMAT:
            raise ValueError(f"{folder} holds an index of another version")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in ARRAYS}
        reader = Reader(**told["terms"]).close()
        codes = {code: number for number, code in enumerate(told["codes"])}
        vocabularies = reader.vocabularies(codes, np.load(folder / "pairs.npy"))
        return cls(tuple(told["keys"]), reader, vocabularies, tuple(told["bases"]), **arrays)
