"""How alike two names of firms are, part by part; knows no Django models and asks nothing of a database.

A name is read as place, trade name, business and form: 上海 · 商汤 · 智能科技 · 有限公司. The trade name tells the
firm, the place tells it from its sisters, the business little, the form next to nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from rapidfuzz.fuzz import ratio

from qunxing.core.text import fold_name, pinyin
from qunxing.intake.registering.likeness import CITIES, PLACE, shortened

FORM = re.compile(
    r"(?:(?:控股)?(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司|(?:普通|有限|特殊普通)?合伙企业(?:有限合伙|普通合伙)?|集团|分公司|"
    r"研究院|研究所|研究中心|中心|大学|学院|医院|事务所|工作室|厂|coltd|co|ltd|inc|llc)+$"
)
DISTRICTS = (
    "徐汇|黄浦|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|浦东新|浦东|金山|松江|青浦|奉贤|崇明|临港|张江|漕河泾|"
    "海淀|朝阳|东城|西城|丰台|石景山|通州|南山|福田|前海|余杭|滨江|西湖|天河|黄埔|番禺"
)
LEADING = re.compile(rf"^(?:{DISTRICTS}|{CITIES})(?:区|市|县|自贸区|新区)?")
BUSINESS = re.compile(
    r"(?:人工智能|智能|智慧|信息|网络|数据|大数据|软件|科技|技术|计算机|电子|通信|通讯|互联网|云计算|数字|数智|量子|机器人|"
    r"系统|工程|服务|咨询|发展|开发|研发|创新|实业|产业|投资|资产|股权|创业|基金|管理|文化|传媒|传播|广告|教育|医疗|健康|"
    r"生物|医药|金融|汽车|能源|材料|设备|装备|制造|贸易|商务|电子商务|物流|供应链|自动化|集成|应用|国际|中国)$"
)
ORDERED = re.compile(r"[0-9]+|[一二三四五六七八九十甲乙丙丁东西南北]")
WEIGHTS = {"trade": 0.62, "place": 0.2, "business": 0.13, "form": 0.05}
THRESHOLD = 0.8  # pairs below it are not shown
LEAST_TRADE = 0.7  # names whose trade names are less alike are not weighed any further
ELSEWHERE = 0.6  # the most that two places which differ leave
MOST_ALIKE = 30  # more names in one block tell nothing: 华为, or a word that is no trade name
SHORTEST = 2
LEAST_WEIGHED = 60  # of a hundred
Named = tuple[int, str, str]  # key, name, trade name


class Why(StrEnum):
    """What speaks for two names being one firm's, or against it."""

    TRADE = "trade"
    SOUND = "sound"
    NEAR_TRADE = "near_trade"
    PLACE = "place"
    NO_PLACE = "no_place"
    ELSEWHERE = "elsewhere"
    BUSINESS = "business"
    FORM = "form"
    ORDER = "order"


@dataclass(frozen=True)
class Parts:
    """A folded name in its parts; any of them may be empty but the trade name, which then is all of it."""

    place: str
    trade: str
    business: str
    form: str


@dataclass(frozen=True)
class Likeness:
    """From 0 to 1, with what it comes from."""

    score: float
    reasons: tuple[Why, ...] = ()


@lru_cache(maxsize=200_000)
def split(name: str) -> Parts:
    """The parts of a name, wherever its place stands: before, within brackets, or nowhere."""
    key = fold_name(name)
    place = PLACE.search(key)
    rest = key[: place.start()] + key[place.end() :] if place else key
    district = LEADING.match(rest)
    rest = rest[district.end() :] if district and len(rest) - district.end() >= SHORTEST else rest
    form = FORM.search(rest)
    bare = rest[: form.start()] if form else rest
    trade = trade_name(bare)
    return Parts(place[1] if place else "", trade or rest or key, bare[len(trade) :], form[0] if form else "")


def trade_name(text: str) -> str:
    """What is left when the words of a business are taken off the end, at least two letters."""
    while (found := BUSINESS.search(text)) and found.start() >= SHORTEST:
        text = text[: found.start()]
    return text


def compare(one: str, other: str) -> Likeness:
    """How alike two names are."""
    ours, theirs = split(one), split(other)
    trade, reason = trade_likeness(ours.trade, theirs.trade)
    if trade < LEAST_TRADE:
        return Likeness(0.0)
    shares = {
        "trade": trade,
        "place": place_likeness(ours.place, theirs.place),
        "business": ratio(ours.business, theirs.business) / 100 if ours.business or theirs.business else 1.0,
        "form": float(ours.form == theirs.form),
    }
    score = sum(WEIGHTS[name] * share for name, share in shares.items())
    reasons = [reason, place_reason(ours.place, theirs.place)]
    reasons += [why for why, name in ((Why.BUSINESS, "business"), (Why.FORM, "form")) if shares[name] == 1.0]
    if ORDERED.findall(ours.trade + ours.business) != ORDERED.findall(theirs.trade + theirs.business):
        return Likeness(min(score, ELSEWHERE), (*reasons, Why.ORDER))
    return Likeness(min(score, ELSEWHERE) if Why.ELSEWHERE in reasons else round(score, 3), tuple(reasons))


def trade_likeness(one: str, other: str) -> tuple[float, Why]:
    if one == other:
        return 1.0, Why.TRADE
    if len(one) == len(other) and pinyin(one) == pinyin(other):
        return 0.95, Why.SOUND
    return ratio(one, other) / 100, Why.NEAR_TRADE


def place_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return 0.0 if one and other else 0.8


def place_reason(one: str, other: str) -> Why:
    if one == other:
        return Why.PLACE
    return Why.ELSEWHERE if one and other else Why.NO_PLACE


def near_pairs(names: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, Likeness]]:
    """(key, key, likeness) of names that may be one firm's; `names` are (key, name), a key may have several names.

    Only names whose trade names are equal or a letter apart are weighed, so that a hundred thousand take seconds.
    """
    blocks: dict[str, list[Named]] = defaultdict(list)
    for key, name in names:
        trade = split(name).trade
        for word in words_of(trade):
            blocks[word].append((key, name, trade))
    best: dict[tuple[int, int], Likeness] = {}
    for word, block in blocks.items():
        for pair, found in weighed(word, block):
            if pair not in best or found.score > best[pair].score:
                best[pair] = found
    yield from ((first, second, found) for (first, second), found in best.items())


def words_of(trade: str) -> set[str]:
    """What two trade names a letter apart have in common; short ones are compared as they are."""
    return shortened(trade) if len(trade) > SHORTEST else {trade}


def weighed(word: str, block: list[Named]) -> Iterator[tuple[tuple[int, int], Likeness]]:
    if not 1 < len(block) <= MOST_ALIKE:
        return
    for (key, name, trade), (other, their_name, their_trade) in combinations(block, 2):
        if key == other or not worth(word, trade, their_trade):
            continue
        found = compare(name, their_name)
        if found.score >= THRESHOLD:
            yield (min(key, other), max(key, other)), found


def worth(word: str, one: str, other: str) -> bool:
    """Whether the names are to be weighed in the block of this word: equal trade names are in that of their own."""
    return word == one if one == other else ratio(one, other, score_cutoff=LEAST_WEIGHED) > 0
