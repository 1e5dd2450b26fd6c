"""The one place where text is folded for comparing and searching; what is shown is always the text as it was given."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

CACHED_LENGTH = 120
REMEMBERED_CHARACTERS = 60_000
KEY_LIMIT = 1000
KEY_PART_LIMIT = 200
TERMS_LIMIT = 8

BRACKETS = {**dict.fromkeys("[{【〔〖〘〚⟦", "("), **dict.fromkeys("]}】〕〗〙〛⟧", ")")}
# Not shown, though not of category Cf: fillers, joiners and variation selectors.
UNSEEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180F, 0x3164, 0xFFA0}
UNSEEN |= {*range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
# Symbols that only decorate a name; others (the plus signs of C++) tell two names apart.
DECORATION = set("~|^`´¨¯®©℗−∙⋅●○◆◇■□★☆▲△▪▫◦")
MARK = "\0"
MARKS = re.compile(rf"(?<=[0-9])([{MARK}.]+)(?=[0-9])|[{MARK}.]+")
HAN_OR_NOT = re.compile(r"([〇々㐀-鿿豈-﫿\U00020000-\U000323AF]+)")


class _Table(dict[int, str | None]):
    """A table for str.translate that judges a character when it first meets it."""

    def __init__(self, judge: Callable[[str], str | None]) -> None:
        super().__init__()
        self.judge = judge

    def __missing__(self, code: int) -> str | None:
        verdict = self.judge(chr(code))
        if len(self) < REMEMBERED_CHARACTERS:
            self[code] = verdict
        return verdict


def _seen(character: str) -> str | None:
    """Nothing for what cannot be seen or stored, a space for any space."""
    if character.isspace():
        return " "
    hidden = ord(character) in UNSEEN or unicodedata.category(character) in ("Cf", "Cc", "Cs")
    return None if hidden else character


def _plain(character: str) -> str | None:
    """What is seen, with one kind of bracket and simplified characters."""
    seen = _seen(character)
    return BRACKETS.get(seen) or simplify(seen) if seen else None


def _bare(character: str) -> str | None:
    """A letter, digit or telling symbol as it is; MARK for the rest, nothing for the comma of 1,000."""
    if character in ",.":
        return None if character == "," else character
    return MARK if unicodedata.category(character)[0] in "ZPC" or character in DECORATION else character


SEEN = _Table(_seen)
PLAIN = _Table(_plain)
BARE = _Table(_bare)


def tidy(text: str) -> str:
    """The text without unseen marks and superfluous spaces, in half width; case, script and marks stay as written."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(SEEN).split())


def fold(text: str) -> str:
    """The form in which two writings of one text are equal: width, script, case, brackets, spaces, unseen marks.

    Traditional characters become simplified one by one and not by phrase, so that a part of a text
    folds to a part of the folded text: a search by LIKE relies on it.
    """
    return _fold_short(text) if len(text) <= CACHED_LENGTH else _fold(text)


def _fold(text: str) -> str:
    folded = _once(text)
    if not folded.isascii():
        folded = _once(folded)  # a dropped mark may have brought together two characters that combine
    return " ".join(folded.split())


def _once(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).translate(PLAIN).casefold())


_fold_short = lru_cache(maxsize=50_000)(_fold)


def fold_name(text: str) -> str:
    """The form in which two writings of one name are equal: folded, without spaces, brackets and punctuation.

    Between two digits a mark stays (2.5 is not 25, 4-9B is not 49B). A name of marks alone stays as folded.
    """
    return _fold_name_short(text) if len(text) <= CACHED_LENGTH else _fold_name(text)


def _fold_name(text: str) -> str:
    folded = fold(text)
    return fold(MARKS.sub(_between_digits, folded.translate(BARE))) or folded


_fold_name_short = lru_cache(maxsize=50_000)(_fold_name)


def _between_digits(match: re.Match[str]) -> str:
    marks = match[1]
    return "" if not marks else "." if marks == "." else "-"


def simplify(text: str) -> str:
    """Traditional to simplified by phrase (乾隆 stays 乾隆): for reading, not for comparing."""
    if text.isascii():
        return text
    return _to_simplified()(text.encode("utf-8", "ignore").decode())


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - loads dictionaries that most commands never need

    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def pinyin(text: str) -> str:
    """The full pinyin without tones or spaces, other letters and digits as folded: 群星AI is qunxingai."""
    return readings(text)[0]


def initials(text: str) -> str:
    """The first letter of each Chinese character's pinyin, other letters and digits as folded: 群星AI is qxai."""
    return readings(text)[1]


def readings(text: str) -> tuple[str, str]:
    """(pinyin, initials) in one reading of the text."""
    read = _syllables(text)
    full = "".join(syllable for syllable, _han in read)
    return full, "".join(syllable[:1] if han else syllable for syllable, han in read)


def _syllables(text: str) -> list[tuple[str, bool]]:
    """Each syllable (or run of anything else) and whether it was read from a Chinese character."""
    read: list[tuple[str, bool]] = []
    for index, piece in enumerate(HAN_OR_NOT.split(_readable(tidy(text)))):
        if index % 2:
            read += [(syllable, True) for word in _words()(piece) for syllable in _reading(word)]
        elif piece:
            read.append((_letters(piece), False))
    return read


def _readable(text: str) -> str:
    """Simplified, but 乾 as it is: in names it is read qian, whatever stands beside it."""
    simple = simplify(text)
    if "乾" not in text or len(simple) != len(text):
        return simple
    return "".join(old if old == "乾" else new for old, new in zip(text, simple, strict=True))


def _letters(text: str) -> str:
    """A run without Chinese characters, folded; nothing of it when it holds marks only."""
    name = fold_name(text)
    return name if any(character.isalnum() for character in name) else ""


@cache
def _words() -> Callable[[str], Iterable[str]]:
    """What cuts a run of Chinese characters into the words whose readings are known (重庆 is chong qing)."""
    from pypinyin.seg import mmseg  # noqa: PLC0415 - as above

    return mmseg.seg.cut


@lru_cache(maxsize=50_000)
def _reading(word: str) -> tuple[str, ...]:
    """The syllables of a word; a character nobody reads stands for itself."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - as above

    return tuple(lazy_pinyin(word))


def search_key(*parts: str) -> str:
    """What is stored beside a row to be found by: each part folded, without marks, in pinyin and initials, one a line.

    At most KEY_LIMIT characters; what no longer fits is left out, the folded parts last of all.
    """
    short = [part[:KEY_PART_LIMIT] for part in dict.fromkeys(parts) if part]
    lines = [fold(part) for part in short] + [fold_name(part) for part in short]
    for part in short:
        if not part.isascii():
            lines += readings(part)
    return "\n".join(dict.fromkeys(filter(None, lines)))[:KEY_LIMIT].rstrip("\n")


def search_terms(query: str) -> tuple[str, ...]:
    """The folded words of a query, each of which a search key must hold; at most TERMS_LIMIT of them."""
    return tuple(dict.fromkeys(fold(query[:KEY_PART_LIMIT]).split()))[:TERMS_LIMIT]


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` characters, an ellipsis for what was cut; no accent or joined emoji is cut apart."""
    if len(text) <= limit:
        return text
    end = max(limit - 1, 0)
    while end and (unicodedata.combining(text[end]) or _joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…" if limit > 0 else ""


def _joins(character: str) -> bool:
    return character == "\u200d" or ord(character) in UNSEEN or "\U0001f3fb" <= character <= "\U0001f3ff"
