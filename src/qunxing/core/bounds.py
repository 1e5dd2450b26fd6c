"""The ends of a quantity as people write it: 近400, 100余, 1-2, 数千万, 500万以上. No Django in here."""

import re
from decimal import Decimal

from qunxing.core.numerals import UNITS, read_numeral
from qunxing.core.text import fold

LONGEST = 80

# English is turned into the Chinese words first, so that there is one grammar to read.
ENGLISH = {
    "tensofthousands": "数万",
    "hundredsofthousands": "数十万",
    "tensofmillions": "数千万",
    "hundredsofmillions": "数亿",
    "notdisclosed": "未披露",
    "undisclosed": "未披露",
    "confidential": "保密",
    "unknown": "未知",
    "n/a": "未披露",
    "notmorethan": "不超过",
    "nomorethan": "不超过",
    "notlessthan": "不低于",
    "nolessthan": "不低于",
    "approximately": "约",
    "morethan": "超过",
    "lessthan": "不到",
    "atleast": "不低于",
    "closeto": "近",
    "between": "介于",
    "several": "数",
    "atmost": "不超过",
    "almost": "近",
    "nearly": "近",
    "around": "约",
    "approx.": "约",
    "approx": "约",
    "about": "约",
    "under": "不到",
    "below": "不到",
    "above": "超过",
    "circa": "约",
    "upto": "不超过",
    "over": "超过",
}
ENGLISH_WORD = re.compile("|".join(re.escape(word) for word in sorted(ENGLISH, key=len, reverse=True)))
SCALES = {
    "hundred": "百", "thousand": "千", "million": "百万", "billion": "十亿", "trillion": "万亿",
    "tn": "万亿", "bn": "十亿", "mn": "百万", "mm": "百万", "k": "千", "w": "万", "m": "百万", "b": "十亿",
}  # fmt: skip
SCALE = re.compile(rf"(?<=[0-9数])({'|'.join(SCALES)})(?![a-z])")
JOINT = re.compile(r"[-–—~]+|至(?![少多])|(?<!不)到|和|与")
AND = re.compile(r"(?<!up)(?<!close) (?:to|and) ")
HEADS = {
    "least": re.compile(r"不低于|不少于|不小于|大于等于|至少|最低|最少|起码|上(?=[百千万亿])|≥|>="),
    "most": re.compile(r"不超过|不高于|不多于|不大于|小于等于|至多|最高|最多|≤|<="),
    "over": re.compile(r"超过|超出|大于|多于|高于|突破|超|逾|>"),
    "under": re.compile(r"低于|少于|小于|不足|不到|未满|未达|接近|将近|近|<"),
    "about": re.compile(r"大约|约为|大概|约"),
}
TAILS = {
    "least": re.compile(r"(?:及?以上|起|\+)$"),
    "most": re.compile(r"(?:及?以下|及?以内|之内|封顶)$"),
    "under": re.compile(r"不到$"),
    "about": re.compile(r"(?:左右|上下|级别?)$"),
    "over": re.compile(rf"(?<=[0-9{UNITS}])[余多](?=[{UNITS}]*$)"),
}
SEVERAL = re.compile(rf"(?:好几|数|几)([{UNITS}]+)(?:级别?)?")
TEEN = re.compile(r"十[几数]([万亿]*)")
ORDER = re.compile(rf"([百千万亿][{UNITS}]*)(?:级别?)?")
EITHER = re.compile(rf"([一二两三四五六七八九])([二两三四五六七八九])([{UNITS}]+)")

Bounds = tuple[Decimal | None, Decimal | None, bool, bool]


def parse_bounds(text: str) -> Bounds | None:
    """The ends of a quantity without unit, and whether each is open: 近400, 100余, 1-2; None for anything else."""
    words = in_chinese(text)
    return bounds_of(words) if 0 < len(words) <= LONGEST else None


def in_chinese(text: str) -> str:
    """Folded, without spaces, English words of amount as Chinese ones."""
    words = AND.sub("-", fold(text[: LONGEST * 4])).replace(" ", "").replace("圆", "元")
    return ENGLISH_WORD.sub(lambda found: ENGLISH[found[0]], words)


def bounds_of(amount: str) -> Bounds | None:
    bare = amount.replace("元", "")
    return _from_to(amount) or _some(bare) or _qualified(bare)


def _from_to(amount: str) -> Bounds | None:
    """500-1000万, 介于500万与1000万之间; the first number shares the unit of the second if none stands behind it."""
    inner = amount.removeprefix("约").removeprefix("介于").removesuffix("之间")
    parts = JOINT.split(inner)
    if len(parts) != 2:
        return None
    low, high = (part.replace("元", "") for part in parts)
    end, start = read_numeral(high), read_numeral(low)
    if end is None or start is None:
        return None
    shared = read_numeral(low + _unit(high)) if not _unit(parts[0]) else None
    between = "介于" in amount or "之间" in amount
    return shared if shared is not None and shared <= end else start, end, between, between


def _unit(amount: str) -> str:
    """What stands behind the digits: 万, 元."""
    return amount[len(amount.rstrip(UNITS + "元")) :]


def _some(amount: str) -> Bounds | None:
    """数千万 and 几百万 are more than one and fewer than ten of it; 千万级 begins at one; 三五百万 is 3 to 5."""
    if found := SEVERAL.fullmatch(amount):
        return _times(found[1], 1, 10, low_open=True)
    if found := TEEN.fullmatch(amount):
        return _times(found[1], 10, 20, low_open=True)
    if found := ORDER.fullmatch(amount):
        return _times(found[1], 1, 10, low_open=False)
    if found := EITHER.fullmatch(amount):
        return read_numeral(found[1] + found[3]), read_numeral(found[2] + found[3]), False, False
    return None


def _times(unit: str, low: int, high: int, *, low_open: bool) -> Bounds | None:
    value = read_numeral(unit) if unit else Decimal(1)
    return None if value is None or (not low_open and value < 10**6) else (value * low, value * high, low_open, True)


def _qualified(amount: str) -> Bounds | None:
    """One number with at most one kind of word about it: 近1亿, 100余万, 500万以上."""
    number, kinds = _strip(amount)
    value = read_numeral(number)
    if value is None or len(kinds) > 1 or (not kinds and ORDER.fullmatch(number)):
        return None
    return {
        "over": (value, None, True, False),
        "least": (value, None, False, False),
        "under": (None, value, False, True),
        "most": (None, value, False, False),
        "about": (value, value, True, True),
        "": (value, value, False, False),
    }[next(iter(kinds), "")]


def _strip(amount: str) -> tuple[str, set[str]]:
    """The bare number and the kinds of words that stood before, after and inside it."""
    kinds = set()
    for kind, word in HEADS.items():
        if found := word.match(amount):
            amount = amount[found.end() :]
            kinds.add(kind)
            break
    for kind, word in TAILS.items():
        bare = word.sub("", amount, count=1)
        if bare != amount:
            amount = bare
            kinds.add(kind)
    return amount, kinds
