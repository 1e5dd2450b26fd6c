"""Many texts folded at once: as `core.text.fold` folds each, but by a table over code points."""

import unicodedata
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qunxing.core.text import fold

Array = NDArray[Any]
# Between two texts stands a code point that Unicode keeps free for such use; folding leaves it alone.
BORDER: Final = "\ufdd0"
UNKNOWN, OTHER = -1, -2
# Where a character can be folded by itself, for none of these combines with what stands before it: printable ASCII,
# punctuation, Chinese characters, letters and marks in full width.
ALONE: Final = ((0x20, 0x7E), (0x2010, 0x201F), (0x3000, 0x3029), (0x3030, 0x3030), (0x3400, 0x9FFF), (0xFF01, 0xFF5E))
TABLE: Final = np.full(0x110000, UNKNOWN, np.int32)


def fold_all(texts: str) -> str:
    """Texts with BORDER after each, folded; a text with a character that combines with others is folded as a whole."""
    codes = np.frombuffer(texts.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = table_of(codes)
    folded = found.clip(0).astype(np.uint32).tobytes().decode("utf-32-le")
    odd = np.flatnonzero(found == OTHER)
    if not len(odd):
        return tidy(folded)
    owners = np.unique(np.searchsorted(np.flatnonzero(codes == ord(BORDER)), odd))
    pieces, whole = folded.split(BORDER), texts.split(BORDER)
    for place in owners.tolist():
        pieces[place] = fold(whole[place])
    return tidy(BORDER.join(pieces))


def tidy(text: str) -> str:
    return " ".join(text.split())


def table_of(codes: Array) -> Array:
    """What each code point becomes, OTHER for one that cannot be folded by itself."""
    found = TABLE[codes]
    new = np.unique(codes[found == UNKNOWN])
    if not len(new):
        return found
    for code in new.tolist():
        TABLE[code] = judged(code)
    return TABLE[codes]


def judged(code: int) -> int:
    character = chr(code)
    if character == BORDER:
        return code
    if character.isspace() and alone(code):
        return ord(" ")
    folded = fold(character) if alone(code) else ""
    return ord(folded) if len(folded) == 1 and alone(ord(folded)) else OTHER


def alone(code: int) -> bool:
    return any(first <= code <= last for first, last in ALONE) and not unicodedata.combining(chr(code))
