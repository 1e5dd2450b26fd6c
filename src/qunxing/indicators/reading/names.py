"""Whose figure it is: names of communities, firms, funds and places in a folded text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

COMMUNITY, PLATFORM, FIRM, FUND, PLACE = "community", "platform", "firm", "fund", "place"
SAMPLE = 300_000

WORD = r"[\u4e00-\u9fffA-Za-z·]"
HUB = (
    "空间|创新社区|社区|园区|孵化器|孵化基地|加速器|产业园|科技园|软件园|科创园|先锋园|创新园|创新港|谷|湾|岛|港|小镇|工场|"
    "工坊|立方|创新中心|孵化中心|集聚区|示范区|基地"
)
HOUSE = "公司|集团|科技|智能|极智|股份|银行|研究院|实验室|信息|数据|软件|网络|电子|医疗|智行|星辰"
KIND_OF_ENDING = (
    (re.compile(rf"(?:{HUB}|Hub|Space|Park|Valley)$"), COMMUNITY),
    (re.compile(r"平台$"), PLATFORM),
    (re.compile(r"(?:基金|资本|创投)$"), FUND),
    (re.compile(rf"(?:{HOUSE})$"), FIRM),
)
QUOTED = re.compile(r"“([^“”,。;:!?、]{2,16})”")
# 「灣創島」人工智能創新社區: what a quoted name is called behind it.
CALLED = re.compile(
    r"”(?:[\u4e00-\u9fffA-Za-z]{0,12}?)(?:创新社区|社区|孵化器|加速器|园区|产业园|创新中心|孵化平台|加速平台|空间)"
)
# 星火里人工智能产业社区: a name by what stands behind it; where the name begins is told by what stands before.
TYPED = re.compile(
    r"(?:(?<=^)|(?<=[,。;:、(“”!?《 的在从由对至与和到进为是]))([\u4e00-\u9fff]{2,5}?)”?"
    r"(?:人工智能|大模型|AI)(?:产业|创新|孵化|应用)?(?:生态)?(?:社区|空间|园区|孵化器|产业园|加速器|基地|小镇|工场)"
)
PLACELIKE = re.compile(
    r"[市区省国个家座批]$|上海|北京|深圳|杭州|广州|中国|全国|国家|全球|首个|国内|全市|全区|一流|世界|国际|专业|建设|打造|发展|我们|一个|这个|该"
)
FIRM_BEFORE = re.compile(r"(?:公司|企业|团队|品牌)$")
STARTS = r"(?:(?<=^)|(?<=[,。;:、(“”!?《 \n])|(?<=[在从由对至与和到进为是])|(?<=走进|来到|获悉))"
PLAIN_HUB = re.compile(
    rf"{STARTS}({WORD}{{2,8}}?(?:{HUB}))(?=[\u4e00-\u9fff,:(“ ]|$)(?!(?:委员会|管理|居委|里的?|内的?|建设指南))"
)
PLAIN_FIRM = re.compile(
    rf"{STARTS}({WORD}{{2,8}}?(?:公司|科技|集团|股份|银行|(?<!人工|通用|具身|群体|空间|商业|认知|自主|产业|城市)智能|智行|数科|机器人))(?=[\u4e00-\u9fff,(])"
)
LATIN = re.compile(
    r"(?<![A-Za-z0-9])([A-Z][A-Za-z]*[a-zA-Z](?: (?:[A-Z][A-Za-z]+))*)"
    r"(?: ?([\u4e00-\u9fff]{2,6}?)(?=[以的创在与和是将推发完已汇于宣今,(、]|CEO|公司|$))?"
)
NO_NAMES = frozenset({
    "AI", "GPU", "CPU", "NPU", "API", "CEO", "CTO", "Agent", "EFLOPS", "PFLOPS", "TFLOPS", "App", "IT", "OK",
    "VIP", "PC", "GDP", "ICT", "AIGC", "LLM", "Hub", "Token", "Demo", "OPC", "IPO",
})  # fmt: skip
GENERIC = re.compile(
    r"^(?:.{0,6}(?:的|该|本|各|等|全|新|老|这|其|我|化|性|型|类|人工|智能|大模型|产业|科技|创业|创新|孵化|专业|开源|公共|算力|重点|高新|生态|国家|级|式|个|家|座|入驻|示范|众创|办公|物理|市场|发展|应用|服务)|.{0,1})"
    rf"(?:{HUB}|平台|公司|企业|集团|科技|银行|智能)$"
)
HERE = re.compile(
    r"(?:园区|社区|空间|孵化器|这里|基地|工场|平台|本园|该园|我园|全园|园内|区内企业|Hub|(?<![\u4e00-\u9fff])园)"
)
AROUND = re.compile(r"^”?(?:大模型创新(?:生态)?社区)?(?:及其?周边|和周边|与周边|及附近|周边)")
FUND_NAME = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9]{0,14}?(?:AI|人工智能|产业|创新|投资|引导|天使|母|创投|种子|科创|并购|孵化)?[\u4e00-\u9fffA-Za-z]{0,4}?(?:母基金|基金群|基金|资本))"
)
DISTRICT = re.compile(r"([\u4e00-\u9fff]{2,3})区(?!域|块|间|位|内|委|分|别)")
NOT_DISTRICT = re.compile(r"[园社地小城校街景片特专新我全本该各示集聚辖]$|大湾|市辖|先行|保税|自贸|开发")


@dataclass(frozen=True, slots=True)
class Named:
    """A name at a place of the folded text; `around` when the circle is the space and its surroundings."""

    start: int
    end: int
    name: str
    kind: str
    around: bool = False


@dataclass
class Names:
    """The names that one text has, with their kinds, and the community it mostly speaks of."""

    kinds: dict[str, str] = field(default_factory=dict)
    main: str = ""
    districts: frozenset[str] = frozenset()
    lexicon: Mapping[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None

    def settle(self) -> None:
        """Make the pattern that finds them all, the longest first."""
        names = sorted(self.kinds, key=len, reverse=True)
        self.pattern = re.compile("|".join(re.escape(name) for name in names)) if names else None

    def find(self, folded: str) -> list[Named]:
        """The names in a stretch, in their order."""
        if self.pattern is None:
            return []
        return [
            Named(match.start(), match.end(), match[0], self.kinds[match[0]], bool(AROUND.match(folded[match.end() :])))
            for match in self.pattern.finditer(folded)
        ]


def kind_of(name: str) -> str:
    return next((kind for ending, kind in KIND_OF_ENDING if ending.search(name)), "")


def names_of(folded: str, lexicon: Mapping[str, str] | None = None, title: str = "") -> Names:
    """The names in the text: those of the lexicon ({name: kind}), quoted ones, those of its title, those that recur."""
    sample = folded[:SAMPLE]
    names = Names(lexicon=lexicon or {})
    names.kinds |= known(sample, names.lexicon)
    names.kinds |= dict(quoted(sample))
    for name, kind in plain(sample, title):
        names.kinds.setdefault(name, kind)
    with_short_forms(names, sample)
    names.districts = frozenset(
        match[1][-2:] for match in DISTRICT.finditer(sample) if not NOT_DISTRICT.search(match[1])
    )
    names.main = main_of(names, sample, title)
    names.settle()
    return names


def known(sample: str, lexicon: Mapping[str, str]) -> dict[str, str]:
    """The names of the lexicon that stand in the text; found by their first two characters."""
    by_head: dict[str, list[str]] = {}
    for name in lexicon:
        by_head.setdefault(name[:2], []).append(name)
    heads = {sample[place : place + 2] for place in range(len(sample))} & by_head.keys()
    return {name: lexicon[name] for head in heads for name in by_head[head] if len(name) > 1 and name in sample}


def quoted(sample: str) -> Iterator[tuple[str, str]]:
    for match in QUOTED.finditer(sample):
        name, kind = match[1], kind_of(match[1])
        if CALLED.match(sample, match.end() - 1) and not re.search(r"[的是要]", name):
            yield name, COMMUNITY
        elif (kind and not GENERIC.match(name)) or kind == PLATFORM:
            yield name, kind
        elif FIRM_BEFORE.search(sample[max(0, match.start() - 4) : match.start()]):
            yield name, FIRM


def plain(sample: str, title: str) -> Iterator[tuple[str, str]]:
    """Names without quotes: in the title, or more than once."""
    for pattern in (PLAIN_HUB, PLAIN_FIRM):
        counted = Counter(trimmed(match[1]) for match in pattern.finditer(sample))
        for name, count in counted.items():
            if name and not GENERIC.match(name) and (count > 1 or name in title or acts(sample, name)):
                yield name, kind_of(name)
    for match in TYPED.finditer(sample):
        if sample.count(match[1]) > 1 and not PLACELIKE.search(match[1]):
            yield match[1], COMMUNITY
    yield from latin_names(sample, title)


def acts(sample: str, name: str) -> bool:
    """Whether a name that stands once does what communities do."""
    return sample.count(name) > 1 or DOES.match(sample, sample.find(name) + len(name)) is not None


DOES = re.compile(
    r"”?(?:已|累计|新增|现有|共有|入驻|汇聚|集聚|聚集|吸引|引进|引入|拥有|在园|落地|建成|位于|正式|揭牌|启用|开园|管委会|负责人)"
)
LEADING = re.compile(
    r"^(?:截至|目前|今年|去年|位于|走进|来到|记者|据|其中|作为|关于|围绕|依托|支持|推动|打造|建设|加快|[\u4e00-\u9fff]{2,3}(?:市|区|省)(?=[\u4e00-\u9fff]{3}))+"
)


def trimmed(name: str) -> str:
    bare = LEADING.sub("", name)
    return bare if len(bare) >= 3 else ""


def latin_names(sample: str, title: str) -> Iterator[tuple[str, str]]:
    counted = Counter(match[1] for match in LATIN.finditer(sample))
    for match in LATIN.finditer(sample):
        name, chinese = match[1], match[2] or ""
        if name.split()[0] in NO_NAMES or (len(name) < 3 and not chinese):
            continue
        hub = bool(re.search(r"(?:Hub|Space|Park|Valley)$", name)) or sample.startswith("社区", match.end())
        behind = sample[match.end(1) : match.end(1) + 3].strip()
        if hub:
            yield name, COMMUNITY
        elif (
            behind.startswith(("公司", "集团", "完成", "成立", "发布"))
            or counted[name] > 1
            or name in title
            or (chinese and (starts_clause(sample, match.start()) or SPEAKS.match(sample, match.end())))
        ):
            yield name, FIRM
            if chinese and not HERE.search(chinese):
                yield f"{name}{chinese}", FIRM
                yield f"{name} {chinese}", FIRM


SPEAKS = re.compile(r"以|创始人|是|CEO")


def starts_clause(sample: str, place: int) -> bool:
    return place == 0 or sample[place - 1] in ",。;:!?、(“” \n"


def with_short_forms(names: Names, sample: str) -> None:
    """数谷港 for 数谷港创新社区, Xcube for Xcube AI Hub, the name in brackets behind a name."""
    for name, kind in list(names.kinds.items()):
        if kind != COMMUNITY:
            continue
        short = re.sub(r"(?:人工智能|大模型|AI)?(?:创新|孵化|产业)?(?:生态)?(?:社区|园区|中心)$", "", name)
        short = short.split(" ")[0] if name.isascii() else short
        if 2 < len(short) < len(name) and short not in NO_NAMES:
            names.kinds[short] = COMMUNITY
        if match := re.search(rf"{re.escape(name)}”?\(([\u4e00-\u9fff]{{2,8}})\)", sample):
            names.kinds[match[1]] = COMMUNITY


def main_of(names: Names, sample: str, title: str) -> str:
    """The community that is named most often; one in the title counts more."""
    counted = {
        name: sample.count(name) + 3 * (name in title) for name, kind in names.kinds.items() if kind == COMMUNITY
    }
    return max(counted, key=lambda name: (counted[name], -len(name)), default="")
