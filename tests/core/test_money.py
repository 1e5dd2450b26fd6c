import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.money import CURRENCIES, MoneyError, MoneyRange, parse_bounds, parse_money, show_money, show_range

WAN, YI = 10**4, 10**8
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def exactly(amount: int, currency: str = "CNY") -> MoneyRange:
    return MoneyRange(amount, amount, currency)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("630万人民币", exactly(630 * WAN)),
        ("1.8亿美元", exactly(180_000_000, "USD")),
        ("１.８億美圓", exactly(180_000_000, "USD")),
        ("１.８億美元", exactly(180_000_000, "USD")),
        ("22.85亿", exactly(2_285_000_000)),
        ("1,200千元", exactly(1_200_000)),
        ("500", exactly(500)),
        ("500元整", exactly(500)),
        ("0", exactly(0)),
        ("0万元", exactly(0)),
        ("1234.5元", exactly(1235)),
        ("1234.49元", exactly(1234)),
        ("HK$500万", exactly(500 * WAN, "HKD")),
        ("500万港币", exactly(500 * WAN, "HKD")),
        ("３０００万欧元", exactly(3000 * WAN, "EUR")),
        ("€3 million", exactly(3_000_000, "EUR")),
        ("USD 1.5bn", exactly(1_500_000_000, "USD")),
        ("US$2.5M", exactly(2_500_000, "USD")),
        ("$750K", exactly(750_000, "USD")),
        ("RMB 300w", exactly(300 * WAN)),
        ("￥5,000", exactly(5000)),
        ("5000万日圓", exactly(5000 * WAN, "JPY")),
        ("5000万日元", exactly(5000 * WAN, "JPY")),
        ("500万新台币", exactly(500 * WAN, "TWD")),
        ("NT$500万", exactly(500 * WAN, "TWD")),
        ("500万新加坡元", exactly(500 * WAN, "SGD")),
        ("人民币壹佰贰拾万圆整", exactly(120 * WAN)),
        ("两千万元", exactly(2000 * WAN)),
        ("1亿5000万", exactly(150_000_000)),
        ("1000（万元）", exactly(1000 * WAN)),
        ("500万（美元）", exactly(500 * WAN, "USD")),
        ("500万美元（约3500万元人民币）", exactly(500 * WAN, "USD")),
        ("500万元（含税）", exactly(500 * WAN)),
        ("十万元", exactly(100_000)),
        ("CNY 180 million", exactly(180_000_000)),
    ],
)
def test_parse_money_reads_one_amount(text: str, money: MoneyRange) -> None:
    assert parse_money(text) == money


@pytest.mark.parametrize(
    ("text", "low", "high", "low_open", "high_open"),
    [
        ("近1亿元", None, YI, False, True),
        ("不到100万", None, 100 * WAN, False, True),
        ("100万不到", None, 100 * WAN, False, True),
        ("不超过500万元", None, 500 * WAN, False, False),
        ("500万元以内", None, 500 * WAN, False, False),
        ("≤500万", None, 500 * WAN, False, False),
        ("up to 5 million", None, 5_000_000, False, False),
        ("under CNY 5 million", None, 5_000_000, False, True),
        ("超5亿", 5 * YI, None, True, False),
        ("逾五億元", 5 * YI, None, True, False),
        (">5亿", 5 * YI, None, True, False),
        ("over CNY 5 million", 5_000_000, None, True, False),
        ("100余万元", 100 * WAN, None, True, False),
        ("100餘萬元", 100 * WAN, None, True, False),
        ("500多万", 500 * WAN, None, True, False),
        ("1亿多元", YI, None, True, False),
        ("500万余元", 500 * WAN, None, True, False),
        ("500万元以上", 500 * WAN, None, False, False),
        ("不低于500万元", 500 * WAN, None, False, False),
        ("至少500万", 500 * WAN, None, False, False),
        ("500万+", 500 * WAN, None, False, False),
        ("上千万", 1000 * WAN, None, False, False),
        ("上亿元", YI, None, False, False),
        ("约500万元", 500 * WAN, 500 * WAN, True, True),
        ("500万左右", 500 * WAN, 500 * WAN, True, True),
        ("数千万", 1000 * WAN, YI, True, True),
        ("數千萬元", 1000 * WAN, YI, True, True),
        ("几百万", 100 * WAN, 1000 * WAN, True, True),
        ("数十万", 10 * WAN, 100 * WAN, True, True),
        ("数亿元", YI, 10 * YI, True, True),
        ("数千万级", 1000 * WAN, YI, True, True),
        ("tens of millions", 1000 * WAN, YI, True, True),
        ("several million", 100 * WAN, 1000 * WAN, True, True),
        ("十几亿", 10 * YI, 20 * YI, True, True),
        ("千万级", 1000 * WAN, YI, False, True),
        ("亿元级", YI, 10 * YI, False, True),
        ("百万元", 100 * WAN, 1000 * WAN, False, True),
        ("近千万元", None, 1000 * WAN, False, True),
        ("两三千万", 2000 * WAN, 3000 * WAN, False, False),
        ("三五百万元", 300 * WAN, 500 * WAN, False, False),
        ("500万-1000万", 500 * WAN, 1000 * WAN, False, False),
        ("500-1000万元", 500 * WAN, 1000 * WAN, False, False),
        ("500～1000萬", 500 * WAN, 1000 * WAN, False, False),
        ("5000-1万", 5000, WAN, False, False),
        ("500万元至1亿元", 500 * WAN, YI, False, False),
        ("5–8亿元", 5 * YI, 8 * YI, False, False),
        ("500万到800万", 500 * WAN, 800 * WAN, False, False),
        ("CNY 5 million to CNY 10 million", 5_000_000, 10_000_000, False, False),
        ("介于500万与1000万之间", 500 * WAN, 1000 * WAN, True, True),
        ("between CNY 5 million and 10 million", 5_000_000, 10_000_000, True, True),
    ],
)
def test_parse_money_reads_a_range(
    text: str, low: int | None, high: int | None, low_open: bool, high_open: bool
) -> None:
    assert parse_money(text) == MoneyRange(low, high, "CNY", low_open, high_open)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("未透露", "CNY"),
        ("未透露人民币", "CNY"),
        ("未透露美元", "USD"),
        ("金额未披露", "CNY"),
        ("未公开", "CNY"),
        ("不详", "CNY"),
        ("-", "CNY"),
        ("——", "CNY"),
        ("－", "CNY"),
        ("N/A", "CNY"),
        ("Undisclosed", "CNY"),
    ],
)
def test_parse_money_knows_undisclosed(text: str, currency: str) -> None:
    money = parse_money(text)
    assert money == MoneyRange(None, None, currency)
    assert money.undisclosed
    assert money.amount is None


