"""Quantities from prose are ranges, not points."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.indicators.quantities import (
    Quantity,
    conflicting,
    disjoint,
    find_quantities,
    heading_units,
    notation,
    parse_quantity,
)


@pytest.mark.parametrize(
    ("text", "shown", "unit"),
    [
        ("近400家", "<400", "家"),
        ("近400", "<400", ""),
        ("100余家", ">100", "家"),
        ("100餘家", ">100", "家"),
        ("100 余家", ">100", "家"),
        ("超5万张卡", ">50,000", "张卡"),
        ("超5萬張卡", ">50,000", "張卡"),
        ("200多个", ">200", "个"),
        ("61%", "61", "%"),
        ("30EFLOPS", "30", "EFLOPS"),
        ("30.5 EFLOPS", "30.5", "EFLOPS"),
        ("600億元", "60,000,000,000", "元"),
        ("一兩周", "1–2", "周"),
        ("1至2周", "1–2", "周"),
        ("约5万张", "≈50,000", "张"),
        ("≈400", "≈400", ""),
        ("400家以上", "≥400", "家"),
        ("100家左右", "≈100", "家"),
        ("不到两年", "<2", "年"),
        ("<400", "<400", ""),
        ("1,000", "1,000", ""),
        ("４３个", "43", "个"),
    ],
)
def test_text_is_read_as_a_range(text, shown, unit):
    quantity = parse_quantity(text)
    assert (notation(quantity), quantity.unit) == (shown, unit)


@pytest.mark.parametrize("text", ["", "   ", "很多家", "家", "数不清", "1" * 500, "=1+1"])
def test_text_that_is_no_quantity_is_refused(text):
    assert parse_quantity(text) is None


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    found = parse_quantity(text)
    assert found is None or found.low is not None or found.high is not None


@st.composite
def quantities(draw):
    numbers = st.decimals(min_value=0, max_value=10**12, places=2)
    low, high = sorted([draw(numbers), draw(numbers)])
    shape = draw(st.sampled_from(["exact", "about", "over", "least", "under", "most", "range"]))
    return {
        "exact": Quantity(low, low),
        "about": Quantity(low, low, True, True),
        "over": Quantity(low, None, low_open=True),
        "least": Quantity(low, None),
        "under": Quantity(None, high, high_open=True),
        "most": Quantity(None, high),
        "range": Quantity(low, high),
    }[shape]


@given(quantities())
def test_notation_is_read_back(quantity):
    assert parse_quantity(notation(quantity)) == quantity


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("近400", "100余", False),
        ("近400", "400", True),
        ("43", "43", False),
        ("43", "45", True),
        ("约43", "45", False),
        ("约43", "60", True),
        ("不超过40", "40", False),
        ("100余", "100", True),
        ("1-2", "2-3", False),
    ],
)
def test_ranges_with_no_number_in_common_are_told_apart(one, other, apart):
    first, second = parse_quantity(one), parse_quantity(other)
    assert (disjoint(first, second), disjoint(second, first)) == (apart, apart)


def test_number_is_written_without_trailing_zeros():
    assert notation(Quantity(Decimal("61.500000"), Decimal("61.500000"))) == "61.5"


# --- in running text --------------------------------------------------------------------------------------------------


def told(text):
    return [(text[one.start : one.end], notation(one.quantity), one.quantity.unit) for one in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("汇聚了近400家大模型企业", [("近400家", "<400", "家")]),
        ("占全市总量的61%", [("61%", "61", "%")]),
        ("占比六成一", [("六成一", "61", "%")]),
        ("占比近四成", [("近四成", "<40", "%")]),
        ("百分之六十一", [("百分之六十一", "61", "%")]),
        ("四分之一", [("四分之一", "25", "%")]),
        ("三分之一", [("三分之一", "≈33.33", "%")]),
        ("超5万张卡", [("超5万张", ">50,000", "张")]),
        ("逾1.2亿美元", [("逾1.2亿美元", ">120,000,000", "美元")]),
        ("600亿元(人民币,下同)", [("600亿元", "60,000,000,000", "元")]),
        ("6.3亿元人民币", [("6.3亿元", "630,000,000", "元")]),
        ("收入58200千元", [("58200千元", "58,200,000", "元")]),
        ("数千万元", [("数千万元", ">10,000,000, <100,000,000", "元")]),
        ("几十家机构", [("几十家", ">10, <100", "家")]),
        ("一两周就完成", [("一两周", "1–2", "周")]),
        ("3至5家", [("3至5家", "3–5", "家")]),
        ("10%-15%", [("10%-15%", "10–15", "%")]),
        ("四十三个", [("四十三个", "43", "个")]),
        ("100家以上", [("100家以上", "≥100", "家")]),
        ("不少于100家", [("不少于100家", "≥100", "家")]),
        ("两千家左右", [("两千家左右", "≈2,000", "家")]),
        ("约1.2万余件", [("约1.2万余件", ">12,000", "件")]),
        ("一年多", [("一年多", ">1", "年")]),
        ("9大算力合作伙伴", [("9大", "9", "大")]),
        ("30 EFLOPS算力", [("30 EFLOPS", "30", "EFLOPS")]),
        ("5000P算力", [("5000P", "5,000", "PFLOPS")]),
        ("1.5万平方米", [("1.5万平方米", "15,000", "平方米")]),
        ("1,234家", [("1,234家", "1,234", "家")]),
        ("增长2倍", [("2倍", "2", "倍")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_quantities_are_found_in_running_text(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "第七次考察", "第11个年头", "“100-1=0”的理念", "十五五规划", "2023年9月", "4月29日12时25分", "在空间3层",
        "29岁的创业者", "GPT-4模型", "版本V6.0", "电话021-55667788", "手机13800138000", "三位一体", "一带一路",
        "一批企业", "一家企业", "进一步", "党的二十大报告", "十九届中央", "沪府〔2024〕12号", "千家万户",
        "3月15日前", "7×24小时", "88号楼",
        "https://a.cn/100个",
    ],
)  # fmt: skip
def test_what_counts_nothing_is_no_quantity(text):
    assert find_quantities(text) == []


@given(quantities(), st.sampled_from(["家", "个", "EFLOPS", "元", "%"]))
def test_a_quantity_in_a_sentence_is_read_back(quantity, unit):
    if quantity.low == quantity.high or quantity.low is None or quantity.high is None:
        text = f"入驻企业{notation(quantity)}{unit}。"
        found = [one.quantity for one in find_quantities(text)]
        assert found == [replace(quantity, unit=unit)]


@given(
    st.integers(1, 9_999),
    st.sampled_from(["", "千", "万", "亿"]),
    st.sampled_from(["近", "超", "约", "至少", "不超过", ""]),
)
def test_scale_and_openness_hold(number, scale, head):
    factor = {"": 1, "千": 10**3, "万": 10**4, "亿": 10**8}[scale]
    (found,) = find_quantities(f"有{head}{number}{scale}家")
    ends = {"近": (None, 1), "超": (1, None), "约": (1, 1), "至少": (1, None), "不超过": (None, 1), "": (1, 1)}[head]
    value = Decimal(number) * factor
    assert (found.quantity.low, found.quantity.high) == tuple(None if end is None else value for end in ends)
    assert (found.quantity.low_open, found.quantity.high_open) == (head in {"超", "约"}, head in {"近", "约"})


@given(st.text(alphabet="0123456789一二三十百千万亿余多近超约至到家个%元成分之.- ，年月日第", max_size=40))
def test_places_lie_in_the_text_and_do_not_overlap(text):
    found = find_quantities(text)
    ends = [place for one in found for place in (one.start, one.end)]
    assert ends == sorted(ends)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        low, high = one.quantity.low, one.quantity.high
        assert low is not None or high is not None


@pytest.mark.parametrize(
    ("text", "units", "clash"),
    [
        ("单位:千元", [("元", 1_000)], False),
        ("营业收入(万元)", [("元", 10_000)], False),
        ("入驻企业(家)", [("家", 1)], False),
        ("单位:千元 净利润(万元)", [("元", 1_000), ("元", 10_000)], True),
        ("单位:亿美元", [("美元", 10**8)], False),
        ("说明", [], False),
    ],
)
def test_units_of_headings(text, units, clash):
    found = heading_units(text)
    assert [(unit.name, unit.factor) for unit in found] == units
    assert conflicting(found) == clash


def test_quantities_know_no_django():
    code = "import sys, qunxing.indicators.quantities, qunxing.indicators.reading; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
