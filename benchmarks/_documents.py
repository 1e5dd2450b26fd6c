"""Made-up documents and queries of a large community, the same on every machine."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from qunxing.core.specs import Document

SYLLABLES = (
    "星辰云海智慧天元启明光华瑞博思远弘毅承泽嘉禾新锐朗信恒达科睿微澜深蓝格物言澈知行墨衡青鸟灵犀森林川流百川长河"
    "观潮听风锦绣山水曦月丰年安泰同和立德正心问道明理致用求真务实"
)
PLACES = (
    ("31", "上海"),
    ("11", "北京"),
    ("44", "深圳"),
    ("33", "杭州"),
    ("32", "苏州"),
    ("51", "成都"),
    ("34", "合肥"),
)
TRADES = ("智能科技", "信息技术", "网络科技", "数据服务", "人工智能", "医疗科技", "机器人", "软件", "半导体")
SCENES = ("医学影像分割", "智能客服问答", "工业质检", "自动驾驶仿真", "语音合成", "合同审查", "推荐排序", "遥感解译")
PURPOSE = "应用于%s场景，由%s根据用户输入的内容，利用%s生成或者排列相应的内容，并向用户展示结果。"
KINDS = ("organizations", "models", "filings", "filings", "filings", "offers", "scenarios")
LEVELS = ("public",) * 8 + ("community", "internal")
STATES = ("granted", "changed", "withdrawn")
OWNERS = 50_000  # organisations that documents belong to


@dataclass(frozen=True)
class Made:
    """A document, and what the filters and the scope ask of it."""

    number: int
    kind: str
    level: str
    owner: int
    place: str
    year: str
    title: str
    text: str
    code: str
    firm: str

    @property
    def document(self) -> Document:
        return Document(
            title=self.title,
            url=f"/{self.kind}/{self.number}/",
            names=(self.title,),
            codes=(self.code,),
            about=(self.firm, self.code),
            text=self.text,
            also=(self.firm,),
            owners=(self.owner,),
            facets={"state": (STATES[self.number % 3],), "place": (self.place,), "year": (self.year,)},
        )

    @property
    def whole(self) -> str:
        return f"{self.title} {self.code} {self.firm} {self.text}"


def made_documents(count: int) -> Iterator[Made]:
    chance = random.Random(20260)
    firms = [made_firm(chance) for _number in range(OWNERS)]
    for number in range(count):
        owner = chance.randrange(OWNERS)
        place, firm = firms[owner]
        kind = KINDS[number % len(KINDS)]
        core, scene = "".join(chance.choices(SYLLABLES, k=4)), chance.choice(SCENES)
        title = firm if kind == "organizations" else f"{core}{scene}"
        text = PURPOSE % (scene, core, chance.choice(TRADES))
        year = str(chance.randrange(2019, 2027))
        code = f"网信算备310104{number:07d}01{year[2:]}0011号"
        yield Made(number, kind, chance.choice(LEVELS), owner, place, year, title, text, code, firm)


def made_firm(chance: random.Random) -> tuple[str, str]:
    place, name = chance.choice(PLACES)
    return place, f"{name}{''.join(chance.choices(SYLLABLES, k=4))}{chance.choice(TRADES)}有限公司"


@dataclass(frozen=True)
class Asked:
    """A query with two filters, asked by a member of an organisation."""

    words: tuple[str, ...]
    kind: str
    place: str
    owner: int


def made_queries(count: int) -> list[Asked]:
    """Parts of names, words that many documents hold, and both together."""
    chance = random.Random(7)
    found = []
    for number in range(count):
        part = "".join(chance.choices(SYLLABLES, k=2))
        words = ((part,), (chance.choice(SCENES)[:4],), (chance.choice(TRADES), part), (chance.choice(SCENES),))[
            number % 4
        ]
        found.append(Asked(words, chance.choice(KINDS), chance.choice(PLACES)[0], chance.randrange(OWNERS)))
    return found
