import pytest

from qunxing.intake.headers import Column, HeaderSpec, Skipped, find_header, match_header, read_body
from qunxing.intake.reading import RawRow, ReadingError

SPEC = HeaderSpec(
    (
        Column("ordinal", ("序号",), ordinal=True),
        Column("title", ("模型名称", "大模型名称", "应用/功能名称", "名称"), required=True),
        Column("owner", ("备案单位", "登记单位", "单位"), required=True),
        Column("number", ("备案号", "上线编号", "编号"), required=True),
        Column("day", ("备案时间", "登记时间")),
    )
)
HEADER = ["序号", "模型名称", "备案单位", "备案号", "备案时间"]
DATA = ["1", "甲", "一", "A-1", "2024"]


def rows(*cells):
    return [RawRow("名单", number, list(row)) for number, row in enumerate(cells, start=1) if any(row)]


def body(*cells):
    """Kind and row numbers of what was skipped, and the title of what was read."""
    return [
        (item.kind.value, item.first, item.last) if isinstance(item, Skipped) else item.text("title")
        for item in read_body(rows(*cells), SPEC)
    ]


def test_header_is_found_below_titles_and_notes():
    match = find_header(rows(["备案名单"], [], ["（截至2024年4月）"], HEADER, DATA), SPEC)
    assert (match.row_number, match.mapping) == (4, {"ordinal": 0, "title": 1, "owner": 2, "number": 3, "day": 4})


@pytest.mark.parametrize(
    "headings",
    [
        ["大模型名称", "单位", "上线编号"],
        ["應用／功能名稱", "備案單位", "備案號"],
        [" 模型\n名称 ", "备案单位（全称）", "备案号*"],
        ["模型名称\nModel name", "备案单位:", "备 案 号"],
    ],
)
def test_header_is_recognised_however_it_is_written(headings):
    match = find_header(rows(headings), SPEC)
    assert (match.mapping, match.missing) == ({"title": 0, "owner": 1, "number": 2}, ())


def test_header_takes_the_better_of_two_headings():
    match = find_header(rows(["编号", "名称", "备案号", "模型名称", "单位"]), SPEC)
    assert (match.mapping, match.unknown) == ({"number": 2, "title": 3, "owner": 4}, {0: "编号", 1: "名称"})


def test_header_tells_what_is_unknown_and_missing():
    match = find_header(rows(["序号", "模型名称", "备案单位", "电话"]), SPEC)
    assert (match.unknown, match.missing) == ({3: "电话"}, ("备案号",))


def test_header_needs_several_headings():
    assert match_header(RawRow("", 1, ["名称", "单位"]), SPEC) is None


def test_body_reports_every_row():
    found = body(["备案名单"], [], HEADER, DATA, [], [], ["二、登记"], DATA, ["注：按时间排序"], ["合计", "", "2"])
    assert found == [
        ("title", 1, 1),
        ("blank", 2, 2),
        ("header", 3, 3),
        "甲",
        ("blank", 5, 6),
        ("section", 7, 7),
        "甲",
        ("note", 9, 9),
        ("note", 10, 10),
    ]


def test_body_second_header_switches_the_columns():
    second = ["登记时间", "上线编号", "登记单位", "应用/功能名称"]
    found = body(HEADER, DATA, second, ["2024", "B-1", "二", "乙"])
    assert found == [("header", 1, 1), "甲", ("header", 3, 3), "乙"]


def test_body_repeated_header_is_skipped():
    assert body(HEADER, DATA, HEADER, DATA) == [("header", 1, 1), "甲", ("header", 3, 3), "甲"]


@pytest.mark.parametrize("half", [["", "", "", "A-1"], ["7"], ["", "乙"], ["8", "乙", "", ""]])
def test_body_half_a_record_is_not_taken_for_a_title(half):
    assert len([item for item in read_body(rows(HEADER, half), SPEC) if not isinstance(item, Skipped)]) == 1


def test_body_row_tells_its_cells():
    [_header, row] = read_body(rows([*HEADER, "电话", "单位"], [1.0, "甲", " 一 ", "A-1", "", "021", "x", "y"]), SPEC)
    assert (row.text("ordinal"), row.text("owner"), row.text("day"), row.text("nothing")) == ("1", "一", "", "")
    assert row.extras() == {"电话": "021", "单位": "x", "H": "y"}


def test_wrong_columns_are_refused_with_what_was_found():
    with pytest.raises(ReadingError) as caught:
        body(["姓名", "电话", "地址"], ["甲", "021", "上海"])
    assert str(caught.value) == (
        "No row has the expected headings. Expected are: 模型名称、备案单位、备案号. Found: 姓名、电话、地址."
    )
    assert (caught.value.sheet, caught.value.row) == ("名单", 1)


def test_missing_column_is_refused_by_name():
    with pytest.raises(ReadingError) as caught:
        body(["备案名单"], ["序号", "模型名称", "备案单位", "x" * 50])
    assert str(caught.value) == f"Headings are missing: 备案号. Found: 序号、模型名称、备案单位、{'x' * 30}."
    assert caught.value.row == 2


def test_empty_table_is_refused():
    with pytest.raises(ReadingError):
        body()
