from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.numerals import read_numeral

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("零", "0"),
        ("0万", "0"),
        ("1200", "1200"),
        ("1,200,000.50", "1200000.50"),
        ("1.8亿", "180000000"),
        ("1.2千万", "12000000"),
        ("500百万", "500000000"),
        ("20千万", "200000000"),
        ("3千5百万", "35000000"),
        ("1亿5000万", "150000000"),
        ("1万5000", "15000"),
        ("1万亿", "1000000000000"),
        ("1万5千亿", "1500000000000"),
        ("十", "10"),
        ("十五", "15"),
        ("一百零五", "105"),
        ("一百五", "150"),
        ("一百一十", "110"),
        ("一百二十三", "123"),
        ("三千五", "3500"),
        ("三千零五", "3005"),
        ("两千万", "20000000"),
        ("一亿三千万", "130000000"),
        ("一亿三", "130000000"),
        ("一亿零五万", "100050000"),
        ("壹佰贰拾万", "1200000"),
        ("千万", "10000000"),
        ("亿", "100000000"),
    ],
)
def test_read_numeral_reads(text: str, number: str) -> None:
    assert read_numeral(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1.2.3",
        "1,20",
        "1 2",
        "万万",
        "亿亿",
        "1万2万",
        "1亿5",
        "3千5",
        "1亿5000",
        "1万50000",
        "五十百",
        "二三",
        "1e5",
        "-5",
        "٣",
        "9" * 41,
    ],
)
def test_read_numeral_refuses(text: str) -> None:
    assert read_numeral(text) is None


def in_chinese(number: int) -> str:
    """The full spoken form of a number under 10000, every 零 said."""
    said = "".join(DIGITS[int(digit)] + unit for digit, unit in zip(f"{number:04}", "千百十" + " ", strict=True))
    for unit in "千百十":
        said = said.replace("零" + unit, "零")
    while "零零" in said:
        said = said.replace("零零", "零")
    return said.strip().strip("零") or "零"


@given(st.integers(min_value=0, max_value=9999))
def test_read_numeral_reads_what_is_spoken(number: int) -> None:
    assert read_numeral(in_chinese(number)) == number


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=1000, max_value=9999))
def test_read_numeral_adds_sections(high: int, low: int) -> None:
    assert read_numeral(f"{high}亿{low}万") == high * 10**8 + low * 10**4
    assert read_numeral(f"{in_chinese(high)}亿{in_chinese(low)}万") == high * 10**8 + low * 10**4


@given(st.text(alphabet="0123456789.,零一二两三十百千万亿", max_size=12))
def test_read_numeral_never_fails(text: str) -> None:
    number = read_numeral(text)
    assert number is None or number >= 0
