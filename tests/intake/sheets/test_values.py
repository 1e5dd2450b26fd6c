"""From cells to values and back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.dates import ParsedDay
from qunxing.core.money import MoneyRange
from qunxing.core.reasons import Reason, Unreadable
from qunxing.core.sheets import sheets
from qunxing.intake.sheets.values import is_empty, reader_of, same_of, text_of

pytestmark = pytest.mark.django_db
USCC = "91350100M000100Y43"


def column_of(path):
    sheet, name = path.split(".")
    spec = sheets()[sheet]
    return spec, spec.column(name)


def read(path, cell, unit=""):
    return reader_of(*column_of(path), unit)(cell)


def refusal(path, cell, unit=""):
    """The sentence with which the cell is refused, which can be stored and told again."""
    with pytest.raises(Unreadable) as error:
        read(path, cell, unit)
    assert Reason.from_json(error.value.reason.to_json()) == error.value.reason
    return str(error.value.reason)


@pytest.mark.parametrize(
    ("path", "cell", "unit", "value"),
    [
        ("organizations.uscc", f" {USCC.lower()} ", "", USCC),
        ("organizations.uscc", "", "", None),
        ("organizations.name", "   ", "", ""),
        ("organizations.name", "\u200e\u202e\u2069", "", ""),
        ("organizations.name", "上海\n示例\u202e公司", "", "上海 示例公司"),
        ("organizations.name", "𠮷野家🍜科技", "", "𠮷野家🍜科技"),
        ("organizations.name", "—", "", ""),
        ("organizations.website", "www.example.com/a", "", "https://www.example.com/a"),
        ("organizations.website", "http://example.com", "", "http://example.com"),
        ("organizations.description", "一\r\n二", "", "一\n二"),
        ("organizations.registered_capital", "630万", "", 6_300_000),
        ("organizations.registered_capital", "1.2亿", "千元", 120_000_000),
        ("organizations.registered_capital", 500.0, "万元", 5_000_000),
        ("organizations.registered_capital", "1,200", "千元", 1_200_000),
        ("organizations.registered_capital", "未透露", "", None),
        ("organizations.founded_on", "2011-03", "", ParsedDay(date(2011, 3, 1), date(2011, 3, 31), "month")),
        ("organizations.founded_on", 44274.0, "", ParsedDay(date(2021, 3, 19), date(2021, 3, 19))),
        ("organizations.founded_on", "44274", "", ParsedDay(date(2021, 3, 19), date(2021, 3, 19))),
        (
            "organizations.founded_on",
            datetime(2021, 3, 19, tzinfo=UTC),
            "",
            ParsedDay(date(2021, 3, 19), date(2021, 3, 19)),
        ),
        ("organizations.founded_on", "2023年8月", "", ParsedDay(date(2023, 8, 1), date(2023, 8, 31), "month")),
        ("organizations.roles", "企业、投资机构;University or Institute", "", ("firm", "fund_manager", "university")),
        ("organizations.division", "上海-徐汇区", "", "310104"),
        ("organizations.division", 310104.0, "", "310104"),
        ("organizations.size_class", "Small", "", "small"),
        ("organizations.aliases", "示例、Foo Co., Ltd.；示例", "", ("示例", "Foo Co., Ltd.")),
        ("contacts.phone", 13800000000.0, "", "13800000000"),
        ("residencies.tier", "北斗七星", "", "core"),
        ("rounds.amount", "630万人民币", "", MoneyRange(6_300_000, 6_300_000)),
        ("rounds.amount", "数千万美元", "", MoneyRange(10**7, 10**8, "USD", True, True)),
        ("rounds.amount", "未透露人民币", "", None),
        ("rounds.amount", "未透露美元", "", MoneyRange(None, None, "USD")),
        ("rounds.amount", 500.0, "百万美元", MoneyRange(5 * 10**8, 5 * 10**8, "USD")),
        ("scenarios.budget", "未披露", "", MoneyRange(None, None)),
        ("scenarios.on_site", "是", "", True),
        ("scenarios.on_site", "✘", "", False),
        ("scenarios.on_site", True, "", True),
        ("scenarios.on_site", "", "", None),
        ("offers.quantity", "1.2万", "", Decimal(12000)),
        ("offers.quantity", 0.1 + 0.2, "", Decimal("0.3")),
        ("offers.quantity", "3", "万", Decimal(30000)),
        ("funds.vintage", 2024.0, "", 2024),
        ("filings.kind", "备案", "", "filed"),
        ("filings.state", "已备案", "", "granted"),
        ("models.openness", "开源", "", "open"),
    ],
)
def test_cell_is_read(path, cell, unit, value):
    assert read(path, cell, unit) == value


@pytest.mark.parametrize(
    ("path", "cell", "words"),
    [
        ("organizations.uscc", 9.13501e17, "last digits a spreadsheet has lost"),
        ("organizations.uscc", "9.13501E+17", "last digits a spreadsheet has lost"),
        ("organizations.uscc", "91350100M000100Y4Z", "never uses"),
        ("organizations.uscc", "913501", "has 6 characters"),
        ("contacts.phone", 13800000000.5, "a code is expected"),
        ("organizations.name", "长" * 40_000, "40000 characters; at most 200"),
        ("organizations.founded_on", "上月", "cannot be read as a date"),
        ("organizations.founded_on", "2026/5/1（补登）", "Beside the day stands “补登”"),
        ("residencies.entered_on", "2023年8月", "tells no day"),
        ("organizations.registered_capital", "近1亿", "is not one amount"),
        ("organizations.registered_capital", "100万美元", "is in USD"),
        ("organizations.registered_capital", "很多", "cannot be read as an amount"),
        ("scenarios.budget", "近100万", "is not exact"),
        ("organizations.roles", "企业、小店", "“小店” is not in the vocabulary"),
        ("organizations.website", "not a url", "Enter a valid URL"),
        ("contacts.email", "nobody", "valid email"),
        ("scenarios.on_site", "也许", "neither yes nor no"),
        ("funds.vintage", "2024.5", "no whole number"),
        ("funds.vintage", "1800", "1980"),
        ("offers.quantity", "许多", "no number"),
        ("offers.quantity", True, "no number"),
        ("rounds.amount", "9999999999999亿", "more money than there is"),
        ("rounds.organization", 9.13501e17, "last digits"),
        ("organizations.aliases", "甲、" + "乙" * 300, "300 characters"),
    ],
)
def test_cell_is_refused_with_what_was_found_and_what_is_expected(path, cell, words):
    assert words in refusal(path, cell)


def test_refusal_is_told_in_the_readers_language():
    with pytest.raises(Unreadable) as error:
        read("organizations.uscc", "913501")
    with override("zh-hans"):
        assert "913501" in str(error.value.reason)
        assert "has 6" not in str(error.value.reason)


def test_true_and_one_are_told_apart_however_often_they_are_read():
    reader = reader_of(*column_of("scenarios.on_site"))
    assert [reader(cell) for cell in (True, "1", False, "0")] == [True, True, False, False]
    number = reader_of(*column_of("funds.ticket_low"))
    assert [number(1.0), number("1")] == [1, 1]
    with pytest.raises(Unreadable):
        number(True)


def test_stored_value_with_marks_is_the_same_as_read():
    """What was typed elsewhere with a line break or a dash is no change when it comes back."""
    same = same_of(*column_of("organizations.address"))
    assert [same("甲 乙", "甲\n乙"), same("", "-"), same("甲", "乙")] == [True, True, False]


amounts = st.integers(0, 10**15)
ranges = st.tuples(amounts, amounts).map(sorted)


@st.composite
def money(draw):
    """The ranges that an amount can be read as."""
    low, high = draw(ranges)
    currency = draw(st.sampled_from(["CNY", "USD", "HKD", "JPY"]))
    ends = [(low, low, False, False), (low, low, True, True), (low, None, True, False), (None, high, False, True)]
    ends += [(low, None, False, False), (None, high, False, False)] + [(low, high, True, True)] * (low < high)
    ends += [(low, high, False, False)]
    start, end, *opened = draw(st.sampled_from(ends))
    return MoneyRange(start, end, currency, *opened)


VALUES = {
    "rounds.amount": money(),
    "organizations.registered_capital": amounts.filter(bool),
    "residencies.entered_on": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: ParsedDay(day, day)),
    "organizations.roles": st.sets(st.sampled_from(["firm", "authority", "university"])).map(sorted).map(tuple),
    "organizations.aliases": st.sets(st.text("甲乙A、,; ", min_size=1).map(str.strip).filter(bool)).map(tuple),
    "offers.quantity": st.decimals(0, 10**12, places=2, allow_nan=False),
    "scenarios.on_site": st.booleans(),
}


@pytest.mark.parametrize("path", VALUES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_text_of_a_value_reads_as_the_value(path, language):
    spec, column = column_of(path)
    reader = reader_of(spec, column)

    @given(VALUES[path])
    def reads_again(value):
        with override(language):
            told = reader(text_of(spec, column, value))
        assert told == value or (is_empty(told) and is_empty(value))

    reads_again()
