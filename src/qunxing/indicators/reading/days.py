"""Of when a figure speaks: the words 截至今年2月, 去年底, 上半年 resolved against the day of the article."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from qunxing.core.numerals import DIGITS, read_numeral
from qunxing.indicators.reading.proposals import DAY, MONTH, QUARTER, YEAR, AsOf

NUMERALS = "".join(DIGITS) + "十"
IN_MONTH = rf"(?P<m4>[01]?[0-9]|[{NUMERALS}]{{1,3}})月份?"
DAY_OF_MONTH = rf"(?P<d4>[0-3]?[0-9]|[{NUMERALS}]{{1,3}})[日号]"


def year_word(place: int) -> str:
    """A year in figures or as 今年 and the like, in groups of that number."""
    figures = rf"(?P<y{place}>[12][0-9]{{3}}|[二一][{NUMERALS}]{{3}})年?"
    return rf"(?:{figures}|(?P<r{place}>今年|本年|去年|上年|前年|明年|同年)的?)"


PERIOD = re.compile(
    r"(?P<year>[12][0-9]{3})[-/.](?P<month>[01]?[0-9])(?:[-/.](?P<day>[0-3]?[0-9]))?(?![0-9-])"
    rf"|{year_word(2)}?(?:度)?第?(?P<quarter>[1-4一二三四])季度"
    rf"|{year_word(3)}?(?P<span>上半年|下半年|前三季度|前三个季度|全年)"
    rf"|{year_word(4)}?{IN_MONTH}(?:{DAY_OF_MONTH})?(?P<end>[底末]?)"
    rf"|(?P<moon>上个?月|本月|当月|前一个月)(?P<moon_end>[底末]?)"
    rf"|(?:(?P<y5>[12][0-9]{{3}}|[二一][{NUMERALS}]{{3}})年|(?P<r5>今年|本年|去年|上年|前年|明年)|(?P<bare>(?<![0-9{NUMERALS}])年(?=[底末])))度?(?P<year_end>[底末]?)"
    rf"|(?P<now>目前|当前|如今|眼下|迄今|(?<!截)至今(?![年天日后])|日前|近日)|(?P<yesterday>昨[日天])|(?P<today>今[日天])"
    rf"|(?<![0-9])(?P<d6>[0-3]?[0-9])[日号](?!前)"
)
UNTIL = re.compile(r"(?:截至|截止到?|截止至|至|到|统计截止日期:?)$")
AGAINST = re.compile(r"(?:较|比|与|同|从|自|由|于|以)$")
# Behind a day that tells when something happened, not of when the figures are.
HAPPENED = re.compile(
    r"[,]?(?:正式|开始)?(?:揭牌|启用|成立|开园|开业|投用|开放|设立|创办|以来|起|至|到|-|~|前|上线|发布|公布|通过|完成|施行|印发|同期|相比|增长)"
)
NOW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A time that is told at a place of the sentence; `firm` when the words say that figures are as of it."""

    start: int
    end: int
    as_of: AsOf | None
    firm: bool
    ahead: bool = False  # 到2027年底: a day still to come


def month_of(year: int, month: int) -> AsOf:
    return AsOf(date(year, month, 1), date(year, month, monthrange(year, month)[1]), MONTH)


def year_of(year: int) -> AsOf:
    return AsOf(date(year, 1, 1), date(year, 12, 31), YEAR)


def quarter_of(year: int, quarter: int) -> AsOf:
    last = quarter * 3
    return AsOf(date(year, last - 2, 1), date(year, last, monthrange(year, last)[1]), QUARTER)


def day_of(day: date) -> AsOf:
    return AsOf(day, day, DAY)


def number_of(text: str | None) -> int:
    """2, 十二 or 二〇二六 as a number; 0 for nothing."""
    if not text:
        return 0
    if text.isdigit():
        return int(text)
    if len(text) == 4 and all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    value = read_numeral(text)
    return int(value) if value is not None else 0


