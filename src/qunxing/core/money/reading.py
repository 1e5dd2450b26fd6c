"""Amounts as people write them: 630万人民币, 数千万美元, 近1亿元, 500万-1000万, 未透露."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_noop as _

from qunxing.core.money.amounts import CURRENCIES, LARGEST, MoneyError, MoneyRange
from qunxing.core.numerals import UNITS, read_numeral
from qunxing.core.reasons import because
from qunxing.core.text import fold, shorten

LONGEST = 80
SHOWN = 40

UNREADABLE = _(
    "“%(text)s” cannot be read as an amount of money. "
    "Write it like 630万元, 1.8亿美元, 500万-1000万元, USD 5 million or 未披露."
)
TWO_CURRENCIES = _("“%(text)s” names two currencies, %(first)s and %(second)s. Keep one.")
BACKWARDS = _("“%(text)s” runs from a larger amount to a smaller one.")
TOO_LARGE = _("“%(text)s” is more money than there is. Check the unit.")

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

CODES = {word: code for code, words in CURRENCIES.items() for word in words if word != "元"}
CURRENCY = re.compile("|".join(re.escape(word) for word in sorted(CODES, key=len, reverse=True)))
AND = re.compile(r"(?<!up)(?<!close) (?:to|and) ")
REMARK = re.compile(r"\(([^()]*)\)")
PART_OF_AMOUNT = re.compile(rf"(?:{CURRENCY.pattern}|[{UNITS}元])+")
UNDISCLOSED = re.compile(
    r"(?:[一-鿿]{0,2}(?:金额|数额))?[未不](?:便?透露|披露|公开|公布|公示|详|知|明)(?:金额|数额)?|保密|暂无|na|[-–—/]+"
)

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


def parse_money(text: str, default_currency: str = "CNY") -> MoneyRange | None:
    """The range of whole yuan (or of the currency named) that the text tells; None for an empty text.

    Fractions are rounded half up. MoneyError for what is no amount, with the reason.
    """
    words = _in_chinese(text)
    if not words:
        return None
    if len(words) > LONGEST:
        raise _error(UNREADABLE, text)
    words = REMARK.sub(lambda found: found[1] if PART_OF_AMOUNT.fullmatch(found[1]) else "", words)
    currency = _currency(words, text) or default_currency
    amount = SCALE.sub(lambda found: SCALES[found[1]], CURRENCY.sub("元", words)).rstrip("整正")
    if UNDISCLOSED.fullmatch(amount.replace("元", "")):
        return MoneyRange(None, None, currency, text=text)
    return _range(_bounds(amount), currency, text)


def parse_bounds(text: str) -> Bounds | None:
    """The ends of a quantity without unit, and whether each is open: 近400, 100余, 1-2; None for anything else."""
    words = _in_chinese(text)
    return _bounds(words) if 0 < len(words) <= LONGEST else None


def _error(msgid: str, text: str, **values: str) -> MoneyError:
    return MoneyError(because(msgid, text=shorten(text.strip(), SHOWN), **values))


def _in_chinese(text: str) -> str:
    """Folded, without spaces, English words of amount as Chinese ones."""
    words = AND.sub("-", fold(text[: LONGEST * 4])).replace(" ", "").replace("圆", "元")
    return ENGLISH_WORD.sub(lambda found: ENGLISH[found[0]], words)


def _currency(words: str, text: str) -> str | None:
    found = list(dict.fromkeys(CODES[word] for word in CURRENCY.findall(words)))
    if len(found) > 1:
        raise _error(TWO_CURRENCIES, text, first=found[0], second=found[1])
    return found[0] if found else None


def _range(bounds: Bounds | None, currency: str, text: str) -> MoneyRange:
    """The bounds as whole units, checked."""
    if bounds is None:
        raise _error(UNREADABLE, text)
    if any(end is not None and end > LARGEST for end in bounds[:2]):
        raise _error(TOO_LARGE, text)
    low, high = (None if end is None else int(end.quantize(Decimal(1), ROUND_HALF_UP)) for end in bounds[:2])
    if low is not None and high is not None and low > high:
        raise _error(BACKWARDS, text)
    return MoneyRange(low, high, currency, *bounds[2:], text=text)


def _bounds(amount: str) -> Bounds | None:
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
