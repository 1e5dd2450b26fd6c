"""Many texts as terms at once: the same terms as `terms.analyse` gives of each, counted in arrays."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qunxing.core.text import fold
from qunxing.matching.engine.terms import EMPTY, HAN_RANGES, LETTERS, LONGEST, cutter, stem
from qunxing.matching.engine.vocabulary import BITS

Array = NDArray[Any]
# Between two texts stands a code point that Unicode keeps free for such use; folding leaves it alone.
BORDER: Final = "\ufdd0"
INSTEAD: Final = "\ufdd1"
STOP: Final = "。"
# Between two runs of Chinese characters, and between two texts, for the dictionary to cut.
GAP, END = "\n", "\t"
UNSEEN, OTHER, LETTER, FIRST = -1, 0, 1, 2


class Tally(NamedTuple):
    """How often terms stand in texts: of each text in turn its terms, ascending; `sizes` is how many each text has."""

    sizes: Array
    terms: Array
    counts: Array


class Found(NamedTuple):
    """A pair's number is made of those of its two characters, the first shifted by BITS."""

    words: Tally
    pairs: Tally
    characters: Tally
    letters: Tally


class Numbering(dict[str, int]):
    """Gives each new term the next number, and ALONE to a single character."""

    ALONE: Final = -1
    BORDER: Final = -2

    def __init__(self) -> None:
        super().__init__({END: self.BORDER})
        self.terms: list[str] = []

    def __missing__(self, term: str) -> int:
        number = self.ALONE
        if len(term) > 1:
            number = len(self.terms)
            self.terms.append(term)
        self[term] = number
        return number


class Reader:
    """Reads texts, many at a time, and numbers the terms as they are first met."""

    def __init__(self) -> None:
        self.words = Numbering()
        self.letters: dict[str, int] = {}
        self.characters: list[str] = []
        # By code point: what it is, or FIRST and the number of the Chinese character.
        self.classes = np.full(0x110000, UNSEEN, dtype=np.int32)

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
            self.characters.append(chr(code))
            return FIRST + len(self.characters) - 1
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
        numbers = [self.letters.setdefault(word, len(self.letters)) for _place, word in told]
        places = np.array([place for place, _word in told], dtype=np.int64)
        return rows[kept][places], np.array(numbers, dtype=np.uint64)


def joined(texts: Sequence[str]) -> str:
    """The texts folded, their sentences once each, in one."""
    whole = "".join(text[:LONGEST].replace(BORDER, INSTEAD) + BORDER for text in texts)
    folded = fold(whole.replace("\n", STOP).replace("\r", STOP))
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
    keys = np.sort((rows << (2 * BITS)) | terms)
    first = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    counts = np.diff(first, append=len(keys)).astype(np.uint16)
    keys = keys[first]
    sizes = np.bincount((keys >> (2 * BITS)).astype(np.int64), minlength=count)
    return Tally(sizes.astype(np.int32), keys & ((1 << (2 * BITS)) - 1), counts)

