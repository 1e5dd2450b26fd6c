"""How long something takes now, told against how long it took: 原本一个月的开发周期，一两周就完成."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from qunxing.indicators.quantities import Mention
from qunxing.indicators.quantities.units import TIME
from qunxing.indicators.reading.context import Topic, as_of_for, who_of
from qunxing.indicators.reading.names import FIRM
from qunxing.indicators.reading.proposals import Found
from qunxing.indicators.reading.vocabulary import ANYBODY

if TYPE_CHECKING:
    from qunxing.indicators.reading.sentences import Sentence

BEFORE = re.compile(r"原本|原来|原先|过去|以前|从前|此前|传统|周期|用时|耗时|时间|[由从]$|要$|需")
CHANGED = re.compile(r"缩短|压缩|缩减|降[到至低]|减[少到至]|[现如]今?在?|只[需要用]|仅[需要用]?|就|变[为成]|完成")
AFTER = re.compile(r"^[^,。;]{0,6}?(?:就[^,。;”]{0,6}|即可[^,。;]{0,4}|内完成|完成了?)")
BACK = 14
UNITS = {"月", "周", "天", "小时", "分钟", "秒", "工作日"}


def cycle(sentence: "Sentence", topic: Topic) -> Iterator[Found]:
    times = [one for one in sentence.mentions if one.kind == TIME and one.quantity.unit in UNITS]
    for then, now in pairwise(times):
        if told_against(sentence.words, then, now):
            yield propose(sentence, then, now, topic)
            return


def told_against(words: str, then: Mention, now: Mention) -> bool:
    lead, between = words[max(0, then.start - BACK) : then.start], words[then.end : now.start]
    behind = words[now.end : now.end + 6]
    before = BEFORE.search(lead) or re.match(r"的?[^,。;]{0,6}周期", between)
    return before is not None and bool(CHANGED.search(between) or CHANGED.search(behind))


def propose(sentence: "Sentence", then: Mention, now: Mention, topic: Topic) -> Found:
    tail = AFTER.match(sentence.words[now.end :])
    lead = sentence.words[max(0, then.start - BACK) : then.start]
    word = re.search(r"(?:原本|原来|原先|过去|以前|从前|此前|[由从])[^,。;“”]*$", lead)
    start = then.start - (len(lead) - word.start() if word else 0)
    phrase, first, last = sentence.phrase(start, now.end + (tail.end() if tail else 0))
    who = who_of(sentence.words, now.start, sentence.named, topic, wanted=ANYBODY)
    as_of, _ahead = as_of_for(now.start, sentence.told, topic, sentence.words, FIRM)
    note = sentence.words[then.start : then.end]
    return Found(
        "cycle_time", who.name if who else "", now.quantity, "", as_of, phrase, first, last,
        now.rough or now.quantity.open, note=note,
    )  # fmt: skip
