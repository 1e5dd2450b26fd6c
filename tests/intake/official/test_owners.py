import pytest

from qunxing.intake.official.owners import looks_like_organization, split_owners


@pytest.mark.parametrize("separator", ["、", "，", ",", "/", "；", ";", "\n", " 、 "])
def test_several_organisations_are_told_apart(separator):
    text = f"上海甲科技有限公司{separator}浦江大学（深圳）{separator}滨江实验室"
    assert split_owners(text) == ("上海甲科技有限公司", "浦江大学（深圳）", "滨江实验室")


@pytest.mark.parametrize(
    "text", ["上海甲、乙科技有限公司", "甲/乙", "甲科技（上海、北京）有限公司", "上海甲科技 股份有限公司"]
)
def test_what_may_be_one_organisation_stays_whole(text):
    assert split_owners(text) == (text,)


def test_one_organisation_named_twice_is_one():
    assert split_owners("甲有限公司、甲有限公司") == ("甲有限公司",)


def test_nobody():
    assert split_owners(" \n ") == ()


@pytest.mark.parametrize(
    "text",
    [
        "甲有限公司",
        "甲研究院（国际中心（深圳））",
        "甲乙店（个体工商户）",
        "甲乙合作社",
        "甲乙報社",
        "Example Technology Co., Ltd.",
    ],
)
def test_organisation_is_recognised(text):
    assert looks_like_organization(text)


@pytest.mark.parametrize("text", ["公司", "张三", "甲大模型", ""])
def test_other_text_is_no_organisation(text):
    assert not looks_like_organization(text)
