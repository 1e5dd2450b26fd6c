"""The supplies as arrays: what every term gives in every supply, and which supplies have a term."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.profiles import FIELDS, Profile
from qunxing.matching.engine.terms import KINDS, analyse
from qunxing.matching.engine.weights import Weights

CODES: Final = "codes"
# The parts of a score in the order in which they are shown: words by the field of the supply they stand in, pairs of
# characters and characters in any of its fields, vocabulary codes that both have, nearness of meaning.
PARTS: Final = (*FIELDS, "pairs", "characters", CODES, "meaning")
ARRAYS: Final = ("starts", "columns", "impacts", "inverse", "parts", "term_starts", "term_rows")
FORMAT: Final = 1

Array = NDArray[Any]


@dataclass(frozen=True)
class Channel:
    """The columns of one kind of term in one field of the supplies: that of a term is ``start`` and its number.

    The fields of a kind share the numbers of their terms.
    """

    kind: str
    field: str
    start: int
    numbers: Mapping[str, int]

    @cached_property
    def part(self) -> int:
        return PARTS.index(self.field if self.kind == "words" else self.kind)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        return tuple(self.numbers)


@dataclass(frozen=True, eq=False)
class Index:
    """``columns`` and ``impacts`` from ``starts[row]`` to ``starts[row + 1]`` are what a supply has.

    An impact is what BM25 gives the term there, without the need's side; ``inverse`` is the inverse document frequency
    of a column, ``parts`` its part. To find candidates, ``term_rows`` from ``term_starts[column]`` to
    ``term_starts[column + 1]`` are the supplies that have the term of a column.
    """

    keys: tuple[str, ...]
    channels: tuple[Channel, ...]
    starts: Array
    columns: Array
    impacts: Array
    inverse: Array
    parts: Array
    term_starts: Array
    term_rows: Array

    @classmethod
    def of(cls, supplies: Sequence[Profile], weights: Weights) -> Self:
        """Raises ValueError when two supplies have one key."""
        keys = tuple(supply.key for supply in supplies)
        if len(set(keys)) < len(keys):
            raise ValueError("two supplies have one key")
        counted = Counted(supplies)
        return cls(keys, *counted.arrays(weights))

    @cached_property
    def numbers(self) -> Mapping[str, Mapping[str, int]]:
        """The numbers of the terms by kind."""
        return {one.kind: one.numbers for one in self.channels}

    def term(self, column: int) -> tuple[Channel, str]:
        """The channel and the term of a column."""
        here = next(one for one in reversed(self.channels) if one.start <= column)
        return here, here.terms[column - here.start]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        channels = [[one.kind, one.field, one.start] for one in self.channels]
        terms = {one.kind: list(one.numbers) for one in self.channels}
        told = {"format": FORMAT, "keys": self.keys, "channels": channels, "terms": terms}
        text = json.dumps(told, ensure_ascii=False)
        (folder / "terms.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Arrays stay on the disk and are read as they are needed. Raises ValueError for a folder of another format."""
        told = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        if told.get("format") != FORMAT:
            raise ValueError(f"{folder} holds an index of another version")
        numbers = {kind: {term: number for number, term in enumerate(terms)} for kind, terms in told["terms"].items()}
        channels = tuple(Channel(kind, field, start, numbers[kind]) for kind, field, start in told["channels"])
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in ARRAYS}
        return cls(keys=tuple(told["keys"]), channels=channels, **arrays)


