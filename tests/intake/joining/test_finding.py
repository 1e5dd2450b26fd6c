"""Pairs of names labelled by hand, found among all the others; all firms but those named for a place are made up."""

import csv
from pathlib import Path

import pytest

from qunxing.core.text import fold_name
from qunxing.intake.joining.aliases import outline
from qunxing.intake.joining.finding import Firm, find_among
from qunxing.intake.joining.names import Parts, Why, compare, split

SAMPLE = Path(__file__).with_name("pairs.tsv")
HARD = {"sound2", "rough2", "look2", "placename", "other2", "elsewhere", "number"}


def sample():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def found_in_sample():
    """{(folded, folded)} of all pairs that are found when every name of the sample is compared with every other."""
    names = list(dict.fromkeys(name for row in sample() for name in (row["one"], row["other"])))
    firms = [Firm(key, name, fold_name(name)) for key, name in enumerate(names)]
    return {frozenset((fold_name(names[one.first]), fold_name(names[one.second]))) for one in find_among(firms)}


def test_sample_has_the_hard_cases():
    cases = {row["case"] for row in sample()}
    assert HARD - cases == set()
    assert len(sample()) >= 70


def test_labelled_pairs_are_found_and_others_are_not():
    found = found_in_sample()
    judged = [(row, frozenset((fold_name(row["one"]), fold_name(row["other"]))) in found) for row in sample()]
    wrong = [(row["case"], row["one"], row["other"]) for row, told in judged if told is not (row["same"] == "1")]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("北京金山软件有限公司", ("北京", "金山", "软件", "有限公司")),
        ("金山软件有限公司", ("", "金山", "软件", "有限公司")),
        ("上海临港经济发展（集团）有限公司", ("上海", "临港经济", "发展", "集团有限公司")),
        ("上海徐汇资本投资有限公司", ("上海", "徐汇资本", "投资", "有限公司")),
        ("上海临港星澜科技有限公司", ("上海", "星澜", "科技", "有限公司")),
        ("上海苏州河文化传媒有限公司", ("上海", "苏州河", "文化传媒", "有限公司")),
        ("广东深圳南山星澜科技有限公司", ("深圳", "星澜", "科技", "有限公司")),
        ("西湖大学", ("", "西湖", "", "大学")),
    ],
)
def test_place_that_is_the_trade_name_is_kept(name, parts):
    assert split(name) == Parts(*parts)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("上海星澜智能科技有限公司", "上海星蓝智能科技有限公司", Why.SOUND),
        ("北京未名数据技术有限公司", "北京末名数据技术有限公司", Why.LOOK),
        ("星澜智能科技有限公司", "星澜科技有限公司", Why.NOWHERE),
    ],
)
def test_reason_is_told(one, other, why):
    assert why in compare(one, other).reasons


@pytest.mark.parametrize("words", ["电子商务", "集团公司", "控股集团", "信息技术", "高科技", "人工智能科技"])
def test_words_that_can_be_read_in_two_ways_are_read_at_once(words):
    name = f"上海徐汇{words * 45}甲"
    assert "甲" in split(name).trade
    assert outline(name).key == name
    assert outline(f"{name}有限公司").text.endswith("甲")
