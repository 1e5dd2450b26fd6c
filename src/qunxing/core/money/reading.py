"""Amounts as people write them: 630万人民币, 数千万美元, 近1亿元, 500万-1000万, 未透露."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_noop as _

from qunxing.core.bounds import LONGEST, SCALE, SCALES, Bounds, bounds_of, in_chinese
from qunxing.core.money.amounts import CURRENCIES, LARGEST, MoneyError, MoneyRange
from qunxing.core.numerals import UNITS
from qunxing.core.reasons import because
from qunxing.core.text import shorten

SHOWN = 40

UNREADABLE = _(
    "“%(text)s” cannot be read as an amount of money. "
    "Write it like 630万元, 1.8亿美元, 500万-1000万元, USD 5 million or 未披露."
)
TWO_CURRENCIES = _("“%(text)s” names two currencies, %(first)s and %(second)s. Keep one.")
BACKWARDS = _("“%(text)s” runs from a larger amount to a smaller one.")
TOO_LARGE = _("“%(text)s” is more money than there is. Check the unit.")


CODES = {word: code for code, words in CURRENCIES.items() for word in words if word != "元"}
CURRENCY = re.compile("|".join(re.escape(word) for word in sorted(CODES, key=len, reverse=True)))
REMARK = re.compile(r"\(([^()]*)\)")
PART_OF_AMOUNT = re.compile(rf"(?:{CURRENCY.pattern}|[{UNITS}元])+")
UNDISCLOSED = re.compile(
    r"(?:[一-鿿]{0,2}(?:金额|数额))?[未不](?:便?透露|披露|公开|公布|公示|详|知|明)(?:金额|数额)?|保密|暂无|na|[-–—/]+"
)


def parse_money(text: str, default_currency: str = "CNY") -> MoneyRange | None:
    """The range of whole yuan (or of the currency named) that the text tells; None for an empty text.

    Fractions are rounded half up. MoneyError for what is no amount, with the reason.
    """
    words = in_chinese(text)
    if not words:
        return None
    if len(words) > LONGEST:
        raise _error(UNREADABLE, text)
    words = REMARK.sub(lambda found: found[1] if PART_OF_AMOUNT.fullmatch(found[1]) else "", words)
    currency = _currency(words, text) or default_currency
    amount = SCALE.sub(lambda found: SCALES[found[1]], CURRENCY.sub("元", words)).rstrip("整正")
    if UNDISCLOSED.fullmatch(amount.replace("元", "")):
        return MoneyRange(None, None, currency, text=text)
    return _range(bounds_of(amount), currency, text)


def _error(msgid: str, text: str, **values: str) -> MoneyError:
    return MoneyError(because(msgid, text=shorten(text.strip(), SHOWN), **values))


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