class Counted:
    """The terms of the supplies, counted channel by channel."""

    def __init__(self, supplies: Sequence[Profile]) -> None:
        self.names = [(CODES, CODES), *((kind, field) for field in FIELDS for kind in KINDS)]
        kinds = {kind: _numbering() for kind in (CODES, *KINDS)}
        self.tables = [kinds[kind] for kind, _field in self.names]
        self.ids = [array("i") for _name in self.names]
        self.counts = [array("i") for _name in self.names]
        self.sizes = [array("i") for _name in self.names]
        for supply in supplies:
            for place, terms in enumerate(channels_of(supply)):
                self.ids[place].extend(map(self.tables[place].__getitem__, terms))
                self.counts[place].extend(terms.values())
                self.sizes[place].append(len(terms))

    def arrays(self, weights: Weights) -> tuple[Any, ...]:
        """The fields of Index after ``keys``, in order."""
        widths = [len(table) for table in self.tables]
        offsets = [0, *accumulate(widths)]
        pieces = [self._channel(place, weights) for place in range(len(self.names))]
        rows = np.concatenate([piece[0] for piece in pieces])
        order = np.argsort(rows, kind="stable")
        spread = [piece[1] + offset for piece, offset in zip(pieces, offsets, strict=False)]
        columns = np.concatenate(spread)[order].astype(np.int32)
        impacts = np.concatenate([piece[2] for piece in pieces])[order]
        inverse = np.concatenate([piece[3] for piece in pieces])
        numbers = {kind: dict(table) for (kind, _field), table in zip(self.names, self.tables, strict=True)}
        channels = tuple(
            Channel(kind, field, offset, numbers[kind])
            for (kind, field), offset in zip(self.names, offsets, strict=False)
        )
        parts = np.repeat([one.part for one in channels], widths).astype(np.uint8)
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(self.sizes[0])))))
        return (channels, starts, columns, impacts, inverse, parts, *by_term(columns, starts, len(parts)))

    def _channel(self, place: int, weights: Weights) -> tuple[Array, Array, Array, Array]:
        """(rows, columns, impacts, inverse document frequencies) of a channel."""
        kind, _field = self.names[place]
        sizes = np.frombuffer(self.sizes[place], dtype=np.int32) if self.sizes[place] else np.zeros(0, np.int32)
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        columns, counts = np.array(self.ids[place], np.int32), np.array(self.counts[place], np.float32)
        inverse = inverse_of(columns, len(self.tables[place]), len(sizes))
        lengths = np.bincount(rows, weights=counts, minlength=len(sizes))
        impacts = inverse[columns] * saturated(counts, lengths, rows, k1=weights.k1, b=weights.b.get(kind, 0.0))
        return rows, columns, impacts.astype(np.float32), inverse


def inverse_of(columns: Array, width: int, total: int) -> Array:
    """Inverse document frequency in the form that is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond, 3. A term that stands only in
    other fields has 0: it cannot be had here.
    """
    spread = np.bincount(columns, minlength=width)
    inverse = np.log1p((total - spread + 0.5) / (spread + 0.5))
    return np.where(spread > 0, inverse, 0.0).astype(np.float32)


def saturated(counts: Array, lengths: Array, rows: Array, *, k1: float, b: float) -> Array:
    """tf (k1 + 1) / (tf + k1 (1 - b + b l / mean l)) of BM25 (as above); l is 0 for none, which the mean leaves out."""
    mean = lengths.sum() / max(np.count_nonzero(lengths), 1) or 1.0
    scale = (k1 * (1 - b + b * lengths / mean)).astype(np.float32)
    return np.asarray(counts * (k1 + 1) / (counts + scale[rows]))


def by_term(columns: Array, starts: Array, width: int) -> tuple[Array, Array]:
    """(starts, rows): column by column the supplies that have its term."""
    rows = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    spread = np.bincount(columns, minlength=width)
    return np.concatenate(([0], np.cumsum(spread))), rows[np.argsort(columns, kind="stable")]


def channels_of(supply: Profile) -> Iterator[Mapping[str, int]]:
    """How often each term stands in the supply, channel by channel."""
    yield dict.fromkeys(supply.codes, 1)
    for field in FIELDS:
        yield from analyse(getattr(supply, field))


def _numbering() -> "defaultdict[str, int]":
    """A table that gives each new term the next number."""
    table: defaultdict[str, int] = defaultdict()
    table.default_factory = table.__len__
    return table
