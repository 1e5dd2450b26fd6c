"""A generated list of algorithm filings in the published shape, the same on every machine."""

import csv
import random
from pathlib import Path

HEADINGS = (
    "filingType", "batch", "announcementDate", "algorithmName", "algorithmClass", "role", "entityName", "product",
    "purpose", "recordNumber", "remark",
)  # fmt: skip
PLACES = {"110108": "北京", "310104": "上海", "440305": "深圳市", "330106": "杭州", "440106": "广州", "320106": "南京"}
SYLLABLES = (
    "星辰云海智慧天元启明光华瑞博思远弘毅承泽嘉禾新锐朗信恒达科睿微澜深蓝格物言澈知行墨衡青鸟灵犀森林川流百川长河"
)
TRADES = ("智能科技", "信息技术", "网络科技", "数据服务", "人工智能科技", "医疗科技", "机器人", "软件", "文化传媒")
CLASSES = (
    ("01", "深度合成类", "合成算法"),
    ("02", "个性化推送类", "推荐算法"),
    ("03", "排序精选类", "排序算法"),
    ("04", "检索过滤类", "检索算法"),
    ("06", "调度决策类", "调度算法"),
)
PURPOSE = "应用于%s场景，根据用户输入的内容，利用算法生成或者排列相应的内容，并向用户展示结果。"
SCENES = ("对话生成", "图像生成", "信息推送", "搜索", "订单分配", "语音合成", "内容审核")
FILINGS_A_FIRM = 1.7  # as on the published list


def write_list(path: Path, rows: int) -> None:
    """The list with this many rows, all well formed, no number twice."""
    chance = random.Random(4020)
    firms = [made_firm(chance, number) for number in range(max(1, int(rows / FILINGS_A_FIRM)))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(made_row(chance, number, firms) for number in range(rows))


def made_firm(chance: random.Random, number: int) -> tuple[str, str]:
    """(name, the thirteen digits that its filings begin with)"""
    district = chance.choice(list(PLACES))
    core = "".join(chance.choices(SYLLABLES, k=4))
    return f"{PLACES[district]}{core}{chance.choice(TRADES)}有限公司", f"{district}{number:07d}"


def made_row(chance: random.Random, number: int, firms: list[tuple[str, str]]) -> list[str]:
    """The first rows name every firm once."""
    name, entity = firms[number] if number < len(firms) else chance.choice(firms)
    code, kind, noun = chance.choice(CLASSES)
    year, month, scene = chance.randrange(2022, 2026), chance.randrange(1, 13), chance.choice(SCENES)
    title = f"{''.join(chance.choices(SYLLABLES, k=3))}{scene}{noun}"
    role = chance.choice(("服务提供者", "服务技术支持者")) if code == "01" else ""
    record = f"网信算备{entity}{code}{year % 100}{number % 1000:03d}{number // 1000 % 10}号"
    return [
        "互联网信息服务算法备案", f"{year}年{month}月", f"{year}-{month:02d}", title, kind, role, name,
        f"{title[:6]}（APP）", PURPOSE % scene, record, "",
    ]  # fmt: skip
