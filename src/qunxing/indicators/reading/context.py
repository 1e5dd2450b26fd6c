"""What a sentence inherits: who was spoken of, as of when, whether of plans."""

import re
from dataclasses import dataclass
from datetime import date

from qunxing.indicators.reading.days import Told
from qunxing.indicators.reading.names import COMMUNITY, FIRM, HERE, PLACE, PLATFORM, Named, Names
from qunxing.indicators.reading.proposals import AsOf
from qunxing.indicators.reading.scopes import CITY, DISTRICT, NATION, SPACE, SURROUNDINGS, scope_word
from qunxing.indicators.reading.vocabulary import ANYBODY

BRIEFLY = 0  # the same in the report of a district, which mostly speaks of itself
REMEMBERED = 6  # sentences for which a name stays the topic
CARRIED = 3  # sentences for which a day that figures are as of holds
BREAK = re.compile(r"[,;:、]")
PLACES = {DISTRICT: "全区", CITY: "全市", NATION: "全国", "province": "全省"}
CALLED_SO = re.compile(r"园区|孵化器|孵化基地|创新社区|产业园|加速器")
WIDE = {DISTRICT, CITY, NATION, "province"}
DOUBTFUL = re.compile(r"[另外其他他们]|某")


@dataclass(frozen=True, slots=True)
class Who:
    """Whose figure it is, and the circle that follows from it."""

    name: str
    kind: str
    scope: str


@dataclass
class Topic:
    """What goes from sentence to sentence."""

    names: Names
    published: date | None
    default: AsOf | None
    community: Named | None = None
    anybody: Named | None = None
    age: int = REMEMBERED
    carried: AsOf | None = None
    carrying: int = 0
    heading_planned: bool = False
    place: str = ""  # the district or city whose report this is
    yuan: str = "元"
    circle: str = ""  # that of the last sentence of this paragraph, where it was wider than a community

    def next_sentence(self, found: list[Named], told: list[Told]) -> None:
        """Remember what this sentence named."""
        self.age += 1
        self.carrying -= 1
        for named in found:
            if named.kind == COMMUNITY:
                self.community, self.age = named, 0
            if named.kind in {COMMUNITY, FIRM}:
                self.anybody, self.age = named, 0
        firm = [one for one in told if one.firm and not one.ahead]
        if firm:
            self.carried, self.carrying = firm[-1].as_of, CARRIED

    def next_block(self) -> None:
        self.carrying = 0
        self.circle = ""

    def leave_circle(self, scopes: list[str]) -> None:
        """Remember for the rest of the paragraph that a sentence spoke of the district, the city or the nation."""
        if scopes:
            self.circle = scopes[-1] if scopes[-1] in WIDE else ""

    def circle_left(self, found: list[Named]) -> str:
        """The circle of the sentence before, for one that names nobody itself."""
        return "" if any(named.kind in {COMMUNITY, FIRM} for named in found) else self.circle


def who_of(sentence: str, start: int, found: list[Named], topic: Topic, *, wanted: str) -> Who | None:
    """Whose figure stands at `start`; None when nobody plausible was named."""
    holder = platform_of(sentence, start, found)
    if holder is not None:
        return Who(holder.name, PLATFORM, SPACE)
    before = [named for named in found if named.end <= start and named.kind in {COMMUNITY, FIRM}]
    named = before[-1] if before else None
    if named is None:
        named = remembered(sentence, start, found, topic, wanted)
    if named is None:
        return None
    if named.kind == FIRM:
        return Who(named.name, FIRM, "")
    if named.kind == PLACE:
        return Who(named.name, PLACE, CITY if named.name.endswith("市") else DISTRICT)
    return Who(f"{named.name}及周边", COMMUNITY, SURROUNDINGS) if named.around else Who(named.name, COMMUNITY, SPACE)


def platform_of(sentence: str, start: int, found: list[Named]) -> Named | None:
    """The platform that a list before it describes: 涵盖9大伙伴、超5万张卡的“算力调度平台”."""
    behind = [named for named in found if named.start > start and named.kind == PLATFORM]
    if behind and re.search(r"的“?$", sentence[: behind[0].start]) and "," not in sentence[start : behind[0].start]:
        return behind[0]
    return None


def remembered(sentence: str, start: int, found: list[Named], topic: Topic, wanted: str) -> Named | None:
    fresh = topic.age <= (REMEMBERED if not topic.place else BRIEFLY)
    if wanted == ANYBODY and topic.anybody is not None and fresh and not HERE.search(sentence[:start]):
        return topic.anybody
    behind = [named for named in found if named.kind == COMMUNITY]
    if behind and wanted != ANYBODY:
        return behind[0]
    if topic.community is not None and fresh:
        return Named(0, 0, topic.community.name, COMMUNITY)
    if topic.place:
        return Named(0, 0, topic.place, PLACE)
    main = topic.names.main or nameless(sentence[:start], wanted)
    return Named(0, 0, main, COMMUNITY) if main and wanted else None


def nameless(before: str, wanted: str) -> str:
    """What a text calls its community where it gives no name at all: the park, the incubator."""
    found = None if wanted == ANYBODY else CALLED_SO.search(before)
    return found[0] if found else ""


def circle_of(sentence: str, start: int, left: int) -> str:
    """The circle that the words right before a quantity name; "" for none."""
    clause = sentence[left:start]
    cut = max((found.end() for found in BREAK.finditer(clause[:-1])), default=0)
    return scope_word(clause[cut:])


def place_who(circle: str, topic: Topic) -> Who:
    """The district, the city, the nation as the one whose figure it is."""
    districts = topic.names.districts
    name = f"{next(iter(districts))}区" if circle == DISTRICT and len(districts) == 1 else PLACES.get(circle, circle)
    return Who(name, PLACE, circle)


def as_of_for(start: int, told: list[Told], topic: Topic, sentence: str, who: str = "") -> tuple[AsOf | None, bool]:
    """Of when the quantity at `start` speaks, and whether that time is still to come."""
    before = [one for one in told if one.start < start]
    chosen = next((one for one in reversed(before) if one.firm), None) or (before[-1] if before else None)
    if chosen is None:
        chosen = next((one for one in told if one.firm and sentence[one.start - 4 : one.start].find("(") >= 0), None)
    if chosen is not None:
        return chosen.as_of or article_as_of(topic), chosen.ahead
    if topic.carrying > 0 and who != FIRM:
        return topic.carried, False
    return article_as_of(topic), False


def article_as_of(topic: Topic) -> AsOf | None:
    return topic.default