def times_in(sentence: str, published: date | None) -> Iterator[Told]:
    """The times told in a folded sentence, in their order."""
    for found in PERIOD.finditer(sentence):
        as_of = resolve(found, published)
        if as_of is None and not found["now"]:
            continue
        before, after = sentence[: found.start()], sentence[found.end() :]
        if AGAINST.search(before) or HAPPENED.match(after):
            continue
        until = UNTIL.search(before) is not None
        ended = bool(found["end"] or found["moon_end"] or found["year_end"])
        told = until or ended or bool(found["now"]) or found["quarter"] is not None or found["span"] is not None
        if not told and not after.startswith((",", "全", "内", "期间", "新增", "累计", "度")):
            continue
        ahead = as_of is not None and published is not None and as_of.low > published
        yield Told(found.start(), found.end(), as_of, until or ended or bool(found["now"]), ahead)


def resolve(found: re.Match[str], published: date | None) -> AsOf | None:
    """The time one match tells; None where it cannot be told without the article's day."""
    try:
        return resolved(found, published)
    except ValueError:
        return None


def resolved(found: re.Match[str], published: date | None) -> AsOf | None:
    part = found.groupdict()
    year = year_told(part, published)
    month, day = number_of(part["month"] or part["m4"]), number_of(part["day"] or part["d4"])
    if month:
        return month_told(year, month, day, published, open_year=not (part["year"] or part["y4"] or part["r4"]))
    if part["quarter"] or part["span"]:
        return part_of_year(part, year, published)
    if year:
        return month_of(year, 12) if part["year_end"] else year_of(year)
    return None if published is None else beside_the_article(part, published)


def part_of_year(part: dict[str, str | None], year: int, published: date | None) -> AsOf | None:
    """A quarter or a half; of the article's year where none is told, which 全年 never means."""
    year = year or (published.year if published and part["span"] != "全年" else 0)
    if not year:
        return None
    return quarter_of(year, number_of(part["quarter"])) if part["quarter"] else span_of(part["span"] or "", year)


def beside_the_article(part: dict[str, str | None], published: date) -> AsOf | None:
    """目前, 昨日, 上月底, 年底, 29日: told by the day of the article alone."""
    if part["moon"]:
        return moon(part["moon"], published)
    if part["d6"]:
        return recent_day(number_of(part["d6"]), published)
    if part["bare"]:
        return month_of(published.year - (published.month < 12), 12)
    if part["now"] or part["today"] or part["yesterday"]:
        return day_of(published - timedelta(days=1 if part["yesterday"] else 0))
    return None


def year_told(part: dict[str, str | None], published: date | None) -> int:
    """The year that is written, or that a word like 去年 means; 0 where none is told."""
    for name in ("year", "y2", "y3", "y4", "y5"):
        if part[name]:
            return number_of(part[name])
    word = next((part[name] for name in ("r2", "r3", "r4", "r5") if part[name]), None)
    if word is None or published is None:
        return 0
    return published.year + {"去年": -1, "上年": -1, "前年": -2, "明年": 1}.get(word, 0)


def month_told(year: int, month: int, day: int, published: date | None, *, open_year: bool) -> AsOf | None:
    """A month or a day of it; without a year the latest one that is not far ahead of the article."""
    if not year:
        if published is None or not open_year:
            return None
        year = published.year if (month, day) <= (published.month + 1, 31) else published.year - 1
    return day_of(date(year, month, day)) if day else month_of(year, month)


def moon(word: str, published: date) -> AsOf:
    if word.startswith(("上", "前")):
        before = published.replace(day=1) - timedelta(days=1)
        return month_of(before.year, before.month)
    return month_of(published.year, published.month)


def span_of(word: str, year: int) -> AsOf:
    if word == "全年":
        return year_of(year)
    first, last = {"上半年": (1, 6), "下半年": (7, 12)}.get(word, (1, 9))
    return AsOf(date(year, first, 1), date(year, last, monthrange(year, last)[1]), "period")


def recent_day(day: int, published: date) -> AsOf | None:
    """29日 of an article of the 30th: the latest such day that is not after it."""
    if day <= published.day:
        return day_of(published.replace(day=day))
    before = published.replace(day=1) - timedelta(days=1)
    return day_of(before.replace(day=day)) if day <= before.day else None
