from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.dates import DateError, ParsedDay, parse_day

DAY = date(2023, 8, 31)
BELIEVABLE = st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2023/8/31",
        "2023/08/31",
        "2023-08-31",
        "2023-8-31",
        "2023.8.31",
        "2023.8.31.",
        "20230831",
        "2023年8月31日",
        "2023年8月31号",
        "2023 年 8 月 31 日",
        "２０２３年８月３１日",
        "二〇二三年八月三十一日",
        "二零二三年八月三十一日",
        " 2023-08-31 ",
        "2023-08-31 00:00:00",
        "2023-08-31T09:30:00.123Z",
        "2023-08-31T09:30:00+08:00",
        "2023/8/31 9:30",
        "2023年8月31日 9:30",
        "\u200e2023/8/31",
    ],
)
def test_parse_day_reads_a_day(text: str) -> None:
    assert parse_day(text) == ParsedDay(DAY, DAY)


@pytest.mark.parametrize(
    "text", ["2023年8月", "2023年08月", "2023年8月份", "2023-08", "2023/8", "2023.8", "二〇二三年八月"]
)
def test_parse_day_reads_a_month(text: str) -> None:
    assert parse_day(text) == ParsedDay(date(2023, 8, 1), DAY, "month")


def test_parse_day_knows_the_leap_month() -> None:
    assert parse_day("2024年2月").high == date(2024, 2, 29)
    assert parse_day("2024-02-29").low == date(2024, 2, 29)


@pytest.mark.parametrize("value", ["2023", "2023年", "二〇二三年", 2023, 2023.0])
def test_parse_day_reads_a_year(value: str | float) -> None:
    assert parse_day(value) == ParsedDay(date(2023, 1, 1), date(2023, 12, 31), "year")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2026/5/1（补登）", "补登"),
        ("2026/5/1(補登)", "補登"),
        ("2026/5/1 【 补登 】", "补登"),
        ("2026年5月1日（补登）（更正）", "补登 更正"),
        ("2026/5/1（）", ""),
    ],
)
def test_parse_day_keeps_a_remark(text: str, note: str) -> None:
    assert parse_day(text) == ParsedDay(date(2026, 5, 1), date(2026, 5, 1), "day", note)


def test_parse_day_takes_days_as_they_are() -> None:
    assert parse_day(DAY) == ParsedDay(DAY, DAY)
    assert parse_day(datetime(2023, 8, 31, 23, 59, tzinfo=UTC)) == ParsedDay(DAY, DAY)


@pytest.mark.parametrize("value", [45169, 45169.0, 45169.75, "45169", "45169.5"])
def test_parse_day_reads_excel_days_when_told(value: str | float) -> None:
    assert parse_day(value, serials=True) == ParsedDay(DAY, DAY)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "A date is missing here."),
        (" \u200b", "A date is missing here."),
        ("2023-02-30", "“2023-02-30”: there is no day 30 in month 2 of 2023."),
        ("2023年2月29日", "“2023年2月29日”: there is no day 29 in month 2 of 2023."),
        ("2023/13/1", "“2023/13/1”: there is no month 13."),
        ("2023年0月", "“2023年0月”: there is no month 0."),
        ("0023-08-31", "“0023-08-31”: the year 23 is not between 1800 and 2199."),
        (date(1, 1, 1), "“0001-01-01”: the year 1 is not between 1800 and 2199."),
        (45169, "“45169” is a bare number, not a date. Give the column the format of a date in Excel."),
    ],
)
def test_parse_day_says_what_is_wrong(value: str | int | date, message: str) -> None:
    with override("en"):
        with pytest.raises(DateError) as caught:
            parse_day(value)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    "value",
    [
        "待定",
        "31/08/2023",
        "23/8/31",
        "2023-8/31",
        "2023年8",
        "2023/8/31-2023/9/1",
        "202308",
        "-5",
        "2023-08-31x",
        "٢٠٢٣",
        2023.1,
        float("nan"),
        True,
        "9" * 5000,
        "=TODAY()",
    ],
)
def test_parse_day_refuses(value: str | float) -> None:
    with override("en"), pytest.raises(DateError, match="cannot be read as a date") as caught:
        parse_day(value)
    with override("en"):
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize("number", [19_999, 60_001])
def test_parse_day_believes_excel_days_within_reason_only(number: int) -> None:
    with pytest.raises(DateError):
        parse_day(number, serials=True)


@given(BELIEVABLE, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert parse_day(day.strftime(form)) == ParsedDay(day, day)


@given(BELIEVABLE)
def test_a_month_holds_its_days(day: date) -> None:
    parsed = parse_day(f"{day.year}年{day.month}月")
    assert parsed.low <= day <= parsed.high
    assert (parsed.low.month, parsed.high.month) == (day.month, day.month)


@given(st.text(max_size=30) | st.text(alphabet="0123456789-/.年月日二〇三十()（） ", max_size=14), st.booleans())
def test_parse_day_fails_in_one_way_only(text: str, serials: bool) -> None:
    try:
        parsed = parse_day(text, serials=serials)
    except DateError:
        return
    assert parsed.low <= parsed.high


@given(st.integers() | st.floats())
def test_parse_day_of_any_number_fails_in_one_way_only(value: float) -> None:
    try:
        assert parse_day(value, serials=True)
    except DateError:
        return
