"""Names nearly alike: a slip of the hand, or the same but for the form of the company and where its place stands.

A place elsewhere makes another firm, and so does a letter of its trade name, unless that is written as it sounds.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from rapidfuzz.distance import OSA

from qunxing.core.regions import PROVINCES
from qunxing.core.text import pinyin

FORM = re.compile(r"(?:股份)?(?:有限)?(?:责任)?(?:公司|合伙企业)?(?:普通合伙|有限合伙)?$")
CITIES = (
    "广州|深圳|杭州|南京|成都|武汉|苏州|西安|合肥|厦门|宁波|青岛|济南|长沙|郑州|福州|大连|沈阳|无锡|东莞|佛山|珠海|"
    "昆明|贵阳|南宁|南昌|太原|石家庄|哈尔滨|长春|海口|兰州|银川|西宁|乌鲁木齐|呼和浩特|拉萨|温州|嘉兴|绍兴|常州|泉州"
)
PLACE = re.compile(rf"({'|'.join(province.name for province in PROVINCES)}|{CITIES})(?:省|市|特别行政区)?")
ORDERED = re.compile(r"[0-9a-z一二三四五六七八九十百千甲乙丙丁东西南北中上下]")
TRADE_NAME = 4  # letters that tell the firm; after them, what it does
SHORTEST = 5
MOST_ALIKE = 8  # more than so many names a letter apart are sisters, or counted
MOST_NEW = 20_000  # beyond that many new names only equal outlines are looked for


def outline(key: str) -> tuple[str, str]:
    """(place, what is left) of a folded name; alike for 上海商汤智能科技有限公司 and 商汤智能科技(上海)股份有限公司."""
    place = PLACE.search(key)
    left = key[: place.start()] + key[place.end() :] if place else key
    return (place[1] if place else "", FORM.sub("", left))


def near_pairs(new: dict[str, str], stored: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(other, new) names that are nearly alike; `new` is {key: name}, `stored` gives (key, name)."""
    index = Index(new)
    slips: list[tuple[str, str]] = []
    for key, name in stored:
        if key not in new:
            yield from ((name, new[other]) for other in index.equal(key))
            slips += [(name, new[other]) for other in index.slips(key)]
    for key, name in new.items():
        later = index.after(key)
        yield from ((name, new[other]) for other in index.equal(key) if later(other))
        slips += [(name, new[other]) for other in index.slips(key) if later(other)]
    times = Counter(name for pair in slips for name in pair)
    yield from (pair for pair in slips if max(times[name] for name in pair) == 1)


class Index:
    """The new names by what they look like."""

    def __init__(self, new: dict[str, str]) -> None:
        self.order = {key: place for place, key in enumerate(new)}
        self.lefts: dict[str, str] = {}
        self.outlines: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.pieces: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in new:
            place, left = outline(key)
            self.lefts[key] = left
            self.outlines[place, left].append(key)
            if len(left) >= SHORTEST and len(new) <= MOST_NEW:
                for piece in shortened(left):
                    self.pieces[place, piece].append(key)

    def equal(self, key: str) -> Iterator[str]:
        """Keys of the new names with the same outline, itself left out."""
        place, left = outline(key)
        if len(left) >= SHORTEST - 1:
            yield from (other for other in self.outlines.get((place, left), ()) if other != key)

    def slips(self, key: str) -> list[str]:
        """Keys of the new names that are a letter from it."""
        place, left = outline(key)
        if not self.pieces or len(left) < SHORTEST:
            return []
        found = (self.pieces.get((place, piece), ()) for piece in shortened(left))
        near = {other for others in found if len(others) <= MOST_ALIKE for other in others}
        return sorted((other for other in near if is_slip(left, self.lefts[other])), key=self.order.__getitem__)

    def after(self, key: str) -> Callable[[str], bool]:
        """Whether a name comes later than that one, so that a pair is found once."""
        place = self.order[key]
        return lambda other: self.order[other] > place


def shortened(text: str) -> set[str]:
    """The text, and the text without each one of its letters: two texts a letter apart have one of these in common."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def is_slip(one: str, other: str) -> bool:
    """Whether two letters were swapped, one mistaken for its homophone, or one mistyped behind the trade name."""
    if one == other or OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    start = alike(one, other)
    ours, theirs = differing(one[start:], other[start:])
    if ORDERED.search(ours + theirs):
        return False
    return start >= TRADE_NAME or ours == theirs[::-1] or pinyin(ours) == pinyin(theirs)


def differing(one: str, other: str) -> tuple[str, str]:
    """What is left of both without their common end."""
    end = alike(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (ours, theirs) in enumerate(pairs) if ours != theirs), min(len(one), len(other)))
