"""The terms of all supplies, counted, and made into the arrays of an index."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.profiles import FIELDS, Profile
from qunxing.matching.engine.reading import Found, Reader, Tally
from qunxing.matching.engine.terms import KINDS
from qunxing.matching.engine.weights import Weights

Array = NDArray[Any]
CODES: Final = "codes"
# Kind and field of each channel, in the order of their columns.
CHANNELS: Final = ((CODES, CODES), *((kind, field) for field in FIELDS for kind in KINDS))
# Texts read at once.
STEP: Final = 2_000
# A place among all entries has 30 bits, beside the 34 of a pair.
PLACE: Final = 30


class Piece(NamedTuple):
    """A part of a channel: `offset` is the number of its first term there, `width` how many terms it may have."""

    offset: int
    width: int
    sizes: Array
    terms: Array
    counts: Array


class Filled(NamedTuple):
    """The arrays of an index, see there."""

    starts: Array
    columns: Array
    impacts: Array
    inverse: Array
    term_starts: Array
    term_rows: Array


class Counted:
    """``pieces`` are those of each of CHANNELS."""

    def __init__(self, supplies: Sequence[Profile]) -> None:
        reader = Reader()
        read = {field: read_all(reader, [getattr(one, field) for one in supplies]) for field in FIELDS}
        codes, shared = count_codes(supplies)
        pairs, numbered = number([read[field].pairs for field in FIELDS])
        for field, tally in zip(FIELDS, numbered, strict=True):
            read[field] = read[field]._replace(pairs=tally)
        self.rows = len(supplies)
        self.reader = reader.close()
        self.vocabularies = reader.vocabularies(codes, pairs)
        self.pieces = [[Piece(0, len(codes), *shared)]]
        for kind, field in CHANNELS[1:]:
            width = len(getattr(self.vocabularies, kind))
            self.pieces.append(list(pieces_of(read[field], kind, len(reader.letters), width)))

    def arrays(self, weights: Weights) -> tuple[tuple[int, ...], Filled]:
        """The first column of each of CHANNELS, and the arrays."""
        widths = [sum(piece.width for piece in pieces) for pieces in self.pieces]
        bases = list(accumulate(widths, initial=0))
        sizes = [piece.sizes for pieces in self.pieces for piece in pieces]
        total = np.sum(sizes, axis=0, dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(total)))
        filled = Filled(
            starts,
            np.zeros(starts[-1], np.int32),
            np.zeros(starts[-1], np.float32),
            np.zeros(bases[-1], np.float32),
            np.zeros(bases[-1] + 1, np.int64),
            np.zeros(starts[-1], np.int32),
        )
        ends = starts[:-1].copy()
        for (kind, _field), base, pieces in zip(CHANNELS, bases, self.pieces, strict=False):
            self._fill(filled, ends, base, pieces, k1=weights.k1, b=weights.b.get(kind, 0.0))
            pieces.clear()
        return tuple(bases[:-1]), filled

    def _fill(self, filled: Filled, ends: Array, base: int, pieces: list[Piece], *, k1: float, b: float) -> None:
        """Put the pieces of a channel into the arrays; `ends` is how far each row is filled."""
        scale = scale_of(sum(lengths_of(piece) for piece in pieces), k1=k1, b=b)
        for piece in pieces:
            column = base + piece.offset
            spread = np.bincount(piece.terms, minlength=piece.width)
            inverse = inverse_of(spread, self.rows)
            filled.inverse[column : column + piece.width] = inverse
            upto = filled.term_starts[column] + np.cumsum(spread)
            filled.term_starts[column + 1 : column + 1 + piece.width] = upto
            rows = np.repeat(np.arange(self.rows, dtype=np.int32), piece.sizes)
            span = slice(int(filled.term_starts[column]), int(filled.term_starts[column]) + len(rows))
            filled.term_rows[span] = by_term(piece.terms, rows)
            counts = piece.counts.astype(np.float32)
            impacts = inverse[piece.terms] * (counts * (k1 + 1) / (counts + scale[rows]))
            shift = ends - (np.cumsum(piece.sizes, dtype=np.int64) - piece.sizes)
            places = np.arange(len(rows)) + np.repeat(shift, piece.sizes)
            filled.columns[places] = piece.terms + np.int32(column)
            filled.impacts[places] = impacts
            ends += piece.sizes


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
    held = [dict.fromkeys(supply.codes) for supply in supplies]
    terms = np.array([table.setdefault(code, len(table)) for codes in held for code in codes], dtype=np.int32)
    sizes = np.array([len(codes) for codes in held], dtype=np.int32)
    return table, Tally(sizes, terms, np.ones(len(terms), np.uint16))


def pieces_of(found: Found, kind: str, letters: int, width: int) -> Iterator[Piece]:
    """Words in letters, then the kind's own terms."""
    yield Piece(0, letters, *found.letters)
    yield Piece(letters, width - letters, *getattr(found, kind))


def number(tallies: Sequence[Tally]) -> tuple[Array, list[Tally]]:
    """The pairs that there are, ascending, and the tallies with their places among them as terms."""
    packed = np.concatenate([tally.terms for tally in tallies])
    packed <<= PLACE
    packed |= np.arange(len(packed), dtype=np.uint64)
    packed.sort()
    places = (packed & ((1 << PLACE) - 1)).astype(np.int32)
    packed >>= PLACE
    first = np.concatenate((packed[:1] == packed[:1], packed[1:] != packed[:-1]))
    numbers = np.empty(len(packed), dtype=np.int32)
    numbers[places] = np.cumsum(first, dtype=np.int32) - 1
    ends = np.cumsum([len(tally.terms) for tally in tallies])[:-1]
    spans = np.split(numbers, ends)
    return packed[first], [tally._replace(terms=span) for tally, span in zip(tallies, spans, strict=True)]


def lengths_of(piece: Piece) -> Any:
    """How many terms, repeated ones too, each row has."""
    upto = np.concatenate(([0], np.cumsum(piece.counts, dtype=np.int64)))
    ends = np.cumsum(piece.sizes, dtype=np.int64)
    return upto[ends] - upto[ends - piece.sizes]


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


def by_term(terms: Array, rows: Array) -> Array:
    """The rows, term by term."""
    packed = (terms.astype(np.uint64) << 32) | rows.astype(np.uint64)
    packed.sort()
    return packed.astype(np.uint32).astype(np.int32)
