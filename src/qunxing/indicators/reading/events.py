"""The day on which a community was opened."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from qunxing.indicators.quantities import Quantity
from qunxing.indicators.reading.context import Topic
from qunxing.indicators.reading.days import PERIOD, resolve
from qunxing.indicators.reading.names import COMMUNITY
from qunxing.indicators.reading.proposals import DAY, MONTH, AsOf, Found
from qunxing.indicators.reading.scopes import SPACE
from qunxing.indicators.reading.vocabulary import UNVEILED

if TYPE_CHECKING:
    from qunxing.indicators.reading.sentences import Sentence

NEAR = 40


def unveiled(sentence: "Sentence", topic: Topic) -> Iterator[Found]:
    """A day, month or year right before 揭牌, 启用 and the like, of a community that the sentence names."""
    who = next((named for named in sentence.named if named.kind == COMMUNITY), None)
    event = UNVEILED.search(sentence.words)
    if who is None or event is None:
        return
    times = [match for match in PERIOD.finditer(sentence.words[: event.start()]) if event.start() - match.end() < NEAR]
    as_of = next((found for match in reversed(times) if (found := resolve(match, topic.published))), None)
    if as_of is None:
        return
    phrase, start, end = sentence.phrase(times[-1].start(), event.end())
    yield Found("unveiled_on", who.name, calendar_number(as_of), SPACE, as_of, phrase, start, end)


def calendar_number(as_of: AsOf) -> Quantity:
    """A day as a number: 20230928, a month 202309 in year-month, a year 2023."""
    day = as_of.low
    if as_of.precision == DAY:
        value, unit = day.year * 10_000 + day.month * 100 + day.day, "year-month-day"
    elif as_of.precision == MONTH:
        value, unit = day.year * 100 + day.month, "year-month"
    else:
        value, unit = day.year, "year"
    return Quantity(Decimal(value), Decimal(value), unit=unit)
