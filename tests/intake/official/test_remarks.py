"""The shapes are those that were published; the names are made up."""

import pytest

from qunxing.intake.official import PartKind, read_remark


def read(text):
    return [(part.kind, part.old, part.new, part.names) for part in read_remark(text)]


def organization(old, new):
    return (PartKind.ORGANIZATION_RENAMED, old, new, ())


def title(old, new):
    return (PartKind.TITLE_RENAMED, old, new, ())


def product(old, new):
    return (PartKind.PRODUCT_RENAMED, old, new, ())


def added(*names):
    return (PartKind.PRODUCTS_ADDED, "", "", names)


def other():
    return (PartKind.OTHER, "", "", ())


@pytest.mark.parametrize(
    "text",
    [
        "原主体名称“甲科技有限公司”变更为“乙科技有限公司”",
        "原主体“甲科技有限公司”变更为“乙科技有限公司”",
        "变更内容：原主体名称“甲科技有限公司”变更为“乙科技有限公司”",
        "变更内容：主体由“甲科技有限公司”变更为“乙科技有限公司”",
        "原主体名称由“甲科技有限公司”变更为“乙科技有限公司”",
        "2024年8月，原主体名称甲科技有限公司变更为乙科技有限公司",
        "2024年8月，原主体名称由甲科技有限公司变更为乙科技有限公司",
    ],
)
def test_organization_renamed(text):
    assert read(text) == [organization("甲科技有限公司", "乙科技有限公司")]


@pytest.mark.parametrize(
    "text",
    [
        "原算法名称“甲算法”变更为“乙算法”",
        "变更内容：算法名称原“甲算法”变更为“乙算法”",
        "变更内容：算法名称由“甲算法”变更为“乙算法”",
        "原算法名称由“甲算法”变更为“乙算法”",
        '变更内容：原算法名称“甲算法"变更为“乙算法”',
        "2024年8月，变更内容：算法名称由甲算法变更为乙算法",
        "2024年8月，原算法名称甲算法变更为乙算法",
    ],
)
def test_title_renamed(text):
    assert read(text) == [title("甲算法", "乙算法")]


def test_former_title_alone():
    assert read("原算法名称“甲算法-2”") == [title("甲算法-2", "")]


@pytest.mark.parametrize(
    "text",
    [
        "原产品名称“甲(APP)”变更为“乙(网站)”",
        "变更内容：产品名称由“甲(APP)”变更为“乙(网站)”",
        "变更内容：产品甲(APP)变更为乙(网站)",
        "变更内容：原产品“甲(APP)”变更为“乙(网站)”",
    ],
)
def test_product_renamed(text):
    assert read(text) == [product("甲(APP)", "乙(网站)")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("变更内容：新增产品甲(APP)、乙(小程序)", ("甲(APP)", "乙(小程序)")),
        ("2024年8月，新增关联产品：甲(APP)、乙-丙(网站)", ("甲(APP)", "乙-丙(网站)")),
        ("2024年4月，新增关联产品甲(小程序)", ("甲(小程序)",)),
        ("2024年6月，新增甲(APP)", ("甲(APP)",)),
        ("变更内容：新增产品“甲(APP)”、“乙(APP)”", ("甲(APP)", "乙(APP)")),
        ("2024年6月，新增关联产品甲（一、二）(小程序)、乙(APP)", ("甲（一、二）(小程序)", "乙(APP)")),
    ],
)
def test_products_added(text, names):
    assert read(text) == [added(*names)]


def test_products_removed():
    assert read("删除甲（网站）、乙（商用版）(APP)") == [
        (PartKind.PRODUCTS_REMOVED, "", "", ("甲（网站）", "乙（商用版）(APP)"))
    ]


def test_cancelled():
    assert read("已注销") == [(PartKind.CANCELLED, "", "", ())]


def test_several_parts_stand_in_order():
    text = (
        "变更内容：原主体名称“甲公司”变更为“乙公司”，原产品名称“丙（小程序）”变更为“丁(小程序)”，"
        "原算法名称“戊”变更为“己”，新增产品庚(APP)，变更主要用途。"
    )
    assert read(text) == [
        organization("甲公司", "乙公司"),
        product("丙（小程序）", "丁(小程序)"),
        title("戊", "己"),
        added("庚(APP)"),
        other(),
    ]


def test_pairs_go_on_with_their_subject():
    text = "变更内容： 产品名称由“甲（APP）”变更为“乙（网站）”、“丙(APP)”变更为“丁(APP)”"
    assert read(text) == [product("甲（APP）", "乙（网站）"), product("丙(APP)", "丁(APP)")]


def test_product_pair_after_an_organization_is_a_product():
    text = "变更内容：主体名称“甲公司”变更为“乙公司”，新增产品丙(网站)，“甲云(APP)”变更为“乙云(APP)”"
    assert read(text) == [organization("甲公司", "乙公司"), added("丙(网站)"), product("甲云(APP)", "乙云(APP)")]


@pytest.mark.parametrize(
    "text",
    [
        "变更内容：变更主要用途 为“应用于新闻场景，通过内容打散，优化结果。”",
        "产品变更、算法输出模态变更、算法模型变更",
        "变更内容：原使用算法甲、乙变更为甲",
        "2024年8月，产品变更为甲(APP)、乙(APP)",
        "2022年9月更新备案主体名称",
    ],
)
def test_what_is_not_understood_stays_as_it_stands(text):
    [part] = read_remark(text)
    assert (part.kind, part.text in text, len(part.text) > 5) == (PartKind.OTHER, True, True)


def test_nothing_says_nothing():
    assert read_remark("") == ()
