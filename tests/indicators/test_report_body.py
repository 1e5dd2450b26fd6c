"""The language of templates."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.indicators.reports import faults
from qunxing.indicators.reports.body import (
    COMMANDS,
    FORMS,
    LONGEST,
    WORDS,
    Breakdown,
    Fault,
    Known,
    Paragraph,
    Reference,
    Rows,
    Table,
    Trend,
    Word,
    check,
    parse,
)

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reports.md"
KNOWN = Known({"resident_firms": ["tier"], "ring": []}, ["space", "district"], frozenset({"ring"}))


def faults_in(text: str) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.code, fault.found) for fault in check(parse(text), KNOWN)]


def test_parse_reads_a_sentence_with_figures_and_words() -> None:
    body = parse("# 入驻\n截至{{as_of}}共{{ resident_firms@district|growth_year }}。")
    assert body.faults == []
    assert body.sections[0].heading == "入驻"
    figure = Reference(2, "resident_firms", "", "district", "growth_year")
    assert body.sections[0].blocks == [Paragraph(("截至", Word(2, "as_of"), "共", figure, "。"))]
    assert figure.key == "resident_firms@district|growth_year"


def test_parse_reads_a_part_that_is_not_added_to_others() -> None:
    [one] = parse("# A\n{{fund_size.national·CNY@district}}").references
    assert (one.code, one.part, one.scope) == ("fund_size", "national·CNY", "district")


@pytest.mark.parametrize(
    ("english", "chinese", "block"),
    [
        ("!table a, b@city", "！表 a，b@city", Table((Reference(2, "a"), Reference(2, "b", "", "city")))),
        ("!breakdown a by tier", "!分解 a 按 tier", Breakdown(Reference(2, "a"), "tier")),
        ("!trend a for 6 months", "!趋势 a 近 6 个月", Trend((Reference(2, "a"),), 6)),
        ("!trend a", "!趋势 a", Trend((Reference(2, "a"),), 12)),
        ("!rows a", "!名单 a", Rows(Reference(2, "a"))),
    ],
    ids=["table", "breakdown", "trend", "trend-usual", "rows"],
)
def test_parse_reads_blocks_in_both_languages(english: str, chinese: str, block: object) -> None:
    for line in (english, chinese):
        body = parse(f"# A\n{line}")
        assert (body.sections[0].blocks, body.faults) == ([block], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "no_section", "")),
        ("# A\n{{resident_firms", (2, "open_brace", "{{resident_firms")),
        ("# A\n\n{{a b}}", (3, "reference", "a b")),
        ("# A\n{{resident_firms|twice}}", (2, "form", "twice")),
        ("# A\n!draw resident_firms", (2, "command", "draw")),
        ("# A\n!table", (2, "no_figure", "")),
        ("# A\n!table resident_firms|growth", (2, "form_here", "resident_firms|growth")),
        ("# A\n!trend resident_firms for 61 months", (2, "months", "61")),
        ("# A\n!trend resident_firms for 999999999 months", (2, "months", "999999999")),
        ("# A\n!breakdown resident_firms", (2, "breakdown", "resident_firms")),
        ("# A\n!rows resident_firms, ring", (2, "one_figure", "resident_firms, ring")),
        ("# A\n#", (2, "no_heading", "#")),
        ("# A\n{{nobody}}", (2, "indicator", "nobody")),
        ("# A\n{{ring}}", (2, "circular", "ring")),
        ("# A\n{{resident_firms@moon}}", (2, "scope", "moon")),
        ("# A\n!breakdown resident_firms by colour", (2, "dimension", "colour")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_check_names_the_line_and_what_was_found(text: str, expected: tuple[int, str, str]) -> None:
    assert expected in faults_in(text)


def test_words_before_the_first_heading_are_named() -> None:
    assert faults_in("截至{{as_of}}\n# A") == [(1, "before_section", "截至{{as_of}}")]


def test_a_text_of_ten_megabytes_is_refused_unread() -> None:
    body = parse("字" * 10_000_000)
    assert body.faults == [Fault(0, "too_long", "10000000", str(LONGEST))]
    assert body.sections == []


def test_an_unknown_indicator_comes_with_some_that_there_are() -> None:
    [fault] = check(parse("# A\n{{resident}}"), KNOWN)
    assert fault.expected == "resident_firms"


def test_every_fault_has_its_words() -> None:
    source = Path(faults.__file__).with_name("body.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'(?:body\.fault\([^"]*?|Fault\([^"]*?)"(\w+)"', source))
    assert codes == set(faults.WORDS)
    assert [code for code in codes if not faults.fault_text(Fault(3, code, "x", "y"))] == []


def test_a_fault_names_its_line_in_words() -> None:
    assert faults.fault_text(Fault(4, "scope", "moon", "space")).startswith(("第 4 行", "Line 4"))


@given(st.text(alphabet="#!{}|@., \nab按by近表table分解_0", max_size=200))
def test_parse_never_fails(text: str) -> None:
    for fault in check(parse(text), KNOWN):
        assert faults.fault_text(fault)


def test_every_placeholder_and_block_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8").replace("\\|", "|")
    named = [
        *(f"{{{{{word}}}}}" for word in WORDS),
        *(f"|{form}" for form in FORMS),
        *(f"!{name}" for name in COMMANDS),
    ]
    assert [name for name in named if f"`{name}" not in text] == []
