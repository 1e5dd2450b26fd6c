"""The unit that a heading or a title gives to the numbers below it: 注册资本（万元）, 单位：千元, USD million."""

import re

from qunxing.core.bounds import SCALES
from qunxing.core.money import CURRENCIES
from qunxing.core.text import fold

SCALE = "[十百千万亿]{1,3}"
WORDS = {word: code for code, words in CURRENCIES.items() for word in words}
CURRENCY = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
ENGLISH_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
TEN_THOUSAND = re.compile(r"10,?000")
# Folded brackets are round; a unit stands in them, or behind a mark.
CHINESE = re.compile(rf"(?:\(|单位[:：]? ?|[/_:：])(?:单位[:：]? ?)?(?:人民币)?({SCALE})?({CURRENCY})?\)?$")
ENGLISH = re.compile(
    rf"\((?:(?P<first>{CURRENCY}) )?(?P<scale>{ENGLISH_SCALE}|万)s?(?:(?: of)? (?P<last>{CURRENCY}))?\)$"
)
STATED = re.compile(rf"单位[:：] ?(?:人民币)?({SCALE})?({CURRENCY})")


def unit_of(heading: str) -> str:
    """What stands behind a bare number of the column, in Chinese words: 万元, 百万美元, 亿; "" where none is told."""
    text = TEN_THOUSAND.sub("万", fold(heading))
    if found := CHINESE.search(text):
        return _unit(found[1], found[2])
    if found := ENGLISH.search(text):
        return _unit(SCALES.get(found["scale"], found["scale"]), found["first"] or found["last"])
    return ""


def stated_unit(title: str) -> str:
    """The unit that a line above the table states for all its amounts."""
    found = STATED.search(fold(title))
    return _unit(found[1], found[2]) if found else ""


def _unit(scale: str | None, currency: str | None) -> str:
    """The scale with the first Chinese name of the currency; a bare 元 says nothing that was not known."""
    name = CURRENCIES[WORDS[currency]][0] if currency else ""
    return f"{scale or ''}{name}"


def scale_of(unit: str) -> str:
    """The unit without its currency, for numbers that are no money."""
    return "".join(character for character in unit if character in "十百千万亿")
