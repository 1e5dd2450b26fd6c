import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.regions import province_of
from qunxing.registry.numbers import (
    AlgorithmNumber,
    GenAINumber,
    NumberShapeError,
    fold_number,
    parse_algorithm_number,
    parse_genai_number,
)

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def published(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no public data at {path}")
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def said(number: GenAINumber | AlgorithmNumber) -> list[str]:
    with override("en"):
        return [str(warning) for warning in number.warnings]


@pytest.mark.parametrize(
    ("text", "region", "middle", "day", "registered", "serial"),
    [
        ("Beijing-WenXinYiYan-20230821", "11", "WenXinYiYan", date(2023, 8, 21), False, None),
        ("Sichuan-MT-WorkGpt-20240424", "51", "MT-WorkGpt", date(2024, 4, 24), False, None),
        ("Shanghai-XiaoAi-202404280012", "31", "XiaoAi", date(2024, 4, 28), False, "0012"),
        ("Beijing-BianYing-20240428S0001", "11", "BianYing", date(2024, 4, 28), True, "0001"),
        ("ZhongYangQiYe-JiuTian-20240101", "00", "JiuTian", date(2024, 1, 1), False, None),
        ("ZheJiang-A-1-20240101", "33", "A-1", date(2024, 1, 1), False, None),
        ("Shanghai-小爱-20240428", "31", "小爱", date(2024, 4, 28), False, None),
        ("Shaanxi-20240101-20240202S0003", "61", "20240101", date(2024, 2, 2), True, "0003"),
    ],
)
def test_parse_genai_number(
    text: str, region: str, middle: str, day: date, registered: bool, serial: str | None
) -> None:
    number = parse_genai_number(text)
    assert number == GenAINumber(
        raw=text,
        folded=text.upper(),
        province=text.split("-", maxsplit=1)[0],
        region=region,
        middle=middle,
        day=day,
        registered=registered,
        serial=serial,
    )


def test_parse_genai_number_sees_through_width_dashes_and_spaces() -> None:
    number = parse_genai_number(" Ｂｅｉｊｉｎｇ—BianYing – ２０２４０４２８s0001\u200b ")
    assert number.folded == "BEIJING-BIANYING-20240428S0001"
    assert (number.province, number.middle, number.registered, number.serial) == ("Beijing", "BianYing", True, "0001")
    assert number.warnings == ()


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            "Shinghai-XiaoAi-20240428",
            ["“Shinghai” is not how a province is written; 上海 may be meant."],
        ),
        ("Atlantis-XiaoAi-20240428", ["“Atlantis” is no province that is known."]),
        ("Beijing-X-20240230", ["20240230, inside the number, is no day of the calendar."]),
        ("Beijing-X-19990101", ["19990101, inside the number, is an unlikely day."]),
        ("Beijing-X-20240428S", ["The S of a 登记 stands without the four digits that follow it."]),
        ("Beijing-X-2O24O428", ["A letter stands for a digit in 2O24O428; it was read as 20240428."]),
        (
            "Beijing-X-20240428SO00l",
            ["A letter stands for a digit in 20240428O00l; it was read as 202404280001."],
        ),
        (
            "Shinghai-X-2O240230",
            [
                "“Shinghai” is not how a province is written; 上海 may be meant.",
                "A letter stands for a digit in 2O240230; it was read as 20240230.",
                "20240230, inside the number, is no day of the calendar.",
            ],
        ),
    ],
)
def test_parse_genai_number_warns(text: str, warnings: list[str]) -> None:
    assert said(parse_genai_number(text)) == warnings


def test_parse_genai_number_reads_on_where_it_warns() -> None:
    number = parse_genai_number("Shinghai-X-2O240428SO001")
    assert (number.province, number.region, number.day, number.serial) == ("Shinghai", "31", date(2024, 4, 28), "0001")
    assert parse_genai_number("Beijing-X-20240230").day is None
    assert parse_genai_number("Atlantis-X-20240428").region is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Beijing",
        "Beijing-20230821",
        "Beijing--20230821",
        "Beijing-X-2023082",
        "Beijing-X-20230821-1",
        "Beijing-X-20230821S00001",
        "Beijing-X-OOOOOOOO",
        "北京-X-20230821",
        "Beijing X 20230821",
        "网信算备110108224236601220017号",
        "Beijing-X-٢٠٢٤٠٤٢٨",
        "Beijing-" + "X" * 5000 + "-20230821",
    ],
)
def test_parse_genai_number_refuses_another_shape(text: str) -> None:
    with override("en"), pytest.raises(NumberShapeError, match="does not have the shape of a 备案 or 登记 number"):
        parse_genai_number(text)


