"""One sentence read: each of its quantities with indicator, subject, scope and time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qunxing.indicators.quantities import Mention, Quantity
from qunxing.indicators.quantities.units import COUNT, TIME
from qunxing.indicators.reading import cycles, events
from qunxing.indicators.reading.context import Topic, Who, as_of_for, circle_of, place_who, who_of
from qunxing.indicators.reading.days import Told
from qunxing.indicators.reading.folding import Folded
from qunxing.indicators.reading.matching import Matched, around, match_rule, risen_from
from qunxing.indicators.reading.names import COMMUNITY, FIRM, FUND_NAME, PLACE, PLATFORM, Named
from qunxing.indicators.reading.proposals import BUILDING, PLANNED, AsOf, Found
from qunxing.indicators.reading.scopes import CITY, DISTRICT, NATION, scope_of_fund, scope_word
from qunxing.indicators.reading.vocabulary import BUILDING as BUILDING_WORD
from qunxing.indicators.reading.vocabulary import COMMUNITY as OF_COMMUNITY
from qunxing.indicators.reading.vocabulary import COUNTED, FUND, TARGET

TRIM = re.compile(r"^[,、;:。“”()\s]*(?:其中|并|且|以及)?")
ABOUT = re.compile(r"约(?:占|为|有)?[^,。;]{0,12}$")
GENERIC_FUND = re.compile(r"^(?:的|规模|产业|创新|天使|种子|投资|引导|专项|首期|总|一支|基金|资本)*$")
OPENING = re.compile(r"^(?:[^,。]{0,12},)?(?:全[市区省国]|[我本][市区省国])(?:现有|共有|累计|已有|拥有)")
CLAUSE = re.compile(r"[,、;:。!?“”()]")
LEAD, TRAIL = 16, 8
NEW = re.compile(r"新增|净增|新认定|新培育|新获批|新备案|新通过|新引进")
STOCKS = frozenset({
    "unicorns", "gazelles", "high_tech_firms", "specialised_firms", "listed_firms", "filed_models", "patents", "models",
    "filed_models_landed", "registered_services", "algorithm_filings", "patents_granted", "talent", "scenarios",
    "clustered_llm_firms",
})  # fmt: skip
NEWLY = {
    "filed_models": "models_newly_filed",
    "filed_models_landed": "models_newly_filed",
    "registered_services": "services_newly_registered",
    "algorithm_filings": "algorithms_newly_filed",
}
WIDE = {CITY, NATION, "province"}
PARTNER = re.compile(r"伙伴|供应商|企业|机构|公司|厂商")
EACH = re.compile(r"每(?:[周月年天日家个名位人户款]|季度)|单[个家户]|平均|人均|户均|最高(?:给予|不超过)?$")
LEVEL = re.compile(r"市级|市里|区级|(?<![社园])区里")
WILL = re.compile(r"将(?:提升|提高|达到?|扩大|扩展|增至|增加|建成|超过|突破|新增)")
LASTING = re.compile(r"力争|计划|预计|目标|争取|到20[2-9][0-9]年")


@dataclass(frozen=True)
class Sentence:
    """A folded sentence with all that was found in it; `offset` is its place in the folded block."""

    text: str
    folded: Folded
    offset: int
    words: str
    mentions: list[Mention]
    named: list[Named]
    told: list[Told]

    def phrase(self, start: int, end: int) -> tuple[str, int, int]:
        """(phrase, start, end) in the text itself; marks at its beginning are left out."""
        lead = TRIM.match(self.words[start:end])
        start += lead.end() if lead and lead.end() < end - start else 0
        first, last = self.folded.original(self.offset + start, self.offset + end)
        return self.text[first:last], first, last


def read_sentence(sentence: Sentence, topic: Topic) -> Iterator[Found]:
    yield from events.unveiled(sentence, topic)
    found: list[tuple[Mention, Matched, Found]] = []
    for place, mention in enumerate(sentence.mentions):
        if mention.kind == TIME:
            continue
        one = read_mention(sentence, place, topic, found)
        if one is None:
            continue
        if risen_from(sentence.words, sentence.mentions, place) and found:
            found.pop()
        found.append(one)
    topic.leave_circle([one.scope for _mention, matched, one in found if matched.rule.subject == OF_COMMUNITY])
    yield from (one for _mention, _matched, one in found)
    yield from cycles.cycle(sentence, topic)


def counted_bare(sentence: Sentence, mention: Mention) -> Mention:
    """用户突破300万: a large number that ends its clause counts ones."""
    words = sentence.words
    large = mention.kind == "" and words[mention.end - 1] in "万亿余多" and CLAUSE.match(words + ",", mention.end)
    if not large:
        return mention
    quantity = mention.quantity.scaled(Decimal(1), "个")
    return Mention(mention.start, mention.end, quantity, COUNT, "个", mention.rough)


def read_mention(
    sentence: Sentence, place: int, topic: Topic, before: list[tuple[Mention, Matched, Found]]
) -> tuple[Mention, Matched, Found] | None:
    mention = counted_bare(sentence, sentence.mentions[place])
    matched = match_rule(mention, around(sentence.words, sentence.mentions, place))
    if matched is None and before and risen_from(sentence.words, sentence.mentions, place):
        matched = Matched(before[-1][1].rule, min(before[-1][1].start, mention.start), mention.end)
    if matched is None or apiece(sentence.words, mention):
        return None
    found = propose(sentence, mention, matched, topic, before)
    return None if found is None else (mention, matched, found)


def apiece(words: str, mention: Mention) -> bool:
    """Whether it is a rate or the most that one may get: 每周2场, 单个企业最高200万元."""
    clause = words[max(0, mention.start - 24) : mention.start]
    return EACH.search(clause[max(clause.rfind(mark) for mark in ",;。") + 1 :]) is not None


def propose(
    sentence: Sentence,
    mention: Mention,
    matched: Matched,
    topic: Topic,
    before: list[tuple[Mention, Matched, Found]],
) -> Found | None:
    left = before[-1][0].end if before else 0
    circle = circle_of(sentence.words, mention.start, left) or inherited(sentence, mention, before)
    circle = circle or topic.circle_left(sentence.named)
    subject, scope, code = settle(sentence, mention, matched, topic, before, circle)
    if not code:
        return None
    kind = "" if scope else FIRM
    as_of, ahead = as_of_for(mention.start, sentence.told, topic, sentence.words, kind)
    status = status_of(sentence, mention, left, topic, ahead=ahead)
    phrase, start, end = sentence.phrase(*widened(sentence, mention, matched))
    quantity = told_quantity(sentence, mention, topic)
    if code == "computing_power" and status:
        code = "planned_compute"
    elif code in STOCKS and newly(sentence.words, mention):
        code = NEWLY.get(code, f"new_{code}")
    return Found(code, subject, quantity, scope, as_of, phrase, start, end, mention.rough or quantity.open, status)


def widened(sentence: Sentence, mention: Mention, matched: Matched) -> tuple[int, int]:
    """The stretch that shows what was meant: to the ends of a short clause, never into another quantity."""
    left = max((one.end for one in sentence.mentions if one.end <= mention.start), default=0)
    right = min((one.start for one in sentence.mentions if one.start >= mention.end), default=len(sentence.words))
    start = max((found.end() for found in CLAUSE.finditer(sentence.words, left, matched.start)), default=left)
    stop = CLAUSE.search(sentence.words, matched.end, right)
    end = stop.start() if stop else right
    start = start if matched.start - start <= LEAD else matched.start
    return start, end if end - matched.end <= TRAIL and (stop or right == len(sentence.words)) else matched.end


def newly(words: str, mention: Mention) -> bool:
    """Whether what is counted was added in the time told: 全年新增高新技术企业14家."""
    clause = words[max(0, mention.start - 24) : mention.start]
    return NEW.search(clause[max(clause.rfind(mark) for mark in ",。;、") + 1 :]) is not None


def settle(
    sentence: Sentence,
    mention: Mention,
    matched: Matched,
    topic: Topic,
    before: list[tuple[Mention, Matched, Found]],
    circle: str,
) -> tuple[str, str, str]:
    """(subject, scope, indicator); an empty indicator for what is nobody's we know."""
    code, wanted = matched.rule.code, matched.rule.subject
    if wanted == COUNTED:
        return share(sentence, mention, matched, before)
    if wanted == FUND:
        return fund(sentence, mention, matched, topic)
    who = who_of(sentence.words, mention.start, sentence.named, topic, wanted=wanted)
    if circle and (who is None or who.kind in {COMMUNITY, PLACE} or circle != who.scope):
        who = wider(who, circle, topic)
    if who is None or (who.kind == FIRM and wanted == OF_COMMUNITY and code.startswith(("clustered", "resident"))):
        return "", "", ""
    if code in {"growth", "decline"}:
        return who.name, who.scope, grown(sentence, mention, code, before)
    if code == "filed_models" and who.scope not in WIDE and not (who.kind == PLACE and who.scope != DISTRICT):
        code = "filed_models" if who.kind == PLACE else "filed_models_landed"
    return who.name, who.scope, code


