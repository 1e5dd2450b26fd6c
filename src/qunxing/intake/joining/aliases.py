"""Which firm a short name means: 面壁智能 is 北京面壁智能科技有限责任公司; knows no Django models and asks no database.

A name is weighed by how much of the firm's own name it tells, by the place, and by who else might be meant. Whoever is
accepted without a person looking must be beyond doubt; a pair below that is shown.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from qunxing.core.text import fold_name
from qunxing.intake.joining.names import BUSINESS, trade_name
from qunxing.intake.joining.places import DISTRICTS, where
from qunxing.intake.registering.likeness import CITIES, PLACE

ACCEPTED = 0.9  # from here on a short name may become a name of the firm without a person looking
SHOWN = 0.6  # from here on a pair is shown to a person
MARGIN = 0.05  # a rival as near as this makes the name ambiguous
UNDECIDED = 0.8  # the most that a name has which may mean another firm, or only a part of one
MOST_SHOWN = 3  # firms for one short name
SHORT = 2  # letters of a trade name that many firms bear

COMPANY = re.compile(r"(?:(?:控股)?(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司|集团|控股|股份)++$")
HOUSE = re.compile(
    r"(?:大学|学院|学校|医院|研究院|研究所|研究中心|实验室|中心|事务所|分公司|分行|分院|委员会|电视总台)$"
)
BRANCH = re.compile(r"(?:分公司|分行|支行|分院|分部|办事处|代表处)$")
BRACKET = re.compile(r"[(（]([^()（）]*)[)）]")
SEVERAL = re.compile(r"[+＋&＆、/／]|\s和\s")
GENERIC = re.compile(r"(?:科技|技术|智能|人工智能|信息|信息技术|网络|软件|数据|数科|ai)*+")
OTHER_BUSINESS = re.compile(
    r"(?<=..)(?:研究|基础|应用|企业|运营|新能源|集成电路|半导体|芯片|证券|保险|银行|信托|新媒体|乳业|药业|制药|化工|电器|电气|电力|语音|"
    r"视觉|无人机|航空|置业|地产|食品)$"
)
LEADING = re.compile(rf"^(?:(?:{CITIES})市?|(?:{DISTRICTS})(?:区|市|县|新区))(?=..)")
PLACES = re.compile(rf"(?:中国|{DISTRICTS}|{CITIES})(?:区|市|县|新区)?")


class Sign(StrEnum):
    """What speaks for a short name meaning a firm, or against it."""

    SAME = "same"
    WHOLE = "whole"
    TRADE = "trade"
    BEGINS = "begins"
    WITHIN = "within"
    ORDER = "order"
    PLACE = "place"
    ELSEWHERE = "elsewhere"
    UNIQUE = "unique"
    BRANCH = "branch"
    GROUP = "group"
    SEVERAL = "several"
    BUSINESS = "business"
    AMBIGUOUS = "ambiguous"


FITS = {
    Sign.SAME: 1.0,
    Sign.WHOLE: 0.94,
    Sign.TRADE: 0.91,
    Sign.BEGINS: 0.82,
    Sign.BUSINESS: 0.7,
    Sign.WITHIN: 0.66,
    Sign.ORDER: 0.5,
}


@dataclass(frozen=True)
class Short:
    """A name as people write it, and where the firm is as far as that is told."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class Entity:
    """A firm by its full name; `key` is the caller's own."""

    key: int
    name: str
    place: str = ""


@dataclass(frozen=True)
class Match:
    """A firm that a short name may mean."""

    entity: Entity
    score: float
    signs: tuple[Sign, ...]

    @property
    def accepted(self) -> bool:
        return self.score >= ACCEPTED


@dataclass(frozen=True)
class Outline:
    """A name without its place and without the form of a company; `trade` tells the firm."""

    key: str
    text: str
    trade: str
    place: tuple[str, str]
    regional: bool = False

    @property
    def business(self) -> str:
        return self.text[len(self.trade) :]


def outline(name: str, place: str = "") -> Outline:
    """The parts that are compared; a place that is told apart from the name goes before the one within it."""
    key = fold_name(name)
    named = PLACE.search(key)
    rest = key[: named.start()] + key[named.end() :] if named else key
    text = COMPANY.sub("", LEADING.sub("", rest)) or rest or key
    trade = text if HOUSE.search(text) else bare_trade(text)
    in_brackets = any(named and named[1] in inner for inner in BRACKET.findall(name))
    home = where(place) if place and where(place)[0] else where(named[0] if named else "")
    regional = named is not None and named.start() > 0 and not in_brackets
    return Outline(key, text, trade, home, regional)


def bare_trade(text: str) -> str:
    """The trade name, also before 基础技术研究 and the like."""
    while (left := trade_name(OTHER_BUSINESS.sub("", trade_name(text)))) != text:
        text = left
    return text


def place_sign(short: Outline, entity: Outline) -> Sign | None:
    """Whether the places agree; nothing where one is not known."""
    (ours, our_city), (theirs, their_city) = short.place, entity.place
    if not ours or not theirs:
        return None
    apart = ours != theirs or (our_city and their_city and our_city != their_city)
    return Sign.ELSEWHERE if apart else Sign.PLACE


def fit(short: Outline, entity: Outline) -> Sign | None:
    """How the short name lies within the full one; nothing where it does not."""
    if short.key == entity.key:
        return Sign.SAME
    if HOUSE.search(short.text) or HOUSE.search(entity.text):
        return near_fit(short, entity) if short.text != entity.text else Sign.WITHIN
    if short.text == entity.text or (entity.text.startswith(short.text) and short.text.startswith(entity.trade)):
        return Sign.WHOLE
    if short.trade == entity.trade:
        return Sign.TRADE if GENERIC.fullmatch(short.business + entity.business) else Sign.BUSINESS
    if entity.text.startswith(short.text):
        return Sign.BEGINS
    return near_fit(short, entity)


