"""Duplicates of organisations by their names, beside comparing every name with every other.

The names are made up, and so is which of them are one firm: a part of the firms is written down a second time with a
slip, one of a kind each (another form of company, the place in brackets, a homophone, a letter missing …). Found are
pairs; recall is of the pairs that are one firm, precision of all pairs that are found. Two made-up firms may be as
alike as two writings of one, so that no way has a precision of 1. The plain ways compare all pairs of a part of the
names: rapidfuzz's ratio of the whole names, the same within the same place (as record linkage blocks), each at the
threshold at which its F1 is best, which nobody knows beforehand.
"""

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from _running import ROOT, database_facts, show_table, start, write_json
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

LETTERS = (
    "星澜海图云知宇辰浩瀚启明博远智汇创联锐思拓维华瑞恒信达盛泰安锦程天晟嘉禾润泽鼎峰凯景德昌弘毅正元通立方圆融合众新纪"
    "阳光春晓雨露林森木磐石砚池听风观山泊岸栖见墨青予麦穗拾光微未名柏舟沐清源朗月松涛谷川禾苗苇航羽翼翎飞鸿雁鹿鸣"
)
PLACES = ("上海", "北京", "深圳市", "杭州", "南京", "广州市", "苏州", "成都")
BUSINESS = (
    "科技",
    "智能科技",
    "信息技术",
    "网络科技",
    "数据技术",
    "软件",
    "医疗科技",
    "文化传媒",
    "投资管理",
    "生物医药",
)
FORMS = ("有限公司",) * 8 + ("股份有限公司",)
HOMOPHONES = (
    "澜蓝 图途 知之 辰晨 博搏 智志 汇慧 联连 锐瑞 恒衡 信芯 达答 泰态 程成 嘉佳 禾和 峰锋 景井 毅艺 元源 新欣 阳杨 "
    "清青 微薇 舟洲 月悦 石时 山珊 鸿宏 羽宇"
)
# The last five stand for look-alikes that the program does not know.
LOOKS = "未末 宇字 清请 澜阑 泰秦 恒桓 木术 石右 风凤 川州 雁雇 鸣呜 谷俗 立位"
THRESHOLDS = range(70, 100)
Parts = tuple[str, str, str, str]
Pair = tuple[int, int]


def made_up(chance: random.Random) -> Parts:
    letters = chance.choices((2, 3, 4), (5, 2, 3))[0]
    return (
        chance.choice(PLACES),
        "".join(chance.choices(LETTERS, k=letters)),
        chance.choice(BUSINESS),
        chance.choice(FORMS),
    )


def written(parts: Parts) -> str:
    return "".join(parts)


def other_form(parts: Parts, _chance: random.Random) -> str:
    place, trade, business, form = parts
    return place + trade + business + ("有限责任公司" if form == "有限公司" else "有限公司")


def in_brackets(parts: Parts, _chance: random.Random) -> str:
    place, trade, business, form = parts
    return f"{trade}{business}（{place.removesuffix('市')}）{form}"


def without_place(parts: Parts, _chance: random.Random) -> str:
    return "".join(parts[1:])


def other_business(parts: Parts, _chance: random.Random) -> str:
    place, trade, business, form = parts
    return place + trade + ("科技" if business != "科技" else "智能科技") + form


def one_letter(pairs: str) -> Callable[[Parts, random.Random], str]:
    letters = dict(pairs.split())

    def slip(parts: Parts, chance: random.Random) -> str:
        place, trade, business, form = parts
        at = [index for index, letter in enumerate(trade) if letter in letters]
        if not at:
            return ""
        index = chance.choice(at)
        return place + trade[:index] + letters[trade[index]] + trade[index + 1 :] + business + form

    return slip


def missing_letter(parts: Parts, chance: random.Random) -> str:
    place, trade, business, form = parts
    index = chance.randrange(len(trade))
    return place + trade[:index] + trade[index + 1 :] + business + form if len(trade) > 3 else ""


def swapped(parts: Parts, chance: random.Random) -> str:
    place, trade, business, form = parts
    index = chance.randrange(len(trade) - 1)
    return (
        place + trade[:index] + trade[index + 1] + trade[index] + trade[index + 2 :] + business + form
        if len(trade) > 3
        else ""
    )


SLIPS = {
    "form": other_form,
    "brackets": in_brackets,
    "no place": without_place,
    "business": other_business,
    "homophone": one_letter(HOMOPHONES),
    "look-alike": one_letter(LOOKS),
    "letter missing": missing_letter,
    "letters swapped": swapped,
}


def labelled(count: int, share: float, seed: int) -> tuple[list[str], dict[Pair, str]]:
    """(names, {pair that is one firm: how its second writing differs}); no two firms have one name."""
    chance = random.Random(seed)
    names: list[str] = []
    taken: set[str] = set()
    one: dict[Pair, str] = {}
    while len(names) < count:
        parts = made_up(chance)
        slip = chance.choice(list(SLIPS)) if chance.random() < share else ""
        again = SLIPS[slip](parts, chance) if slip else ""
        if written(parts) in taken or again in taken:
            continue
        names.append(written(parts))
        taken.add(names[-1])
        if again and again != names[-1] and len(names) < count:
            names.append(again)
            taken.add(again)
            one[len(names) - 2, len(names) - 1] = slip
    return names, one


def by_qunxing(names: list[str]) -> set[Pair]:
    from qunxing.core.text import fold_name  # noqa: PLC0415 - the program is started first
    from qunxing.intake.joining.finding import Firm, find_among  # noqa: PLC0415

    return {
        (one.first, one.second)
        for one in find_among(Firm(key, name, fold_name(name)) for key, name in enumerate(names))
    }


