"""How alike names of firms are; all of the firms are made up."""

import random

import pytest

from qunxing.intake.joining.names import THRESHOLD, Parts, Why, compare, near_pairs, split


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("上海星澜智能科技有限公司", ("上海", "星澜", "智能科技", "有限公司")),
        ("星澜智能科技（上海）股份有限公司", ("上海", "星澜", "智能科技", "股份有限公司")),
        ("上海徐汇星澜信息技术有限公司", ("上海", "星澜", "信息技术", "有限公司")),
        ("星澜", ("", "星澜", "", "")),
        ("深圳市星澜科技有限责任公司", ("深圳", "星澜", "科技", "有限责任公司")),
        ("科技有限公司", ("", "科技", "", "有限公司")),
    ],
)
def test_name_is_split_into_its_parts(name, parts):
    assert split(name) == Parts(*parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海星澜智能科技有限公司", "星澜智能科技（上海）有限公司"),
        ("上海星澜智能科技有限公司", "上海星澜智能科技股份有限公司"),
        ("上海星澜智能科技有限公司", "上海星澜科技有限公司"),
        ("上海星澜智能科技有限公司", "星澜智能科技有限公司"),
        ("上海星澜智能科技有限公司", "上海星蓝智能科技有限公司"),
        ("上海市星澜智能科技有限公司", "上海徐汇星澜智能科技有限公司"),
    ],
)
def test_one_firm_is_found_in_two_names(one, other):
    assert compare(one, other).score >= THRESHOLD
    assert compare(one, other) == compare(other, one)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("上海星澜智能科技有限公司", "北京星澜智能科技有限公司", Why.ELSEWHERE),
        ("上海星澜一号科技有限公司", "上海星澜二号科技有限公司", Why.ORDER),
    ],
)
def test_sisters_are_two_and_the_reason_is_told(one, other, why):
    found = compare(one, other)
    assert (found.score < THRESHOLD, why in found.reasons) == (True, True)


def test_names_of_other_firms_are_not_alike():
    assert compare("上海星澜智能科技有限公司", "上海海图智能科技有限公司").score == 0


def test_pairs_are_found_once_with_the_best_of_several_names():
    names = [
        (1, "上海星澜智能科技有限公司"),
        (2, "星澜科技"),
        (2, "上海星澜智能科技股份有限公司"),
        (3, "上海海图科技有限公司"),
    ]
    found = [(one, other, Why.TRADE in likeness.reasons) for one, other, likeness in near_pairs(names)]
    assert found == [(1, 2, True)]


def test_many_names_are_blocked():
    letters = "星澜海图云知宇辰浩瀚启明博远智汇创联锐思拓维"
    chance = random.Random(7)
    names = [(key, f"上海{''.join(chance.choices(letters, k=4))}科技有限公司") for key in range(3_000)]
    pairs = list(near_pairs([*names, (9_999, "上海" + names[0][1][2:6] + "科技股份有限公司")]))
    assert any(9_999 in pair[:2] and 0 in pair[:2] for pair in pairs)
