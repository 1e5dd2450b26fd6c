"""A text read from its beginning to its end: each quantity about a community, with its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from qunxing.indicators.quantities import Mention, find_quantities
from qunxing.indicators.reading.context import Topic
from qunxing.indicators.reading.dateline import article_day, title_period
from qunxing.indicators.reading.days import day_of, quarter_of, times_in, year_of
from qunxing.indicators.reading.folding import Folded, fold_with_places, skim
from qunxing.indicators.reading.names import NOT_DISTRICT, SAMPLE, names_of
from qunxing.indicators.reading.proposals import AsOf, Found
from qunxing.indicators.reading.segments import MARKER, Block, blocks_of, lines_of, sentences_of
from qunxing.indicators.reading.sentences import Sentence, read_sentence
from qunxing.indicators.reading.tables import read_rows
from qunxing.indicators.reading.vocabulary import TRIGGER, UNVEILED

NUMERAL = re.compile(r"[0-9一二两三四五六七八九十百千万亿半数几]")
YUAN = re.compile(r"\((人民币|美元|港元|港币|欧元|日元)[,、]?下同\)")
CURRENCY = {"人民币": "元", "港币": "港元"}
REPORT = re.compile(r"([\u4e00-\u9fff]{2,3}[区市])(?:人民政府|人大|[12][0-9]{3}年)?[^。]{0,40}(?:报告|公报|统计)")
TITLE = 60
HEADING = 30
PLANS = re.compile(r"目标|下一步|计划$|打算|展望|规划$")
TELLING = 500  # blocks between two tellings of how far it is

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Reading:
    """What was found, in the order of the text; the day of the article as it was given or read; `more` was cut off."""

    found: list[Found]
    published: date | None
    more: bool = False
    subjects: tuple[str, ...] = field(default=())


def read_text(
    text: str,
    *,
    published: date | None = None,
    lexicon: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    limit: int = 0,
) -> Reading:
    """Propose the figures of the text; `lexicon` is {name: kind}, the ledger's own; at most `limit` of them."""
    sample = fold_with_places(text[:SAMPLE]).text
    topic = topic_of(sample, published, lexicon, title_of(text))
    found: list[Found] = []
    for one in figures_in(text, topic, progress):
        if limit and len(found) == limit:
            return Reading(found, topic.published, more=True)
        found.append(one)
    return Reading(found, topic.published)


def title_of(text: str) -> str:
    """The first line that says something, and the second, where an article's kicker stands first."""
    lines = [fold_with_places(text[line.start : line.end][:TITLE]).text for line in islice(lines_of(text), 2)]
    return " ".join(line for line in lines if len(line) < TITLE)


def topic_of(sample: str, published: date | None, lexicon: Mapping[str, str] | None, title: str = "") -> Topic:
    """What is known before the first sentence: the names, the day of the article, the time its title speaks of."""
    day, told = (published, True) if published is not None else article_day(sample)
    return Topic(
        names_of(sample, lexicon, title), day, default_time(sample, day, told=told), place=reported_place(sample)
    )


def reported_place(sample: str) -> str:
    """The district or city whose yearly report or plan the title announces."""
    found = REPORT.search(sample[:120])
    return found[1][-3:] if found and not NOT_DISTRICT.search(found[1][:-1]) else ""


def default_time(sample: str, day: date | None, *, told: bool) -> AsOf | None:
    """The day of the article where it is told, else the year or quarter its title reports on, else the day guessed."""
    period = title_period(sample)
    if period is not None and not told:
        return quarter_of(*period) if period[1] else year_of(period[0])
    return None if day is None else day_of(day)


def figures_in(text: str, topic: Topic, progress: Progress | None = None) -> Iterator[Found]:
    rows: list[Block] = []
    for number, block in enumerate(blocks_of(text)):
        if progress is not None and number % TELLING == 0:
            progress(block.start)
        if block.row:
            rows.append(block)
            continue
        if rows:
            yield from read_rows(text, rows, topic)
            rows = []
        yield from read_block(text, block, topic)
    if rows:
        yield from read_rows(text, rows, topic)


def read_block(text: str, block: Block, topic: Topic) -> Iterator[Found]:
    piece = text[block.start : block.end]
    plain = skim(piece)
    topic.next_block()
    if len(plain) <= HEADING and not plain.endswith(("。", ";")) and MARKER.match(piece):
        topic.heading_planned = bool(PLANS.search(plain))
    if told := YUAN.search(plain):
        topic.yuan = CURRENCY.get(told[1], told[1])
    if not worth_reading(plain, topic):
        return
    folded = fold_with_places(piece, block.start)
    for start, end in sentences_of(folded.text):
        yield from read_part(text, folded, start, end, topic)


def worth_reading(plain: str, topic: Topic) -> bool:
    """Whether a block could name somebody or count something: the cheap test before the dear ones."""
    counts = NUMERAL.search(plain) is not None and TRIGGER.search(plain) is not None
    return counts or (topic.names.pattern is not None and topic.names.pattern.search(plain) is not None)


def read_part(text: str, folded: Folded, start: int, end: int, topic: Topic) -> Iterator[Found]:
    """One sentence: what it proposes, and what it leaves for those behind it."""
    words = folded.text[start:end]
    named = topic.names.find(words)
    counted = bool(NUMERAL.search(words)) and bool(TRIGGER.search(words))
    told = list(times_in(words, topic.published)) if counted else []
    if counted:
        mentions = find_quantities(words)
        if mentions or UNVEILED.search(words):
            sentence = Sentence(text, folded, start, words, mentions, named, told)
            yield from read_sentence(sentence, topic)
    topic.next_sentence(named, told)


__all__ = ["Mention", "Reading", "read_text"]
