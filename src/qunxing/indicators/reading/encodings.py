"""Which encoding a text has: UTF-8, UTF-16, GB 18030 or Big5, told from its bytes."""

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 40_000
ODD = 50  # of so many characters at most one may be unprintable
# Characters that any Chinese text is full of, in both scripts.
COMMON = frozenset("的一是在了和有大这這中人上为為业業企国國年月日不以个個来來新发發展会會会与與及对對将將推进進家")


def decode(data: bytes) -> tuple[str, str] | None:
    """(text, encoding); None for what is no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return decoded(data, encoding)
    if b"\0" in data[:SAMPLE]:
        return wide(data)
    return decoded(data, "utf-8") or likelier(data)


def decoded(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return (text, encoding) if is_written(text) else None


def wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark: digits and line ends have their zero byte on one side."""
    head = data[: SAMPLE // 2 * 2]
    encoding = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    return decoded(data, encoding)


def likelier(data: bytes) -> tuple[str, str] | None:
    """GB 18030 or Big5, whichever gives more of the commonest characters; a scan's few broken bytes are passed over."""
    found = [one for encoding in ("gb18030", "big5") if (one := decoded(data, encoding))]
    if not found:
        return None
    best = max(found, key=lambda one: sum(map(COMMON.__contains__, one[0][:SAMPLE])))
    return best if any(character in COMMON for character in best[0][:SAMPLE]) else None


def is_written(text: str) -> bool:
    sample = text[:SAMPLE]
    odd = sum(
        1 for character in sample if not character.isprintable() and character not in "\t\r\n\f\v\ufeff\u200b\u3000"
    )
    return "\0" not in sample and odd * ODD <= len(sample)