def wider(who: Who | None, circle: str, topic: Topic) -> Who:
    """The circle that the words name, and who stands for it: a platform keeps its name."""
    if who is not None and (who.kind == PLATFORM or circle == "surroundings"):
        return Who(who.name, who.kind, circle)
    return place_who(circle, topic)


def inherited(sentence: Sentence, mention: Mention, before: list[tuple[Mention, Matched, Found]]) -> str:
    """The circle of the figure before it in the sentence, unless somebody is named between them."""
    for earlier, matched, found in reversed(before):
        if matched.rule.subject == COUNTED:
            continue
        between = [named for named in sentence.named if earlier.start < named.start < mention.start]
        return found.scope if not between and found.scope in {DISTRICT, *WIDE} and found.indicator != "scale" else ""
    opening = OPENING.match(sentence.words)
    named = [one for one in sentence.named if one.start < mention.start and one.kind in {COMMUNITY, FIRM}]
    return scope_word(opening[0]) if opening and not named else ""


def share(
    sentence: Sentence, mention: Mention, matched: Matched, before: list[tuple[Mention, Matched, Found]]
) -> tuple[str, str, str]:
    """A share of a circle's total, of what was counted right before; a share of anything else is not proposed."""
    circle = scope_word(sentence.words[matched.start : matched.end]) or scope_word(
        sentence.words[max(0, mention.start - 16) : mention.start]
    )
    if not circle:
        return "", "", ""
    counted = [(one, rule) for one, rule, _found in before if rule.rule.subject != COUNTED]
    subject = ""
    if counted:
        one, rule = counted[-1]
        noun = sentence.words[one.end : rule.end] or sentence.words[rule.start : one.start]
        subject = re.sub(r"[已共达落,地有的]+$", "", sentence.words[one.start : one.end] + noun).strip()
    return subject or "", circle, f"share_of_{circle}_total"


