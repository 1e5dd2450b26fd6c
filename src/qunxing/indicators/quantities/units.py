"""What is counted in: counting words, shares, computing power, money, time, room; and the units of headings."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

MONEY, SHARE, COUNT, POWER, DATA, TIME, AREA, TIMES = (
    "money", "share", "count", "power", "data", "time", "area", "times",
)  # fmt: skip

# How each unit is written (folded), and the one way we keep it.
CURRENCIES: Final = {
    "元": "元", "人民币": "元", "rmb": "元", "cny": "元", "美元": "美元", "美金": "美元", "usd": "美元", "港元": "港元",
    "港币": "港元", "hkd": "港元", "欧元": "欧元", "日元": "日元", "英镑": "英镑",
    "新元": "新加坡元", "新加坡元": "新加坡元",
}  # fmt: skip
COUNTS: Final = (
    "家次", "人次", "户次", "场次", "个", "家", "款", "项", "件", "张", "块", "台", "名", "人", "位", "户", "只",
    "支", "场", "次",
    "间", "种", "类", "所", "座", "处", "条", "篇", "部", "套", "颗", "枚", "例", "批", "期", "卡", "大",
)  # fmt: skip
POWERS: Final = {
    "eflops": "EFLOPS", "pflops": "PFLOPS", "tflops": "TFLOPS", "eops": "EOPS", "pops": "POPS", "tops": "TOPS",
    "百亿亿次": "EFLOPS", "千万亿次": "PFLOPS", "万亿次": "TFLOPS", "eflop/s": "EFLOPS", "pflop/s": "PFLOPS",
    "e": "EFLOPS", "p": "PFLOPS",
}  # fmt: skip
DATAS: Final = {"tb": "TB", "pb": "PB", "gb": "GB", "eb": "EB"}
TIMES_UNITS: Final = {
    "个月": "月", "月": "月", "个星期": "周", "星期": "周", "周": "周", "个工作日": "工作日", "工作日": "工作日",
    "天": "天", "日": "天",
    "个小时": "小时", "小时": "小时", "分钟": "分钟", "秒": "秒", "年": "年", "季度": "季度",
}  # fmt: skip
AREAS: Final = {
    "平方米": "平方米", "平米": "平方米", "m2": "平方米", "平方公里": "平方公里", "km2": "平方公里", "亩": "亩",
    "公顷": "公顷",
}  # fmt: skip
SHARES: Final = {"%": "%", "个百分点": "百分点", "百分点": "百分点", "‰": "‰"}
FACTORS: Final = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9}

KINDS: Final[dict[str, tuple[str, str]]] = {
    **{word: (unit, COUNT) for word in COUNTS for unit in (word,)},
    **{word: (unit, MONEY) for word, unit in CURRENCIES.items()},
    **{word: (unit, POWER) for word, unit in POWERS.items()},
    **{word: (unit, DATA) for word, unit in DATAS.items()},
    **{word: (unit, AREA) for word, unit in AREAS.items()},
    **{word: (unit, SHARE) for word, unit in SHARES.items()},
    **{word: (unit, TIME) for word, unit in TIMES_UNITS.items()},
    "倍": ("倍", TIMES),
}
LETTERS = r"(?![a-z0-9])"
UNIT: Final = "|".join(
    re.escape(word) + (LETTERS if word.isascii() and word.isalnum() else "")
    for word in sorted(KINDS, key=len, reverse=True)
)
HEADING: Final = re.compile(
    rf"单位[:为]?\(?((?:{'|'.join(FACTORS)})?(?:{'|'.join(CURRENCIES)}))|"
    rf"\(((?:{'|'.join(FACTORS)})?(?:{'|'.join([*CURRENCIES, *COUNTS, *AREAS, '%'])}))\)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as we keep it, and how many of it one of the written unit is (万元 is 10,000 元)."""

    name: str
    kind: str
    factor: Decimal = Decimal(1)


def unit_named(word: str) -> Unit | None:
    """千元, 万平方米, 家, %, EFLOPS; None for what is no unit."""
    bare = word.lower()
    if bare in KINDS:
        return Unit(*KINDS[bare])
    for head in sorted(FACTORS, key=len, reverse=True):
        rest = bare.removeprefix(head)
        if rest != bare and rest in KINDS:
            return Unit(*KINDS[rest], factor=Decimal(FACTORS[head]))
    return None


def heading_units(folded: str) -> list[Unit]:
    """The units that a heading or a label states: 单位：千元, 营业收入（万元）."""
    found = (unit_named(match[1] or match[2]) for match in HEADING.finditer(folded))
    return [unit for unit in found if unit is not None]


def conflicting(units: list[Unit]) -> bool:
    """Whether one table states its money in two units."""
    return len({(unit.name, unit.factor) for unit in units if unit.kind == MONEY}) > 1
