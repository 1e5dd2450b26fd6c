"""How alike names of firms are; all of the firms are made up."""

import random

import pytest

from qunxing.core.text import fold_name
from qunxing.intake.joining.finding import Firm, find, find_among, marks_of
from qunxing.intake.joining.names import THRESHOLD, Parts, Why, compare, split


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


def firms(*names):
    return [Firm(key, name, fold_name(name)) for key, name in enumerate(names)]


def pairs(*names):
    return {(one.first, one.second) for one in find_among(firms(*names))}


def made_up(count, letters="星澜海图云知宇辰浩瀚启明博远智汇创联锐思拓维"):
    chance = random.Random(7)
    return [f"上海{''.join(chance.choices(letters, k=4))}科技有限公司" for _ in range(count)]


def test_many_names_are_blocked():
    names = made_up(3_000)
    found = pairs(*names, "上海" + names[0][2:6] + "科技股份有限公司")
    assert (0, 3_000) in found


def test_trade_name_of_many_is_compared_by_place_and_business():
    cities = ("北京", "深圳", "杭州", "南京", "成都", "武汉", "苏州", "西安")
    work = ("智能", "软件", "网络", "医疗", "文化", "投资")
    names = [f"{city}星澜{business}有限公司" for city in cities for business in work]
    assert pairs(*names, "星澜智能（上海）有限公司", "上海星澜智能科技有限公司") >= {(48, 49)}


def test_one_firm_alone_is_compared_as_among_all():
    known = {firm.key: firm for firm in firms(*made_up(400, "星澜海图云知"))}
    marked = [(mark, key) for key, firm in known.items() for mark in marks_of(firm)]
    everything = find(known, marked)
    own = {mark for mark, key in marked if key == 7}
    alone = find(known, [(mark, key) for mark, key in marked if mark in own], about=[7])
    assert alone == [one for one in everything if 7 in (one.first, one.second)]
    assert len(alone) > 0
