"""Which indicator a quantity is, by the words about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qunxing.indicators.quantities import Mention
from qunxing.indicators.reading.vocabulary import RULES, Rule

REACH = 48
BRACKETS = re.compile(r"^\([^()]*\)")
STOP = re.compile(r"[,。;:!?)]")
RISEN = re.compile(
    r"(?:增至|增加到|增加至|上升到|升至|增长到|增长至|扩大到|扩大至|跃升至|提高到|提升至|发展到|扩展到|→|到)[了约近]?$"
)
LEADING = re.compile(r"^[,、;:。“”()\s]*(?:其中|并|且|和|以及|及)?")


@dataclass(frozen=True, slots=True)
class Matched:
    """The rule that fits, and the stretch of the sentence that says so."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Around:
    """What stands before and behind a quantity, no further than the next ones."""

    before: str
    after: str
    after_start: int


def around(sentence: str, mentions: Sequence[Mention], place: int) -> Around:
    mention = mentions[place]
    left = mentions[place - 1].end if place else 0
    right = mentions[place + 1].start if place + 1 < len(mentions) else len(sentence)
    after = sentence[mention.end : right]
    skipped = BRACKETS.match(after)
    start = mention.end + (skipped.end() if skipped else 0)
    after = sentence[start:right]
    stop = STOP.search(after)
    return Around(
        sentence[max(left, mention.start - REACH) : mention.start], after[: stop.start()] if stop else after, start
    )


def match_rule(mention: Mention, about: Around) -> Matched | None:
    """The first rule that fits the quantity and its words."""
    for rule in RULES:
        if mention.kind in rule.kinds and (not rule.units or mention.word in rule.units):
            found = fits(rule, mention, about)
            if found is not None:
                return found
    return None


def fits(rule: Rule, mention: Mention, about: Around) -> Matched | None:
    start, end = mention.start, mention.end
    if rule.before is not None:
        before = rule.before.search(about.before)
        if before is None:
            return None
        start = mention.start - len(about.before) + before.start()
    if rule.after is not None:
        after = rule.after.match(about.after)
        if after is None:
            return None
        end = about.after_start + after.end()
    return Matched(rule, start, end)


def risen_from(sentence: str, mentions: Sequence[Mention], place: int) -> bool:
    """Whether the quantity is where the one before it has risen to: 从80家增至120家."""
    if not place:
        return False
    one, other = mentions[place - 1], mentions[place]
    between = sentence[one.end : other.start]
    from_word = re.search(r"[从由]", sentence[max(0, one.start - 8) : one.start]) is not None
    return one.kind == other.kind and len(between) < 16 and RISEN.search(between) is not None and from_word
