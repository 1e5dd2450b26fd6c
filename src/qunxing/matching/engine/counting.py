"""The terms of all supplies, counted, and made into the arrays of an index."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import add
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from qunxing.matching.engine.numbering import number
from qunxing.matching.engine.postings import Ordered, Postings, ordered
from qunxing.matching.engine.profiles import CODES, FIELDS, PARTS, TERM_PARTS, Profile
from qunxing.matching.engine.reading import Found, Reader, Tally
from qunxing.matching.engine.terms import KINDS
from qunxing.matching.engine.weights import Weights

Array = NDArray[Any]
# In the order of their terms.
ALL_KINDS: Final = (CODES, *KINDS)
# Texts read at once, and entries worked on at once: what is worked on stays in the processor's cache.
STEP: Final = 2_000
ROWS: Final = 500
AT_ONCE: Final = 1 << 16
MOST: Final = (1 << 31) - 1


class Piece(NamedTuple):
    """Terms of a kind from ``first`` on, ``width`` of them, in each field of all supplies."""

    kind: str
    first: int
    width: int
    tallies: tuple[Tally, ...]

    @property
    def entries(self) -> int:
        return sum(len(tally.terms) for tally in self.tallies)


class Filled(NamedTuple):
    """What supplies have, see `Index`; ``ends`` is how far each part of each row is filled."""

    starts: Array
    columns: Array
    impacts: Array
    ends: Array

    @classmethod
    def empty(cls, sizes: Array) -> Self:
        """Raises ValueError for more entries than 31 bits can number."""
        starts = np.concatenate(([0], np.cumsum(sizes.ravel(), dtype=np.int64)))
        if starts[-1] > MOST:
            raise ValueError(f"{starts[-1]} terms")
        ends = starts[:-1].reshape(sizes.shape).copy()
        return cls(starts.astype(np.int32), np.zeros(starts[-1], np.int32), np.zeros(starts[-1], np.float32), ends)

    def put(self, tally: Tally, impacts: Array, part: int, column: int) -> None:
        """The entries of a tally into a part; `column` is that of the first term."""
        upto = np.concatenate(([0], np.cumsum(tally.sizes, dtype=np.int64)))
        ends = self.ends[:, part]
        for first in range(0, len(ends), ROWS):
            rows = slice(first, min(first + ROWS, len(ends)))
            span = slice(upto[rows.start], upto[rows.stop])
            places = np.repeat(ends[rows] - upto[:-1][rows], tally.sizes[rows])
            places += np.arange(span.start, span.stop)
            self.columns[places] = tally.terms[span] + np.int32(column)
            self.impacts[places] = impacts[span]
        ends += tally.sizes


class Counted:
    """The terms of the supplies; ``first`` is the first term of each of ALL_KINDS, then how many terms there are."""

    def __init__(self, supplies: Sequence[Profile]) -> None:
        reader = Reader()
        read = [read_all(reader, [getattr(one, field) for one in supplies]) for field in FIELDS]
        codes, held = count_codes(supplies)
        pairs, numbered = number([found.pairs.terms for found in read], len(reader.characters))
        read = [found.numbered(terms) for found, terms in zip(read, numbered, strict=True)]
        self.rows = len(supplies)
        self.reader = reader.close()
        self.vocabularies = reader.vocabularies(codes, pairs)
        self.first = first_terms(self.vocabularies)
        self.pieces = [Piece(CODES, 0, len(codes), (held,))]
        for kind, first in zip(KINDS, self.first[1:], strict=False):
            letters, width = len(reader.letters), len(getattr(self.vocabularies, kind))
            own = tuple(getattr(found, kind) for found in read)
            self.pieces.append(Piece(kind, first, letters, tuple(found.letters for found in read)))
            self.pieces.append(Piece(kind, first + letters, width - letters, own))

    def arrays(self, weights: Weights) -> tuple[Filled, Array, Postings]:
        """What the supplies have, the inverse document frequencies by field and term, the postings."""
        filled = Filled.empty(self._sizes())
        inverse = np.zeros((len(FIELDS), self.first[-1]), np.float32)
        scales = self._scales(weights)
        found: dict[int, Ordered] = {}
        # The largest first, while there is room.
        self.pieces.sort(key=lambda piece: piece.entries)
        while self.pieces:
            piece = self.pieces.pop()
            if piece.entries:
                found[piece.first] = ordered(self._worth(piece, filled, inverse, scales[piece.kind], weights))
        return filled, inverse, Postings.of([found[first] for first in sorted(found)])

    def _sizes(self) -> Array:
        """How many entries each part of each row has."""
        sizes = np.zeros((self.rows, len(TERM_PARTS)), np.int32)
        for piece in self.pieces:
            for field, tally in zip(FIELDS, piece.tallies, strict=False):
                sizes[:, part_of(piece.kind, field)] += tally.sizes
        return sizes

    def _scales(self, weights: Weights) -> Mapping[str, list[Array]]:
        """By kind, and by field, what `scale_of` gives."""
        found = {}
        for kind in ALL_KINDS:
            sides = zip(*(piece.tallies for piece in self.pieces if piece.kind == kind), strict=True)
            lengths = [np.sum([tally.lengths for tally in tallies], axis=0) for tallies in sides]
            found[kind] = [scale_of(one, k1=weights.k1, b=weights.b.get(kind, 0.0)) for one in lengths]
        return found

    def _worth(self, piece: Piece, filled: Filled, inverse: Array, scales: Sequence[Array], weights: Weights) -> Any:
        """What each term of a piece gives each supply in all fields together; what it gives in each is put in place."""
        found = []
        for place, (field, tally, scale) in enumerate(zip(FIELDS, piece.tallies, scales, strict=False)):
            own = inverse[place, piece.first : piece.first + piece.width]
            own[:] = inverse_of(np.bincount(tally.terms, minlength=piece.width), self.rows)
            impacts = impacts_of(tally, own, scale, weights.k1)
            filled.put(tally, impacts, part_of(piece.kind, field), place * self.first[-1] + piece.first)
            impacts *= np.float32(1.0 if piece.kind == CODES else weights.fields[field])
            starts = np.concatenate(([0], np.cumsum(tally.sizes))).astype(np.int32)
            found.append(csr_array((impacts, tally.terms, starts), shape=(self.rows, piece.width)))
        return reduce(add, found)


def part_of(kind: str, field: str) -> int:
    """The part of a score to which a kind of term in a field belongs."""
    return PARTS.index(field if kind == "words" else kind)


def first_terms(vocabularies: Any) -> tuple[int, ...]:
    """The first term of each of ALL_KINDS, then how many terms there are."""
    return tuple(accumulate((len(getattr(vocabularies, kind)) for kind in ALL_KINDS), initial=0))


def read_all(reader: Reader, texts: Sequence[str]) -> Found:
    """The tallies of one field of all supplies."""
    steps = [reader.read(texts[start : start + STEP]) for start in range(0, max(len(texts), 1), STEP)]
    return Found(*(together(tallies) for tallies in zip(*steps, strict=True)))


def together(tallies: Sequence[Tally]) -> Tally:
    """One after another."""
    return Tally(*map(np.concatenate, zip(*tallies, strict=True)))


def count_codes(supplies: Sequence[Profile]) -> tuple[dict[str, int], Tally]:
    """The vocabulary codes, and which each supply has."""
    table: dict[str, int] = {}
    held = [sorted(table.setdefault(code, len(table)) for code in dict.fromkeys(one.codes)) for one in supplies]
    terms = np.array([number for numbers in held for number in numbers], dtype=np.int32)
    sizes = np.array([len(numbers) for numbers in held], dtype=np.int32)
    return table, Tally(sizes, terms, np.ones(len(terms), np.uint16), sizes)


def impacts_of(tally: Tally, inverse: Array, scale: Array, k1: float) -> Array:
    """What BM25 gives each entry, without the need's side."""
    impacts = np.repeat(scale, tally.sizes)
    for start in range(0, len(impacts), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        counts = tally.counts[some].astype(np.float32)
        impacts[some] = inverse[tally.terms[some]] * (counts * np.float32(k1 + 1) / (counts + impacts[some]))
    return impacts


def inverse_of(spread: Array, total: int) -> Array:
    """Inverse document frequency in the form that is never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond, 3. A term that stands only in
    other fields has 0: it cannot be had here.
    """
    inverse = np.log1p((total - spread + 0.5) / (spread + 0.5))
    return np.where(spread > 0, inverse, 0.0).astype(np.float32)


def scale_of(lengths: Array, *, k1: float, b: float) -> Array:
    """k1 (1 - b + b l / mean l) of BM25 (as above) by row; l is 0 for none, which the mean leaves out."""
    mean = lengths.sum() / max(np.count_nonzero(lengths), 1) or 1.0
    return (k1 * (1 - b + b * lengths / mean)).astype(np.float32)
