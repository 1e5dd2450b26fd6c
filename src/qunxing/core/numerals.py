"""Numbers as Chinese prose writes them: 1.2亿, 一千零五, 3千5百万, 1,200千."""

import re
from dataclasses import dataclass
from decimal import Decimal

PAIRS = ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {character: value for value, pair in enumerate(PAIRS) for character in pair}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
WAN, YI = 10**4, 10**8
LARGE = {"万": WAN, "亿": YI}
UNITS = "".join([*SMALL, *LARGE])
LONGEST = 40
TOKEN = re.compile(rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?|[{''.join(DIGITS)}{UNITS}]")


class _NotANumber(Exception):
    """The tokens do not make up one number."""


@dataclass
class _Tally:
    """A number as far as it was read: sections of thousands, each closed by 万 or 亿."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    pending: Decimal | None = None
    spoken: bool = False
    after_zero: bool = False
    small: int = 0
    large: int = 0

    def take(self, token: str) -> None:
        if token in SMALL:
            self.take_small(SMALL[token])
        elif token in LARGE:
            self.take_large(LARGE[token])
        elif token in DIGITS:
            self.take_digit(DIGITS[token])
        else:
            self.take_number(Decimal(token.replace(",", "")), spoken=False)

    def take_digit(self, value: int) -> None:
        if value == 0 and self.pending is None and (self.section or self.total):
            self.after_zero = True
        else:
            self.take_number(Decimal(value), spoken=True)

    def take_number(self, value: Decimal, *, spoken: bool) -> None:
        _need(self.pending is None)
        self.pending, self.spoken = value, spoken

    def take_small(self, unit: int) -> None:
        """十, 百 or 千; standing first it means one of it."""
        _need(self.pending is not None or not self.section)
        amount = (Decimal(1) if self.pending is None else self.pending) * unit
        _need(not self.small or amount < self.small)
        self.section += amount
        self.small, self.pending, self.after_zero = unit, None, False

    def take_large(self, unit: int) -> None:
        """万 or 亿, each at most once, 亿 of the whole before it (1万亿), 万 of the section only."""
        _need(self.large in ((0, YI) if unit == WAN else (0, WAN)))
        section = self.close_section()
        if unit == YI:
            self.total = (self.total + section) * YI
        else:
            _need(not self.large or 0 < section < WAN)
            self.total += section * WAN
        self.section, self.small, self.large, self.after_zero = Decimal(0), 0, unit, False

    def close_section(self) -> Decimal:
        """The thousands before 万 or 亿, which standing first means one of it."""
        if self.pending is None and not self.section:
            return Decimal(0 if self.total else 1)
        value = self.section + self.tail(self.small)
        self.pending = None
        return value

    def tail(self, unit: int) -> Decimal:
        """What the last digits are worth: 三千五 is 3500, 三千零五 is 3005; 3千5 could be either and is refused."""
        if self.pending is None or not unit:
            return self.pending or Decimal(0)
        if self.spoken and not self.after_zero and unit > 10:
            return self.pending * unit / 10
        _need(self.pending < unit)
        full = len(str(int(self.pending))) == len(str(unit)) - 1
        _need(self.spoken or self.after_zero or full)
        return self.pending

    def close(self) -> Decimal:
        return self.total + self.section + self.tail(self.small or self.large)


def _need(condition: bool) -> None:
    if not condition:
        raise _NotANumber


def read_numeral(text: str) -> Decimal | None:
    """The exact number a folded text without spaces writes; None when it is not one number."""
    if not 0 < len(text) <= LONGEST:
        return None
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text:
        return None
    tally = _Tally()
    try:
        for token in tokens:
            tally.take(token)
        return tally.close()
    except _NotANumber:
        return None
