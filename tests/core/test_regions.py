import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.regions import (
    BY_CODE,
    DISTRICTS,
    PROVINCES,
    Province,
    district_of,
    division_name,
    province_like,
    province_of,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("北京市", "11"),
        ("北京", "11"),
        ("中国上海", "31"),
        ("上海市浦东新区", "31"),
        ("上海市浦東新區", "31"),
        ("上海-浦东新区", "31"),
        ("陕西-西安", "61"),
        ("山西省", "14"),
        ("内蒙古自治区", "15"),
        ("内蒙古", "15"),
        ("内蒙", "15"),
        ("廣西壯族自治區", "45"),
        ("黑龙江", "23"),
        ("香港特别行政区", "81"),
        ("台湾-台北市", "71"),
        ("国资委", "00"),
        ("中央企业", "00"),
        ("ZhongYangQiYe", "00"),
        ("ZheJiang", "33"),
        ("Zhejiang", "33"),
        ("ＳＨＡＡＮＸＩ", "61"),
        ("ShanXi", "14"),
        ("NeiMengGu", "15"),
        ("Inner Mongolia", "15"),
        ("Hong Kong", "81"),
        ("310104", "31"),
        ("44", "44"),
        ("990000", None),
        ("深圳市", None),
        ("北美洲-美国", None),
        ("Shinghai", None),
        ("", None),
        ("🚀", None),
    ],
)
def test_province_of(text: str, code: str | None) -> None:
    assert province_of(text) == code


@pytest.mark.parametrize("province", PROVINCES, ids=lambda province: province.name)
def test_province_of_knows_each_name(province: Province) -> None:
    names = (province.name, province.full_name, province.division, *province.words)
    assert {province_of(name) for name in names if name != "100000"} == {province.code}


def test_provinces_are_those_of_the_standard() -> None:
    assert len(PROVINCES) == len(BY_CODE) == 35
    assert BY_CODE["00"].division == "100000"
    assert BY_CODE["31"].division == "310000"


@pytest.mark.parametrize(
    ("pinyin", "code"),
    [
        ("Shinghai", "31"),
        ("Beijng", "11"),
        ("Zhejaing", "33"),
        ("Guandong", "44"),
        ("Hanan", None),  # Henan, Hunan or Hainan
        ("Nan", None),
        ("Shenzhen", None),
    ],
)
def test_province_like_guesses_one_letter(pinyin: str, code: str | None) -> None:
    assert province_like(pinyin) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市浦东新区", "310115"),
        ("上海-徐汇区", "310104"),
        ("徐匯區", "310104"),
        ("上海市徐汇区龙台路180号", "310104"),
        ("上海市闸北区", "310106"),
        ("上海-崇明县", "310151"),
        ("310104", "310104"),
        ("310199", None),
        ("浙江舟山普陀区", None),
        ("上海市", None),
    ],
)
def test_district_of(text: str, code: str | None) -> None:
    assert district_of(text) == code


@pytest.mark.parametrize("code", DISTRICTS)
def test_district_of_knows_each_name(code: str) -> None:
    assert district_of(f"上海市{DISTRICTS[code][0]}") == code
    assert province_of(code) == "31"


def test_division_name_speaks_both_languages() -> None:
    with override("en"):
        assert str(division_name("310104", chinese=False)) == "Xuhui"
        assert str(division_name("31", chinese=False)) == "Shanghai"
    assert division_name("310104") == "徐汇区"
    assert division_name("310000") == "上海市"
    assert division_name("999999") == "999999"


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    assert province_of(text) in {None, *BY_CODE}
    assert district_of(text) in {None, *DISTRICTS}
    assert province_like(text) in {None, *BY_CODE}
