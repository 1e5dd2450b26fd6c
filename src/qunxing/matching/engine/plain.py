"""The plain formula that the engine has to beat: BM25 over words, the need's title five times and its text once."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from qunxing.core.text import fold
from qunxing.matching.engine.profiles import Profile
from qunxing.matching.engine.terms import cut

K1: Final = 1.2
B: Final = 0.75
TITLE: Final = 5


class Plain:
    """Robertson and Zaragoza (2009), 3: every word as it comes, frequencies of the query multiplied in."""

    def __init__(self, supplies: Sequence[Profile]) -> None:
        self.keys = [supply.key for supply in supplies]
        self.rows = {key: row for row, key in enumerate(self.keys)}
        counts = [self.words(f"{supply.title} {supply.text} {supply.history}") for supply in supplies]
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        mean = sum(count.total() for count in counts) / max(len(counts), 1) or 1.0
        for row, count in enumerate(counts):
            scale = K1 * (1 - B + B * count.total() / mean)
            for word, number in count.items():
                self.postings[word].append((row, number * (K1 + 1) / (number + scale)))

    @staticmethod
    def words(text: str) -> Counter[str]:
        return Counter(word for word in cut(fold(text)) if word.strip())

    def rank(self, need: Profile, limit: int, among: Collection[str] | None) -> list[str]:
        """The keys of the best, best first, ties by key; all that are asked for, or those that match at all."""
        scores = self.scores(need)
        keys = [self.keys[row] for row in scores] if among is None else [key for key in among if key in self.rows]
        return sorted(keys, key=lambda key: (-scores.get(self.rows[key], 0.0), key))[:limit]

    def scores(self, need: Profile) -> dict[int, float]:
        asked = Counter({word: TITLE * number for word, number in self.words(need.title).items()})
        asked.update(self.words(need.text))
        found: dict[int, float] = defaultdict(float)
        for word, number in asked.items():
            rows = self.postings.get(word, ())
            inverse = math.log1p((len(self.keys) - len(rows) + 0.5) / (len(rows) + 0.5))
            for row, value in rows:
                found[row] += number * inverse * value
        return found