def near_fit(short: Outline, entity: Outline) -> Sign | None:
    if short.text in entity.key:
        return Sign.WITHIN
    letters = iter(entity.key)
    in_order = len(short.text) > SHORT and all(letter in letters for letter in short.text)
    return Sign.ORDER if in_order else None


def tells_nothing(short: Outline) -> bool:
    """Whether the name is but a place or a word of a business: 张江, 智能科技."""
    bare = PLACES.sub("", short.text)
    rest = short.trade
    while found := BUSINESS.search(rest):
        rest = rest[: found.start()]
    return not bare or not rest or len(short.text) < SHORT


class Register:
    """Firms to be asked who of them a short name means; a name that stands there twice counts once."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities: list[Entity] = []
        self.outlines: list[Outline] = []
        self.letters: dict[str, set[int]] = defaultdict(set)
        seen: set[str] = set()
        for entity in entities:
            known = outline(entity.name, entity.place)
            if known.key and known.key not in seen:
                seen.add(known.key)
                self.add(entity, known)

    def add(self, entity: Entity, known: Outline) -> None:
        for letter in set(known.key):
            self.letters[letter].add(len(self.entities))
        self.entities.append(entity)
        self.outlines.append(known)

    def having(self, text: str) -> list[int]:
        """The firms whose names have all these letters."""
        found = sorted((self.letters.get(letter, set()) for letter in set(text)), key=len)
        return sorted(set.intersection(*found)) if found else []

    def propose(self, short: Short) -> list[Match]:
        """The firms that the name may mean and that are worth showing, the likeliest first."""
        first, *others = SEVERAL.split(short.text)
        asked = outline(BRACKET.sub(self.kept_bracket, first), short.place)
        if tells_nothing(asked) or not asked.text:
            return []
        matches = [match for at in self.having(asked.trade) if (match := self.weigh(asked, at))]
        if others:
            matches = [capped(match, Sign.SEVERAL) for match in matches]
        matches.sort(key=lambda match: (-match.score, match.entity.name))
        return [match for match in settle(matches) if match.score >= SHOWN][:MOST_SHOWN]

    @staticmethod
    def kept_bracket(found: re.Match[str]) -> str:
        """A bracket stays that tells a place; others are remarks."""
        return found[0] if where(found[1])[0] else ""

    def weigh(self, asked: Outline, at: int) -> Match | None:
        entity = self.outlines[at]
        sign = fit(asked, entity)
        if sign is None:
            return None
        place = place_sign(asked, entity)
        unique = sign is not Sign.SAME and self.is_unique(asked, at)
        signs = [sign, *([place] if place else []), *([Sign.UNIQUE] if unique else [])]
        match = Match(self.entities[at], round(score(asked, sign, signs, entity), 3), tuple(signs))
        doubt = doubt_of(asked, entity)
        return capped(match, doubt) if doubt and sign is not Sign.SAME else match

    def is_unique(self, asked: Outline, at: int) -> bool:
        """Whether no other firm has the trade name anywhere in its own."""
        others = (self.outlines[other].key for other in self.having(asked.trade) if other != at)
        return not any(asked.trade in other for other in others)


def score(asked: Outline, sign: Sign, signs: Iterable[Sign], entity: Outline) -> float:
    """From 0 to 1; a trade name of two letters needs more to speak for it than a longer one."""
    if sign is Sign.SAME:
        return FITS[sign]
    value = FITS[sign]
    told = set(signs)
    if sign is Sign.ORDER:
        value += 0.2 * len(asked.text) / len(entity.text)
    value += 0.04 * (Sign.PLACE in told) - 0.2 * (Sign.ELSEWHERE in told) + 0.02 * (Sign.UNIQUE in told)
    if not asked.key.endswith("集团") and len(asked.trade) <= SHORT:
        value -= lack(asked, told)
    return max(0.0, min(1.0, value))


def lack(asked: Outline, told: set[Sign]) -> float:
    """What a trade name of two letters takes off: most where it stands alone, nothing where the place agrees."""
    if len(asked.text) <= SHORT:
        return 0.12
    if Sign.PLACE in told:
        return 0.0
    return 0.05 if GENERIC.fullmatch(asked.business) else 0.03


def doubt_of(asked: Outline, entity: Outline) -> Sign | None:
    """Whether the firm may be only a part of what is meant: a branch, or one firm of a group."""
    if entity.regional or BRANCH.search(entity.key):
        return Sign.BRANCH
    return Sign.GROUP if asked.key.endswith("集团") and "集团" not in entity.key else None


def capped(match: Match, sign: Sign) -> Match:
    return replace(match, score=min(match.score, UNDECIDED), signs=(*match.signs, sign))


def settle(matches: list[Match]) -> list[Match]:
    """With the first and its rivals lowered where they are too close to call."""
    if len(matches) < 2 or matches[0].score - matches[1].score >= MARGIN or Sign.SAME in matches[0].signs:
        return matches
    near = matches[0].score - MARGIN
    return [capped(match, Sign.AMBIGUOUS) if match.score > near else match for match in matches]


def propose(shorts: Iterable[Short], entities: Iterable[Entity]) -> list[tuple[Short, list[Match]]]:
    """Each short name with the firms that it may mean, the likeliest first."""
    register = Register(entities)
    return [(short, register.propose(short)) for short in shorts]
