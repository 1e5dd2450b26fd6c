"""Made-up firms and scenarios with words as they are spread in real text: a few stand everywhere, most are rare."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from qunxing.matching.engine import Profile, Synonyms

COMMON = (
    "的是在和与为等对中了及可将从由其并该有能用于通过实现提供支持进行企业用户系统平台技术数据服务应用研究开发建设管理"
)
CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
INVENTED = 40_000
TOPICS = 2_000
OWN = 60


class Words:
    """Draws words after Zipf, half of them from a topic's own: those of the trade, then invented ones."""

    def __init__(self, chance: random.Random) -> None:
        trade = sorted(word for word in Synonyms.shipped().groups if not word.isascii())
        made = {"".join(chance.choices(CHARACTERS, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(INVENTED)}
        self.words = [*COMMON, *trade, *sorted(made)]
        self.weights = list(accumulate(1 / (place + 10) for place in range(len(self.words))))
        self.chance = chance
        self.topics = [chance.choices(self.words, cum_weights=self.weights, k=OWN) for _topic in range(TOPICS)]
        self.spread = list(accumulate(1 / (place + 3) for place in range(OWN)))

    def phrase(self, topic: int, count: int) -> str:
        own = self.chance.choices(self.topics[topic], cum_weights=self.spread, k=count // 2)
        drawn = [*own, *self.chance.choices(self.words, cum_weights=self.weights, k=count - len(own))]
        self.chance.shuffle(drawn)
        return "".join(drawn)

    def text(self, topic: int, count: int) -> str:
        """Sentences of about twelve words."""
        return "。".join(self.phrase(topic, min(12, count - start)) for start in range(0, count, 12))

    def topic(self) -> int:
        return self.chance.randrange(TOPICS)


def firms(words: Words, count: int) -> Iterator[Profile]:
    """A name with a product, a description, and what was filed and delivered."""
    for number in range(count):
        codes = tuple(f"field.{code}" for code in words.chance.sample(range(60), 2))
        topic = words.topic()
        yield Profile(f"firm-{number:06}", words.phrase(topic, 5), words.text(topic, 30), words.text(topic, 40), codes)


def scenarios(words: Words, count: int) -> Iterator[Profile]:
    for number in range(count):
        codes = (f"field.{words.chance.randrange(60)}",)
        topic = words.topic()
        yield Profile(f"scenario-{number:04}", words.phrase(topic, 6), words.text(topic, 80), codes=codes)


def masks(count: int, needs: Sequence[Profile], share: float) -> Iterator[NDArray[np.bool_]]:
    """Who meets all conditions of each need: a random share of all firms, as conditions would leave it."""
    chance = np.random.default_rng(7)
    for _need in needs:
        yield chance.random(count) < share