def fund(sentence: Sentence, mention: Mention, matched: Matched, topic: Topic) -> tuple[str, str, str]:
    """A fund by its name behind the amount, or before it; its circle by its name, else that of whose it is."""
    behind = sentence.words[mention.end : matched.end]
    named = FUND_NAME.search(re.sub(r"^\([^)]*\)|^规模的|^的", "", behind))
    if named is None:
        named = next(reversed(list(FUND_NAME.finditer(sentence.words[: mention.start]))), None)
    name = re.sub(r"^(?:总规模|规模|设立|组建|发起|的|由|将|等|和|、|建|了|构|包括)+", "", named[1]) if named else ""
    scope = scope_of_fund(name, topic.names.districts) or level_before(sentence.words[: mention.start])
    if GENERIC_FUND.match(name) or not scope:
        who = who_of(sentence.words, mention.start, sentence.named, topic, wanted=OF_COMMUNITY)
        name = name if name and not GENERIC_FUND.match(name) else (f"{who.name}{name}" if who else name)
        scope = scope or (who.scope if who else "")
        if who is None and not scope:
            return "", "", ""
    return name, scope, "scale"


def level_before(words: str) -> str:
    """Whose level sets a fund up: 市级设立100亿元, 区里另设20亿元."""
    clause = words[max(words.rfind(mark) for mark in ",;:。") + 1 :]
    levels = [CITY if found[0][0] == "市" else DISTRICT for found in LEVEL.finditer(clause)]
    return levels[-1] if levels else ""


def grown(sentence: Sentence, mention: Mention, code: str, before: list[tuple[Mention, Matched, Found]]) -> str:
    """Of what the growth is: of what was counted right before, or of what is named before it in the sentence."""
    if before and before[-1][2].indicator.endswith(("_growth", "_decline")):
        return ""
    if before:
        return f"{before[-1][2].indicator}_{code}"
    words = sentence.words[: mention.start]
    for pattern, indicator in GROWING:
        if pattern.search(words):
            return f"{indicator}_{code}"
    return ""


GROWING = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"营业收入|营收|销售收入", "revenue"),
        (r"(?:入驻|在园|在孵)[^,]{0,6}企业", "resident_firms"),
        (r"融资", "financing"),
        (r"研发(?:投入|费用|经费)", "rnd_spending"),
        (r"产值|产业规模", "output_value"),
        (r"税收", "tax"),
        (r"专利", "patents"),
        (r"算力", "computing_power"),
    )
)


def status_of(sentence: Sentence, mention: Mention, left: int, topic: Topic, *, ahead: bool) -> str:
    """Planned, under construction, or "" for what is there."""
    clause = sentence.words[left : mention.start]
    cut = max(clause.rfind(mark) for mark in ",;:、")
    if (
        ahead
        or topic.heading_planned
        or TARGET.search(clause[cut + 1 :])
        or WILL.search(clause[cut + 1 :])
        or LASTING.search(sentence.words[: mention.start])
    ):
        return PLANNED
    return BUILDING if BUILDING_WORD.search(clause[cut + 1 :]) else ""


def told_quantity(sentence: Sentence, mention: Mention, topic: Topic) -> Quantity:
    """The quantity with the currency the text set for all of it; 约占全市的四分之一 is about that."""
    quantity = mention.quantity
    if quantity.unit == "间":
        quantity = quantity.scaled(Decimal(1), "家")
    if quantity.unit == "大":
        quantity = quantity.scaled(
            Decimal(1), "家" if PARTNER.search(sentence.words, mention.end, mention.end + 8) else "个"
        )
    if quantity.unit == "元" and topic.yuan != "元" and "人民币" not in sentence.words[mention.start : mention.end + 4]:
        quantity = Quantity(quantity.low, quantity.high, quantity.low_open, quantity.high_open, topic.yuan)
    clause = sentence.words[: mention.start]
    clause = clause[max(clause.rfind(mark) for mark in ",;:、") + 1 :]
    if quantity.exact and ABOUT.search(clause):
        return Quantity(quantity.low, quantity.high, True, True, quantity.unit)
    return quantity


__all__ = ["AsOf", "Sentence", "read_sentence"]
