"""Many texts as terms at once: the same terms as `terms.analyse` gives of each, counted in arrays."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine.folding import BORDER, fold_all
from qunxing.matching.engine.terms import EMPTY, HAN_RANGES, LETTERS, LONGEST, cutter, stem
from qunxing.matching.engine.vocabulary import BITS, UNKNOWN, Listed, Pairs, Vocabularies

Array = NDArray[Any]
INSTEAD: Final = "\ufdd1"
STOP: Final = "。"
# Between two runs of Chinese characters, and between two texts, for the dictionary to cut.
GAP, END = "\n", "\t"
UNSEEN, OTHER, LETTER, FIRST = -1, 0, 1, 2
# Where the row of a text begins in a number, above a term.
SHIFT: Final = np.uint64(2 * BITS)
TERM: Final = np.uint64((1 << 2 * BITS) - 1)


class Tally(NamedTuple):
    """How often terms stand in texts: of each text in turn its terms, ascending; `sizes` is how many each text has.

    ``lengths`` counts repeated ones too.
    """

    sizes: Array
    terms: Array
    counts: Array
    lengths: Array


class Found(NamedTuple):
    """A pair's number is made of those of its two characters, the first shifted by BITS."""

    words: Tally
    pairs: Tally
    characters: Tally
    letters: Tally

    def numbered(self, pairs: Array) -> Self:
        """The same with other numbers for its pairs."""
        return self._replace(pairs=self.pairs._replace(terms=pairs))


class Numbering(dict[str, int]):
    """Gives each new word the next number, and UNKNOWN to a single character; when `closed`, to any new word."""

    BORDER: Final = -2

    def __init__(self, terms: Sequence[str] = ()) -> None:
        super().__init__({term: number for number, term in enumerate(terms)})
        self[END] = self.BORDER
        self.terms = list(terms)
        self.closed = False

    def __missing__(self, term: str) -> int:
        if self.closed:
            return UNKNOWN
        number = UNKNOWN
        if len(term) > 1:
            number = len(self.terms)
            self.terms.append(term)
        self[term] = number
        return number


