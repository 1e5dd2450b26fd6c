"""The day of an article, as its own text tells it."""

import re
from datetime import date

from qunxing.indicators.reading.days import number_of

HEAD, TAIL, SAMPLE = 800, 300, 60_000
FULL = re.compile(
    r"([12][0-9]{3}|[二一][零〇一二三四五六七八九]{3})[年/.-]([01]?[0-9]|[一二三四五六七八九十]{1,3})[月/.-]([0-3]?[0-9]|[一二三四五六七八九十]{1,3})(?:[日号]|(?![0-9]))"
)
NOT_ITS_OWN = re.compile(r"(?:截至|截止|截止日期:|至|到|自|于|在|从|将于|前)$")
PUBLISHED = re.compile(r"(?:发布时间|发布日期|时间|日期|发布)[:]?$")
MONTH_AND_DAY = re.compile(r"(?<![0-9年.])([01]?[0-9])月([0-3]?[0-9])[日号]")
YEAR = re.compile(r"(?<![0-9.])(20[0-9]{2})(?=年|[一-鿿])")
LATER = 92  # days by which an undated day may follow the last dated one
TITLE_YEAR = re.compile(
    r"(20[0-9]{2})年(?:度|第?([一二三四1-4])季度)?[^,。]{0,16}?(?:总结|报告|快报|公报|年报|季报|统计)"
)


def article_day(folded: str) -> tuple[date | None, bool]:
    """The day of publication, and whether the head or the foot tells it; else the last day it speaks of, if any."""
    head, foot = folded[:HEAD], folded[HEAD:][-TAIL:]
    for place in (head, foot):
        if found := next(iter(own_days(place)), None):
            return found, True
    return last_day(folded[:SAMPLE] + "。" + folded[SAMPLE:][-SAMPLE:]), False


def own_days(text: str) -> list[date]:
    """The full days of a stretch that are not said to be of something else; a labelled one first."""
    found = [(match, day) for match in FULL.finditer(text) if (day := day_in(match))]
    labelled = [day for match, day in found if PUBLISHED.search(text[: match.start()])]
    return labelled + [day for match, day in found if not NOT_ITS_OWN.search(text[: match.start()])]


def day_in(match: re.Match[str]) -> date | None:
    try:
        return date(number_of(match[1]), number_of(match[2]), number_of(match[3]))
    except ValueError:
        return None


def last_day(text: str) -> date | None:
    """The latest day the text speaks of as past; days without a year belong to its latest year."""
    told = [
        (text[max(0, match.start() - 5) : match.start()], day)
        for match in FULL.finditer(text)
        if (day := day_in(match))
    ]
    full = [day for before, day in told if not NOT_ITS_OWN.search(before)]
    full = full or [day for before, day in told if re.search(r"截[至止]到?$", before)]
    latest = max(full, default=None)
    year = latest.year if latest else max((int(found) for found in YEAR.findall(text)), default=0)
    if not year:
        return None
    undated = [day for match in MONTH_AND_DAY.finditer(text) if (day := day_of_year(year, match))]
    if latest is None:
        return max(undated, default=None)
    return max([latest, *(day for day in undated if 0 <= (day - latest).days <= LATER)])


def day_of_year(year: int, match: re.Match[str]) -> date | None:
    try:
        return date(year, int(match[1]), int(match[2]))
    except ValueError:
        return None


def title_period(folded: str) -> tuple[int, int] | None:
    """(year, quarter or 0) of what calls itself a report on a year or a quarter."""
    found = TITLE_YEAR.search(folded[:200])
    return (int(found[1]), number_of(found[2])) if found else None
