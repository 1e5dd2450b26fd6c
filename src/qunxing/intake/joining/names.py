"""How alike two names of firms are, part by part; knows no Django models and asks nothing of a database.

A name is read as place, trade name, business and form: 上海 · 商汤 · 智能科技 · 有限公司. The trade name tells the
firm, the place tells it from its sisters, the business little, the form next to nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from qunxing.core.text import fold_name
from qunxing.intake.joining.places import LEADING, PROVINCE_OF_CITY, within
from qunxing.intake.joining.slips import heard, slip_likeness
from qunxing.intake.registering.likeness import PLACE

FORM = re.compile(
    r"(?:(?:控股)?(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司|(?:普通|有限|特殊普通)?合伙企业(?:有限合伙|普通合伙)?|集团|分公司|"
    r"研究院|研究所|研究中心|中心|大学|学院|医院|事务所|工作室|厂|coltd|co|ltd|inc|llc)++$"
)
BUSINESS_WORDS = (
    "人工智能|智能|智慧|信息|网络|数据|大数据|软件|科技|技术|计算机|电子|通信|通讯|互联网|云计算|数字|数智|量子|机器人|"
    "系统|工程|服务|咨询|发展|开发|研发|创新|实业|产业|投资|资产|股权|创业|基金|管理|文化|传媒|传播|广告|教育|医疗|健康|"
    "生物|医药|金融|汽车|能源|材料|设备|装备|制造|贸易|商务|电子商务|物流|供应链|自动化|集成|应用|国际|中国"
)
BUSINESS = re.compile(rf"(?:{BUSINESS_WORDS})$")
# Nothing is given back (++, *+): words that can be read in two ways would else take for ever (电子商务电子商务…).
# Words that tell no firm on their own: what stands before them is its trade name, a place too (金山软件, 临港经济发展).
TELLS_NOTHING = re.compile(
    rf"(?:{BUSINESS_WORDS}|经济|资本|建设|建筑|城市|城投|国资|国有|科创|园区|开发区|高科技|高科|创业园|产业园|科技园|科创园|控股|联合|地产|房地产|房产|置业|置地|"
    r"商业|商贸|旅游|文旅|交通|水务|环境|环保|新城|企业|银行|证券|保险|公共|公用|事业|经营|运营|人才|综合|基础|孵化器|孵化|"
    r"办公|办公云|游戏|在线|视频|世界|石化|化工|食品|药业|制药|钢铁|机械|电器|电气|电力|集团|股份)*+"
)
ORDERED = re.compile(r"[0-9]+|[一二三四五六七八九十甲乙丙丁东西南北]")
WEIGHTS = {"trade": 0.62, "place": 0.2, "business": 0.13, "form": 0.05}
THRESHOLD = 0.8  # pairs below it are not shown
LEAST_TRADE = 0.7  # names whose trade names are less alike are not weighed any further
ELSEWHERE = 0.6  # the most that two places which differ leave
SHORTEST = 2


class Why(StrEnum):
    """What speaks for two names being one firm's, or against it."""

    TRADE = "trade"
    SOUND = "sound"
    LOOK = "look"
    NEAR_TRADE = "near_trade"
    PLACE = "place"
    NO_PLACE = "no_place"
    NOWHERE = "nowhere"
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
    found = PLACE.search(key)
    place, rest = (found[1], key[: found.start()] + key[found.end() :]) if found else ("", key)
    place, rest = without_places(place, rest)
    bare, form = without_form(rest)
    trade = trade_name(bare)
    return Parts(place, trade or rest or key, bare[len(trade) :], form)


def without_places(place: str, rest: str) -> tuple[str, str]:
    """(place, rest) without the cities and quarters of the place that stand before the trade name.

    One that lies elsewhere is no place of the firm (北京金山软件), nor one with no trade name behind it (临港经济).
    """
    while (found := LEADING.match(rest)) and (not place or within(found[1], place)):
        left = rest[found.end() :]
        bare, _form = without_form(left)
        if len(bare) < SHORTEST or TELLS_NOTHING.fullmatch(bare):
            break
        place, rest = found[1] if found[1] in PROVINCE_OF_CITY else place, left
    return place, rest


def without_form(text: str) -> tuple[str, str]:
    """(what stands before the form, the form)."""
    form = FORM.search(text)
    return (text[: form.start()], form[0]) if form else (text, "")


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
    place, where = place_likeness(ours.place, theirs.place)
    shares = {
        "trade": trade,
        "place": place,
        "business": ratio(ours.business, theirs.business) / 100 if ours.business or theirs.business else 1.0,
        "form": float(ours.form == theirs.form),
    }
    score = sum(WEIGHTS[name] * share for name, share in shares.items())
    reasons = [reason, where]
    reasons += [why for why, name in ((Why.BUSINESS, "business"), (Why.FORM, "form")) if shares[name] == 1.0]
    if ORDERED.findall(ours.trade + ours.business) != ORDERED.findall(theirs.trade + theirs.business):
        return Likeness(min(score, ELSEWHERE), (*reasons, Why.ORDER))
    return Likeness(min(score, ELSEWHERE) if Why.ELSEWHERE in reasons else round(score, 3), tuple(reasons))


def trade_likeness(one: str, other: str) -> tuple[float, Why]:
    if one == other:
        return 1.0, Why.TRADE
    near = ratio(one, other) / 100
    slip = slip_likeness(one, other)
    if slip <= near:
        return near, Why.NEAR_TRADE
    return slip, Why.SOUND if heard(one) == heard(other) else Why.LOOK


def same_place(one: str, other: str) -> bool:
    """Whether the places are one, or one lies within the other."""
    return bool(one and other) and (within(one, other) or within(other, one))


def place_likeness(one: str, other: str) -> tuple[float, Why]:
    """Where neither names a place, that tells hardly less than the same place."""
    if same_place(one, other):
        return 1.0, Why.PLACE
    if one and other:
        return 0.0, Why.ELSEWHERE
    return (0.8, Why.NO_PLACE) if one or other else (0.9, Why.NOWHERE)