def test_parse_money_of_nothing_is_nothing() -> None:
    assert parse_money("") is None
    assert parse_money(" \u200b\u3000") is None


def test_parse_money_keeps_what_was_written() -> None:
    assert parse_money(" 近１億 ") == MoneyRange(None, YI, "CNY", high_open=True)
    assert getattr(parse_money(" 近１億 "), "text", None) == " 近１億 "


def test_parse_money_takes_the_default_currency() -> None:
    assert parse_money("500万", "USD") == exactly(500 * WAN, "USD")
    assert parse_money("500万人民币", "USD") == exactly(500 * WAN)


@pytest.mark.parametrize(
    "text",
    [
        "若干",
        "面议",
        "万元",
        "元",
        "-500万",
        "500万-",
        "1-2-3万",
        "近100余万",
        "1.2.3万",
        "1e9",
        "5元6角",
        "½亿",
        "(500万)",
        "🚀",
        "=1+1",
        "500万<b>",
        "9" * 5000,
        "钱" * 5000,
    ],
)
def test_parse_money_refuses(text: str) -> None:
    with override("en"), pytest.raises(MoneyError, match="cannot be read as an amount of money") as caught:
        parse_money(text)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("500万美元人民币", "names two currencies, USD and CNY"),
        ("1000万-500万", "from a larger amount to a smaller"),
        ("99999999999亿元", "more money than there is"),
        ("1" + "0" * 30, "more money than there is"),
    ],
)
def test_parse_money_says_what_is_wrong(text: str, message: str) -> None:
    with override("en"), pytest.raises(MoneyError, match=message):
        parse_money(text)


@given(st.text(max_size=100))
def test_parse_money_fails_in_one_way_only(text: str) -> None:
    try:
        money = parse_money(text)
    except MoneyError:
        return
    assert money is None or money.text == text


@given(st.text(alphabet="0123456789.,-~至到约近超不数几十百千万亿元美港余多以上下内级()（）between km", max_size=14))
def test_parse_money_never_runs_backwards(text: str) -> None:
    try:
        money = parse_money(text)
    except MoneyError:
        return
    if money and money.low is not None and money.high is not None:
        assert 0 <= money.low <= money.high


