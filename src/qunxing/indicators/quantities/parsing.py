"""One quantity from one text: 近400家, 100余家, 600亿元, 六成一, 三分之一."""

import re
from decimal import Decimal

from qunxing.core.bounds import parse_bounds
from qunxing.core.numerals import DIGITS, read_numeral
from qunxing.core.text import fold
from qunxing.indicators.quantities.ranges import Quantity

LONGEST = 80
# 400家以上, 100家左右: the word stands behind the unit, but speaks of the number.
BEHIND = re.compile(
    r"(.*[0-9零一二三四五六七八九十百千万亿])([^0-9零一二三四五六七八九十百千万亿]+?)(及?以上|及?以下|以内|左右|上下)"
)
EITHER = re.compile(r"([一两二三四五六七八九])([两二三四五六七八九])(?=[^一二三四五六七八九十百千万亿])")
SINGLE = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
SIGNS = str.maketrans({"≈": "约", "~": "-", "〜": "-"})
DIGIT = f"[0-9.{''.join(DIGITS)}]"
# 六成一, 近四成, 百分之六十一, 三分之一, 过半: shares in words, as percent.
TENTHS = re.compile(rf"(.*?)({DIGIT}+)成({DIGIT}?)(左右|以上|多)?")
HUNDREDTHS = re.compile(r"(.*?)百分之(.+)")
FRACTION = re.compile(r"(.*?)([^超过近约逾不到足]+?)分之([^以左多]+)(以上|左右|多)?")
HALVES = {"一半": "50", "半数": "50", "过半": "超50", "过半数": "超50", "半数以上": "50以上", "一半以上": "50以上"}


def parse_quantity(text: str) -> Quantity | None:
    """The range that the text tells, with its unit; None for what is no quantity."""
    bare = "".join(text.split())
    if not 0 < len(bare) <= LONGEST:
        return None
    words = EITHER.sub(lambda found: f"{SINGLE[found[1]]}-{SINGLE[found[2]]}", fold(bare).translate(SIGNS))
    if (share := parse_share(words)) is not None:
        return share
    if found := BEHIND.fullmatch(words):
        words, unit = found[1] + found[3], found[2]
        return with_bounds(words, unit)
    for end in range(len(words), 0, -1):
        if quantity := with_bounds(words[:end], as_written(words[end:], bare)):
            return quantity
    return None


def parse_share(words: str) -> Quantity | None:
    """Shares that are written in words, in percent; None for everything else."""
    if words in HALVES:
        return with_bounds(HALVES[words], "%")
    if found := HUNDREDTHS.fullmatch(words):
        return with_bounds(found[1] + found[2], "%")
    if found := TENTHS.fullmatch(words):
        return tenths(found)
    if found := FRACTION.fullmatch(words):
        return fraction(found)
    return None


def tenths(found: re.Match[str]) -> Quantity | None:
    """六成一 is 61, 近四成 under 40, 六成多 over 60."""
    high, low = read_numeral(found[2]), read_numeral(found[3]) if found[3] else Decimal(0)
    if high is None or low is None or high > 10:
        return None
    number = f"{(high * 10 + low).normalize():f}"
    tail = {"多": ""}.get(found[4] or "", found[4] or "")
    return with_bounds(("超" if found[4] == "多" else "") + found[1] + number + tail, "%")


def fraction(found: re.Match[str]) -> Quantity | None:
    """三分之一 as percent, rounded to hundredths of it and so only about that, unless it divides evenly."""
    below, above = read_numeral(found[2]), read_numeral(found[3])
    if not below or above is None:
        return None
    share = above / below * 100
    rounded = round(share, 2)
    head = "超" if found[4] == "多" else found[1] or ("" if rounded == share else "约")
    tail = found[4] if found[4] in {"以上", "左右"} else ""
    return with_bounds(f"{head}{rounded.normalize():f}{tail}", "%")


def with_bounds(number: str, unit: str) -> Quantity | None:
    bounds = None if "元" in number else parse_bounds(number)
    return Quantity(*bounds, unit=unit) if bounds is not None else None


def as_written(unit: str, text: str) -> str:
    """The unit in its own letters, where the text ends with it."""
    tail = text[len(text) - len(unit) :] if unit else ""
    return tail if fold(tail) == unit else unit