class Reader:
    """Reads texts, many at a time, and numbers the terms as they are first met.

    When it is closed it knows no more terms: words are UNKNOWN, characters have the number after the last.
    """

    def __init__(self, letters: Sequence[str] = (), words: Sequence[str] = (), characters: Sequence[str] = ()) -> None:
        self.words = Numbering(words)
        self.letters = {word: number for number, word in enumerate(letters)}
        self.characters = {character: number for number, character in enumerate(characters)}
        # By code point: what it is, or FIRST and the number of the Chinese character.
        self.classes = np.full(0x110000, UNSEEN, dtype=np.int32)
        for character, number in self.characters.items():
            self.classes[ord(character)] = FIRST + number

    def close(self) -> Self:
        self.words.closed = True
        return self

    def vocabularies(self, codes: Mapping[str, int], pairs: Array) -> Vocabularies:
        """What is known now, with the vocabulary codes and the pairs."""
        characters = Listed(self.letters, tuple(self.characters), self.characters)
        words = Listed(self.letters, self.words.terms, self.words)
        return Vocabularies(Listed({}, tuple(codes), codes), words, Pairs(characters, pairs), characters)

    def read(self, texts: Sequence[str]) -> Found:
        codes = np.frombuffer(joined(texts).encode("utf-32-le"), dtype=np.uint32)
        classes = self._classes(codes)
        rows = np.cumsum(codes == ord(BORDER), dtype=np.uint64)
        han = classes >= FIRST
        numbers = (classes - FIRST).astype(np.uint64)
        place, both = np.flatnonzero(han), np.flatnonzero(han[:-1] & han[1:])
        pairs = (numbers[both] << BITS) | numbers[both + 1]
        words, letters = self._words(codes, han), self._letters(codes, classes, rows)
        told = (words, (rows[both], pairs), (rows[place], numbers[place]), letters)
        pairs_at = Found._fields.index("pairs")
        tallies = [tally(owners, terms, len(texts)) for owners, terms in told]
        return Found(*(one if at == pairs_at else narrow(one) for at, one in enumerate(tallies)))

    def _classes(self, codes: Array) -> Array:
        """Of every code point its class; new Chinese characters are numbered."""
        classes = self.classes[codes]
        new = np.unique(codes[classes == UNSEEN])
        if not len(new):
            return classes
        for code in new.tolist():
            self.classes[code] = self._class(code)
        return self.classes[codes]

    def _class(self, code: int) -> int:
        if any(first <= code <= last for first, last in HAN_RANGES):
            number = len(self.characters)
            return FIRST + (number if self.words.closed else self.characters.setdefault(chr(code), number))
        return LETTER if chr(code).isalnum() else OTHER

    def _words(self, codes: Array, han: Array) -> tuple[Array, Array]:
        """(rows, numbers) of the words in the runs of Chinese characters."""
        border = codes == ord(BORDER)
        run = np.where(han, codes, np.where(border, ord(END), ord(GAP)).astype(np.uint32))
        kept = han | border
        kept[1:] |= han[:-1]
        words = cutter()(text_of(run[kept]))
        numbers = np.fromiter(map(self.words.__getitem__, words), dtype=np.int32, count=len(words))
        rows = np.cumsum(numbers == Numbering.BORDER, dtype=np.uint64)
        place = np.flatnonzero(numbers >= 0)
        return rows[place], numbers[place].astype(np.uint64)

    def _letters(self, codes: Array, classes: Array, rows: Array) -> tuple[Array, Array]:
        """(rows, numbers) of the words in letters."""
        kept = classes < FIRST
        kept[1:] |= kept[:-1]  # one Chinese character stays, where a word in letters ends
        matches = LETTERS.finditer(text_of(codes[kept])) if (classes == LETTER).any() else ()
        told = [(match.start(), stem(match[0])) for match in matches if match[0] not in EMPTY]
        numbers = np.array([self._letter(word) for _place, word in told], dtype=np.int64)
        places = np.array([place for place, _word in told], dtype=np.int64)
        known = numbers >= 0
        return rows[kept][places[known]], numbers[known].astype(np.uint64)

    def _letter(self, word: str) -> int:
        return (
            self.letters.get(word, UNKNOWN) if self.words.closed else self.letters.setdefault(word, len(self.letters))
        )


def joined(texts: Sequence[str]) -> str:
    """The texts folded, their sentences once each, in one."""
    whole = "".join(text[:LONGEST].replace(BORDER, INSTEAD) + BORDER for text in texts)
    folded = fold_all(whole.replace("\n", STOP).replace("\r", STOP))
    for mark in ";!?":
        folded = folded.replace(mark, STOP)
    folded = folded.replace(f" {STOP}", STOP).replace(f"{STOP} ", STOP)
    return BORDER.join(map(once, folded.split(BORDER)[: len(texts)]))


def once(text: str) -> str:
    """The text with each sentence once."""
    pieces = text.strip().split(STOP)
    return text if len(set(pieces)) == len(pieces) else STOP.join(dict.fromkeys(pieces))


def narrow(tally: Tally) -> Tally:
    return tally._replace(terms=tally.terms.astype(np.int32))


def text_of(codes: Array) -> str:
    return codes.tobytes().decode("utf-32-le")


def tally(rows: Array, terms: Array, count: int) -> Tally:
    """Counted by row and term; rows are those of `count` texts, terms have at most 34 bits."""
    keys = rows << SHIFT
    keys |= terms
    keys.sort()
    new = np.empty(len(keys), dtype=bool)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    first = np.flatnonzero(new)
    counts = np.diff(first, append=len(keys)).astype(np.uint16)
    rows = keys[first]
    sizes = np.bincount((rows >> SHIFT).view(np.int64), minlength=count)
    rows &= TERM
    lengths = np.diff(np.append(first, len(keys))[np.cumsum(sizes)], prepend=0)
    return Tally(sizes.astype(np.int32), rows, counts, lengths.astype(np.int32))