def test_parse_algorithm_number() -> None:
    text = "网信算备110101135224302220011号"
    assert parse_algorithm_number(text) == AlgorithmNumber(
        raw=text,
        folded=text,
        district="110101",
        entity_key="1101011352243",
        type_code="02",
        year=2022,
        serial="001",
        check="1",
    )
    assert parse_algorithm_number(text).algorithm_class == "push"


def test_parse_algorithm_number_sees_through_width_and_script() -> None:
    assert parse_algorithm_number(" 網信算備 １10101135224302220011號").folded == "网信算备110101135224302220011号"


def test_parse_algorithm_number_warns_of_22_digits() -> None:
    number = parse_algorithm_number("网信算备1101082242366066220017号")
    assert said(number) == ["The number has 22 digits; 21 are usual."]
    assert (number.entity_key, number.type_code, number.year, number.serial, number.check) == (
        "1101082242366",
        "06",
        2022,
        "001",
        "7",
    )


@pytest.mark.parametrize(
    ("digits", "warnings"),
    [
        ("990101135224302220011", ["The number begins with 990101, which is no known district."]),
        ("000101135224302220011", ["The number begins with 000101, which is no known district."]),
        ("110101135224399220011", ["The type of algorithm 99 in the number is not known."]),
        ("110101135224302020011", ["The year 2002 in the number is unlikely."]),
    ],
)
def test_parse_algorithm_number_warns(digits: str, warnings: list[str]) -> None:
    assert said(parse_algorithm_number(f"网信算备{digits}号")) == warnings


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("110101135224302220011", 21),
        ("网信算备11010113522430222001号", 20),
        ("网信算备11010113522430222001133号", 23),
        ("网信算备11010113522430222OO11号", 19),
        ("Beijing-X-20230821", 8),
    ],
)
def test_parse_algorithm_number_refuses_another_shape(text: str, count: int) -> None:
    with override("en"), pytest.raises(NumberShapeError, match=f"It has {count} digits"):
        parse_algorithm_number(text)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("ZheJiang-X-20240101", "Zhejiang-x-20240101", True),
        ("Beijing-A-B-20240101", "Beijing—A–B−20240101", True),
        ("Beijing-A-B-20240101", "Beijing-AB-20240101", False),
        ("网信算备 1号", "網信算備１號", True),
    ],
)
def test_fold_number(one: str, other: str, equal: bool) -> None:
    assert (fold_number(one) == fold_number(other)) is equal


@given(st.text(max_size=60))
def test_fold_number_is_stable(text: str) -> None:
    assert fold_number(fold_number(text)) == fold_number(text)


@given(st.text(max_size=60) | st.text(alphabet="Beijng-0123456789SOlZ网信算备号 ", max_size=40))
def test_parsers_fail_in_one_way_only(text: str) -> None:
    for parse in (parse_genai_number, parse_algorithm_number):
        try:
            number = parse(text)
        except NumberShapeError:
            continue
        assert number.raw == text


@given(
    st.sampled_from(["Beijing", "ZheJiang", "ZhongYangQiYe"]),
    st.from_regex(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True),
    st.dates(min_value=date(2023, 1, 1), max_value=date(2030, 1, 1)),
    st.booleans(),
    st.none() | st.from_regex(r"[0-9]{4}", fullmatch=True),
)
def test_what_is_composed_is_taken_apart(
    province: str, middle: str, day: date, registered: bool, serial: str | None
) -> None:
    text = f"{province}-{middle}-{day:%Y%m%d}{'S' * registered}{serial or ''}"
    number = parse_genai_number(text)
    assert (number.province, number.middle, number.day) == (province, middle, day)
    assert (number.registered, number.serial) == (registered, serial)


def test_parse_genai_number_reads_every_published_row() -> None:
    rows = published("genai_filings.csv")
    numbers = [parse_genai_number(row["编号"]) for row in rows]
    assert [number.registered for number in numbers] == [row["类型"] == "登记" for row in rows]
    assert [number.region for number in numbers] == [province_of(row["属地"]) for row in rows]
    assert [warning for number in numbers for warning in said(number)] == []


def test_parse_algorithm_number_reads_every_published_row() -> None:
    numbers = [parse_algorithm_number(row["recordNumber"]) for row in published("algorithm_filings.csv")]
    assert len(numbers) == 4020
    assert [warning for number in numbers for warning in said(number)] == ["The number has 22 digits; 21 are usual."]
    assert set(Counter(number.year for number in numbers)) == {2022, 2023, 2024, 2025}


def test_entity_key_goes_with_an_organisation() -> None:
    rows = published("algorithm_filings.csv")
    entities: dict[str, set[str]] = {}
    for row in rows:
        entities.setdefault(parse_algorithm_number(row["recordNumber"]).entity_key, set()).add(row["entityName"])
    several = [names for names in entities.values() if len(names) > 1]
    assert len(several) < 0.01 * len(entities)
