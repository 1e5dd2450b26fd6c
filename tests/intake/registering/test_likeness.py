"""Which names are nearly alike."""

import pytest

from qunxing.core.text import fold_name
from qunxing.intake.registering.likeness import near_pairs


def pairs(new, stored=()):
    named = {fold_name(name): name for name in new}
    return list(near_pairs(named, [(fold_name(name), name) for name in stored]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京智谱华章科技有限公司", "北京智谱华章科技股份有限公司"),
        ("上海商汤智能科技有限公司", "商汤智能科技（上海）有限公司"),
        ("上海市稀宇科技有限责任公司", "上海稀宇科技有限公司"),
        ("上海阶跃星辰智能科技有限公司", "上海阶跃星辰智能科枝有限公司"),
        ("上海阶跃星辰智能科技有限公司", "上海阶跃星辰能智科技有限公司"),
        ("上海阶跃星辰智能科技有限公司", "上海阶跃星晨智能科技有限公司"),
        ("上海阶跃星辰智能科技有限公司", "上海阶跃星辰智能技有限公司"),
    ],
)
def test_names_nearly_alike_are_found(one, other):
    assert pairs([other], [one]) == [(one, other)]
    assert pairs([one, other]) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京深度求索人工智能基础技术研究有限公司", "杭州深度求索人工智能基础技术研究有限公司"),
        ("上海阶跃星辰智能科技有限公司", "上海财跃星辰智能科技有限公司"),
        ("广州趣丸网络科技有限公司", "广州趣闯网络科技有限公司"),
        ("上海演示一号科技有限公司", "上海演示二号科技有限公司"),
        ("上海演示智能企业101有限公司", "上海演示智能企业102有限公司"),
        ("腾讯科技（深圳）有限公司", "深圳市腾讯计算机系统有限公司"),
        ("中国移动通信集团有限公司", "中国移动通信有限公司"),
        ("阿里公司", "阿里有限公司"),
    ],
)
def test_other_firms_are_let_be(one, other):
    assert pairs([other], [one]) == []


def test_sisters_a_letter_apart_are_let_be():
    sisters = [f"山东浪潮云数字{word}术有限公司" for word in ("技", "科", "艺")]
    assert pairs(sisters) == []
    assert len(pairs(sisters[:2])) == 1


def test_stored_names_are_not_compared_with_each_other():
    assert pairs(["上海甲智能科技有限公司"], ["北京智谱华章科技有限公司", "北京智谱华章科技股份有限公司"]) == []


def test_many_names_that_begin_alike_cost_little():
    import time

    begin = time.monotonic()
    assert pairs(f"上海演示智能企业{number}有限公司" for number in range(20_000)) == []
    assert time.monotonic() - begin < 20