@pytest.mark.parametrize(
    ("amount", "currency", "style", "chinese", "english"),
    [
        (180_000_000, "CNY", "auto", "1.8亿元", "CNY 180 million"),
        (6_300_000, "CNY", "auto", "630万元", "CNY 6.3 million"),
        (630_000, "CNY", "auto", "63万元", "CNY 630,000"),
        (12_345, "CNY", "auto", "1.2345万元", "CNY 12,345"),
        (99_999_999, "CNY", "auto", "9,999.9999万元", "CNY 100 million"),
        (183_456_789, "CNY", "auto", "1.83亿元", "CNY 183.46 million"),
        (500, "USD", "auto", "500美元", "USD 500"),
        (0, "CNY", "auto", "0元", "CNY 0"),
        (-180_000_000, "HKD", "auto", "-1.8亿港元", "HKD -180 million"),
        (60_000_000_000, "CNY", "auto", "600亿元", "CNY 60 billion"),
        (180_000_000, "CNY", "wan", "18,000万元", "CNY 180,000 thousand"),
        (180_000_000, "CNY", "yi", "1.8亿元", "CNY 180 million"),
        (180_000_000, "CNY", "thousand", "180,000千元", "CNY 180,000 thousand"),
        (180_000_000, "CNY", "one", "180,000,000元", "CNY 180,000,000"),
        (1_000_000, "XAU", "auto", "100万 XAU", "XAU 1 million"),
    ],
)
def test_show_money_speaks_both_languages(amount: int, currency: str, style: str, chinese: str, english: str) -> None:
    assert show_money(amount, currency, style, "zh-hans") == chinese
    assert show_money(amount, currency, style, "en") == english


def test_show_money_follows_the_reader() -> None:
    with override("en"):
        assert show_money(10_000) == "CNY 10,000"
    with override("zh-hans"):
        assert show_money(10_000) == "1万元"


@pytest.mark.parametrize(
    ("money", "chinese", "english"),
    [
        (MoneyRange(None, None), "未披露", "undisclosed"),
        (exactly(500 * WAN), "500万元", "CNY 5 million"),
        (MoneyRange(5 * YI, None, low_open=True), "超过5亿元", "over CNY 500 million"),
        (MoneyRange(5 * YI, None), "不低于5亿元", "at least CNY 500 million"),
        (MoneyRange(None, YI, high_open=True), "不到1亿元", "under CNY 100 million"),
        (MoneyRange(None, YI), "不超过1亿元", "up to CNY 100 million"),
        (MoneyRange(YI, YI, "USD", True, True), "约1亿美元", "about USD 100 million"),
        (MoneyRange(500 * WAN, YI), "500万元至1亿元", "CNY 5 million to CNY 100 million"),
        (
            MoneyRange(500 * WAN, YI, "CNY", True, True),
            "介于500万元与1亿元之间",
            "between CNY 5 million and CNY 100 million",
        ),
    ],
)
def test_show_range_speaks_both_languages(money: MoneyRange, chinese: str, english: str) -> None:
    assert show_range(money, language="zh-hans") == chinese
    assert show_range(money, language="en") == english


AMOUNTS = st.integers(min_value=0, max_value=99_999_999) | st.integers(min_value=1, max_value=10**8).map(
    lambda n: n * WAN
)


@st.composite
def ranges(draw: st.DrawFn) -> MoneyRange:
    low, high = sorted([draw(AMOUNTS), draw(AMOUNTS)])
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    told = draw(st.sampled_from(["both", "between", "low", "high", "about", "none"]))
    is_open = draw(st.booleans())
    return {
        "both": MoneyRange(low, high, currency),
        "between": MoneyRange(low, high, currency, True, True),
        "low": MoneyRange(low, None, currency, low_open=is_open),
        "high": MoneyRange(None, high, currency, high_open=is_open),
        "about": MoneyRange(low, low, currency, True, True),
        "none": MoneyRange(None, None, currency),
    }[told]


@given(ranges(), st.sampled_from(["one", "wan", "auto"]))
def test_what_is_shown_in_chinese_is_read_back(money: MoneyRange, style: str) -> None:
    assert parse_money(show_range(money, style, "zh-hans"), money.currency) == money


@given(ranges())
def test_what_is_shown_in_english_is_read_back(money: MoneyRange) -> None:
    assert parse_money(show_range(money, "one", "en"), money.currency) == money


def test_parse_money_reads_every_published_round() -> None:
    path = DATA / "rounds.csv"
    if not path.exists():
        pytest.skip(f"no public data at {path}")
    with path.open(encoding="utf-8-sig") as file:
        kinds = Counter(_kind(row["融资金额"]) for row in csv.DictReader(file))
    assert kinds["undisclosed"] == 95
    assert kinds["several"] == 208
    assert kinds["exact"] == sum(kinds.values()) - 95 - 208


def _kind(text: str) -> str:
    money = parse_money(text)
    assert money
    return "undisclosed" if money.undisclosed else "exact" if money.amount is not None else "several"


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("近400", (None, 400, False, True)),
        ("100余", (100, None, True, False)),
        ("超5万", (50_000, None, True, False)),
        ("1-2", (1, 2, False, False)),
        ("30.5", (Decimal("30.5"), Decimal("30.5"), False, False)),
        ("", None),
        ("很多", None),
    ],
)
def test_bounds_of_a_quantity_without_unit(text, bounds):
    assert parse_bounds(text) == bounds