def all_ratios(names: list[str]) -> Iterator[tuple[int, int, int]]:
    """(first, second, ratio) of all pairs at the lowest threshold or above it."""
    for start_at in range(0, len(names), 1_000):
        table = cdist(
            names[start_at : start_at + 1_000],
            names,
            scorer=ratio,
            score_cutoff=THRESHOLDS[0],
            workers=1,
            dtype=np.uint8,
        )
        for row, column in zip(*np.nonzero(table), strict=True):
            if start_at + row < column:
                yield int(start_at + row), int(column), int(table[row, column])


def blocked_ratios(names: list[str]) -> Iterator[tuple[int, int, int]]:
    blocks: dict[str, list[int]] = {}
    for key, name in enumerate(names):
        blocks.setdefault(next((place[:2] for place in PLACES if place[:2] in name), ""), []).append(key)
    for keys in blocks.values():
        for first, second, score in all_ratios([names[key] for key in keys]):
            yield keys[first], keys[second], score


def best(found: Iterable[tuple[int, int, int]], one: dict[Pair, str]) -> tuple[set[Pair], int]:
    """The pairs at the threshold at which F1 is best."""
    scored = list(found)
    sets = [({(a, b) for a, b, score in scored if score >= limit}, limit) for limit in THRESHOLDS]
    return max(sets, key=lambda pair: f1(*quality(pair[0], one)))


def quality(found: set[Pair], one: dict[Pair, str]) -> tuple[float, float]:
    """(recall, precision)."""
    right = len(found & set(one))
    return right / max(1, len(one)), right / max(1, len(found))


def f1(recall: float, precision: float) -> float:
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def judged(
    way: str, names: list[str], one: dict[Pair, str], work: Callable[[list[str]], tuple[set[Pair], str]]
) -> dict[str, Any]:
    before, began = time.process_time(), time.perf_counter()
    found, at = work(names)
    cpu, clock = time.process_time() - before, time.perf_counter() - began
    recall, precision = quality(found, one)
    slips = Counter(one.values())
    caught = Counter(slip for pair, slip in one.items() if pair in found)
    return {
        "way": way, "names": len(names), "cpu_seconds": round(cpu, 2), "seconds": round(clock, 2), "threshold": at,
        "pairs": len(found), "recall": round(recall, 3), "precision": round(precision, 3),
        "recall_by_slip": {slip: round(caught[slip] / number, 3) for slip, number in sorted(slips.items())},
    }  # fmt: skip


def kept(count: int, share: float, seed: int) -> dict[str, Any]:
    """The same as the program does it: read from the ledger, kept, and then one new firm followed."""
    from qunxing.directory.models import Organization  # noqa: PLC0415 - the program is started first
    from qunxing.intake.joining.searching import follow, search  # noqa: PLC0415
    from qunxing.ledger.actions import add_many, create  # noqa: PLC0415
    from qunxing.ledger.recording import recording  # noqa: PLC0415

    Organization.objects.all().delete()
    names, _one = labelled(count, share, seed)
    firms = [Organization(name=name) for name in names]
    Organization.objects.derive_many(firms)
    with recording(actor=None):
        add_many(firms)
    told: dict[str, Any] = {"organizations": count}
    for word in ("first", "again"):
        began = time.perf_counter()
        told["pairs"] = search()
        told[f"{word}_seconds"] = round(time.perf_counter() - began, 1)
    create(Organization(name=names[0] + "集团"), actor=None)
    began = time.perf_counter()
    while follow():
        continue
    told["followed_seconds"] = round(time.perf_counter() - began, 3)
    told["page_milliseconds"], told["queries"] = page_times()
    return told


def page_times() -> tuple[float, int]:
    """(median of a far page with a filter, in milliseconds, of 11; its queries)."""
    from django.db import connection  # noqa: PLC0415 - the program is started first
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from qunxing.accounts.models import User  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.filter(username="bench").first() or User.objects.create_user(username="bench", kind="staff")
    )
    address, times = "/duplicates/?ground=near&page=40", []
    for _time in range(11):
        began = time.perf_counter()
        if client.get(address).status_code != 200:
            raise SystemExit(address)
        times.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return round(1000 * sorted(times)[5], 1), len(asked)


def shown(value: Any) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--plain", type=int, default=10_000, help="names that all ways are compared on")
    parser.add_argument("--share", type=float, default=0.1, help="part of the firms that are written down twice")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ledger", action="store_true", help="also as the program does it, with a ledger of its own")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    start(ROOT / "var" / "bench-duplicates")
    few, one_few = labelled(asked.plain, asked.share, asked.seed)
    many, one_many = labelled(asked.names, asked.share, asked.seed + 1)
    rows = [
        judged("qunxing", few, one_few, lambda names: (by_qunxing(names), "")),
        judged("rapidfuzz, all pairs", few, one_few, lambda names: best(all_ratios(names), one_few)),
        judged("rapidfuzz, by place", few, one_few, lambda names: best(blocked_ratios(names), one_few)),
        judged("qunxing", many, one_many, lambda names: (by_qunxing(names), "")),
    ]
    columns = ["way", "names", "cpu_seconds", "seconds", "threshold", "pairs", "recall", "precision"]
    show_table(columns, [[shown(row[column]) for column in columns] for row in rows])
    slips = sorted(SLIPS)
    show_table(
        ["recall of", *slips],
        [[row["way"], *(f"{row['recall_by_slip'].get(slip, 0):.2f}" for slip in slips)] for row in rows],
    )
    told: dict[str, Any] = {"rows": rows, "database": database_facts()}
    if asked.ledger:
        told["ledger"] = kept(asked.names, asked.share, asked.seed + 1)
        show_table(list(told["ledger"]), [list(told["ledger"].values())])
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory {told['peak_mb']} MB")
    write_json(asked.json, told)


if __name__ == "__main__":
    main()
