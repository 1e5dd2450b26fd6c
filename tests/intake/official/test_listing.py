from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.intake.headers import SkipKind
from qunxing.intake.official import Family, ListKind, Place, judge_tables, read_list
from qunxing.intake.reading import Format, RawRow, ReadingError, Table
from tests.intake.files import lines, workbook

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FILED = ["序号", "属地", "模型名称", "备案单位", "备案号", "备案时间"]
REGISTERED = ["序号", "属地", "应用/功能名称", "登记单位", "上线编号", "登记时间"]
ENGLISH = (
    "filingType,batch,announcementDate,algorithmName,algorithmClass,role,entityName,product,purpose,recordNumber,remark"
)
CHINESE = ["序号", "算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]


def model(number=1, *, title=None, owner="上海甲科技有限公司", record=None, day="2024/1/1", region="上海市"):
    return [number, region, title or f"模型{number}", owner, record or f"Shanghai-MoXing{number}-20240101", day]


def algorithm(
    serial=1, *, title="甲算法", owner="上海甲科技有限公司", remark="", purpose="应用于问答。", day="2024-08-05"
):
    number = f"网信算备3101041234567012400{serial:02}9号"
    return [
        "深度合成服务算法备案",
        "2024年8月",
        day,
        title,
        "深度合成-服务提供者",
        "",
        owner,
        "--",
        purpose,
        number,
        remark,
    ]


def read(*rows, family=Family.GENAI, sheet="名单"):
    raw = [RawRow(sheet, number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
    return judge_tables([Table(sheet, Format.CSV, lambda: iter(raw))], family=family)


def read_algorithms(*rows):
    return read(ENGLISH.split(","), *rows, family=Family.ALGORITHM)


def refusals(found):
    return [(row.place.row, str(row.reason)) for row in found.rejected]


def test_row_is_read():
    [row] = read(FILED, model(day="2024/3/28（补登）")).rows
    assert (row.place, row.kind, row.title, row.organizations, row.number, row.number_key, row.region) == (
        Place("名单", 2),
        ListKind.FILED,
        "模型1",
        ("上海甲科技有限公司",),
        "Shanghai-MoXing1-20240101",
        "SHANGHAI-MOXING1-20240101",
        "上海市",
    )
    assert (row.granted.low, row.granted.precision, row.granted.note) == (date(2024, 3, 28), "day", "补登")
    assert row.warnings == ()


@pytest.mark.parametrize(
    "header",
    [
        ["序号", "属地", "大模型名称", "备案单位", "备案编号", "备案时间"],
        ["No.", "省份", "名称", "单位", "编号", "时间"],
        ["序號", "屬地", "模型名稱", "備案單位", "備案號", "備案時間"],
    ],
)
def test_header_variants_are_read(header):
    [row] = read(["生成式人工智能服务已备案信息"], header, model()).rows
    assert (row.title, row.kind, row.place.row) == ("模型1", ListKind.FILED, 3)


def test_second_header_switches_the_kind():
    record = "Shanghai-YingYong-20240428S0001"
    found = read(FILED, model(), [], ["二、登记"], REGISTERED, model(1, record=record, title="应用"))
    assert [(row.kind, row.title) for row in found.rows] == [(ListKind.FILED, "模型1"), (ListKind.REGISTERED, "应用")]
    assert [(skip.kind, skip.first) for skip in found.skipped] == [
        (SkipKind.HEADER, 1),
        (SkipKind.BLANK, 3),
        (SkipKind.SECTION, 4),
        (SkipKind.HEADER, 5),
    ]
    assert [header.row_number for header in found.tables[0].headers] == [1, 5]


def test_kind_is_the_rows_own_word_and_a_number_at_odds_a_warning():
    header = ["类型", "名称", "单位", "编号", "公告批次"]
    registered, filed = "Shanghai-A-20240428S0001", "Shanghai-B-20240428"
    found = read(header, ["登记", "甲", "一公司", registered, "2024-08"], ["登记", "乙", "一公司", filed, ""])
    assert [(row.kind, row.batch, len(row.warnings)) for row in found.rows] == [
        (ListKind.REGISTERED, "2024-08", 0),
        (ListKind.REGISTERED, "", 1),
    ]


def test_kind_without_a_word_is_what_the_number_says():
    found = read(
        ["名称", "单位", "编号"], ["甲", "一公司", "Shanghai-A-20240428S0001"], ["乙", "一公司", "Shanghai-B-20240428"]
    )
    assert [row.kind for row in found.rows] == [ListKind.REGISTERED, ListKind.FILED]


def test_misspelt_province_and_other_region_are_warned_of():
    [row] = read(FILED, model(record="Shinghai-A-20240101", region="北京市")).rows
    assert [str(warning) for warning in row.warnings] == [
        "“Shinghai” is not how a province is written; 上海 may be meant.",
        "The region is 北京市, the number begins with Shinghai.",
    ]


def test_several_owners_in_a_cell():
    [row] = read(FILED, model(owner="浦江大学、上海乙科技有限公司")).rows
    assert row.organizations == ("浦江大学", "上海乙科技有限公司")
    [row] = read(FILED, model(owner="甲、乙科技有限公司")).rows
    assert (row.organizations, len(row.warnings)) == (("甲、乙科技有限公司",), 1)


def test_days_of_a_workbook_are_days():
    content = workbook([FILED, model(day=date(2024, 3, 28)), model(2, day=45379), model(3, day="2024年3月")])
    days = [(row.granted.low, row.granted.precision) for row in read_list(content, family=Family.GENAI).rows]
    assert days == [(date(2024, 3, 28), "day"), (date(2024, 3, 28), "day"), (date(2024, 3, 1), "month")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (model(record="沪A12345"), "does not have the shape"),
        (model(record="-"), "备案号 is empty."),
        (model(record=9.13501e17), "lost its last digits"),
        (model(day="2023-02-30"), "there is no day 30 in month 2 of 2023"),
        (model(title="-"), "模型名称 is empty."),
        (model(owner=" "), "备案单位 is empty."),
        (model(title="长" * 5000), "模型名称 has 5000 characters; at most 200 are kept."),
        (model(owner="长" * 5000), "备案单位 has 5000 characters"),
        (model(record="Shanghai-" + "A" * 100 + "-20240101"), "备案号 has 118 characters"),
        ([7], "备案号 is empty."),
    ],
)
def test_row_that_cannot_be_taken_goes_to_staff_with_the_reason(row, words):
    found = read(FILED, model(1), row, model(2))
    assert ([row.title for row in found.rows], found.count) == (["模型1", "模型2"], 3)
    [(place, reason)] = refusals(found)
    assert (place, words in reason) == (3, True)


def test_rejected_row_keeps_its_cells_and_tells_every_reason():
    [row] = read([*FILED, "电话"], [*model(record="x", day="昨天"), "021"]).rejected
    assert row.cells == {
        "序号": "1",
        "属地": "上海市",
        "模型名称": "模型1",
        "备案单位": "上海甲科技有限公司",
        "备案号": "x",
        "备案时间": "昨天",
        "电话": "021",
    }
    assert (row.number, len(row.reasons)) == ("x", 2)
    assert str(row.reason) == f"{row.reasons[0]} Also: {row.reasons[1]}"


def test_unknown_columns_are_kept():
    [row] = read([*FILED, "电话"], [*model(), "021"]).rows
    assert row.extras == {"电话": "021"}


def test_html_and_formulas_are_only_text():
    [row] = read(FILED, model(title="<b>=1+1</b>")).rows
    assert row.title == "<b>=1+1</b>"


def test_republished_row_is_tied_to_the_first():
    found = read(FILED, model(), model(2), model())
    assert [(row.repeats, row.changed, row.superseded) for row in found.rows] == [
        (None, (), Place("名单", 4)),
        (None, (), None),
        (Place("名单", 2), (), None),
    ]


def test_republished_row_tells_what_changed_and_the_latest_day_holds():
    found = read_algorithms(algorithm(purpose="新", day="2024-08-05"), algorithm(purpose="旧", day="2023-01"))
    assert [(row.purpose, row.changed, row.superseded) for row in found.rows] == [
        ("新", (), None),
        ("旧", ("granted", "purpose"), Place("名单", 2)),
    ]


def test_same_number_written_otherwise_is_the_same():
    found = read(FILED, model(record="ZheJiang-A-20240101"), model(record="Zhejiang－a－20240101"))
    assert [row.repeats for row in found.rows] == [None, Place("名单", 2)]


@pytest.mark.parametrize("other", [{"title": "别的模型"}, {"owner": "别的科技有限公司"}])
def test_same_number_and_another_name_goes_to_staff_naming_the_first(other):
    found = read(FILED, model(), model(2), model(1, **other))
    assert len(found.rows) == 2
    [(row, reason)] = refusals(found)
    assert (row, reason.split(".")[0]) == (
        4,
        "Row 2 of sheet “名单” has the same number, but there it is “模型1” of 上海甲科技有限公司",
    )


def test_same_number_and_a_name_that_the_remark_explains_is_republished():
    remark = "原主体名称“上海甲科技有限公司”变更为“上海乙科技有限公司”，原算法名称“甲算法”变更为“乙算法”"
    found = read_algorithms(algorithm(), algorithm(title="乙算法", owner="上海乙科技有限公司", remark=remark))
    assert [row.repeats for row in found.rows] == [None, Place("名单", 2)]
    assert found.rows[1].renames == (("上海甲科技有限公司", "上海乙科技有限公司"),)
    assert found.rows[1].title_renames == (("甲算法", "乙算法"),)


def test_algorithm_row_is_read():
    [row] = read_algorithms(algorithm(remark="已注销", day="2024-08")).rows
    assert (row.kind, row.category, row.product, row.batch, row.cancelled) == (
        ListKind.ALGORITHM,
        "深度合成-服务提供者",
        "",
        "2024年8月",
        True,
    )
    assert (row.granted.low, row.granted.precision, row.extras) == (date(2024, 8, 1), "month", {})


def test_algorithm_list_as_published():
    [row] = read(
        ["境内深度合成服务算法备案清单"],
        CHINESE,
        [1, "甲算法", "生成合成", "上海甲科技有限公司", "甲(APP)", "问答", "网信算备310104123456701240019号", "无"],
        family=Family.ALGORITHM,
    ).rows
    assert (row.title, row.product, row.remark, row.granted, row.warnings) == ("甲算法", "甲(APP)", "", None, ())


def test_former_title_alone_means_the_rows_own():
    [row] = read_algorithms(algorithm(remark="原算法名称“旧算法”")).rows
    assert row.title_renames == (("旧算法", "甲算法"),)


def test_rename_of_somebody_else_is_warned_of():
    [row] = read_algorithms(algorithm(remark="原主体名称“丙公司”变更为“丁公司”")).rows
    assert str(row.warnings[-1]) == "The remark renames “丙公司” to “丁公司”; the row names neither."


def test_other_list_is_named():
    with pytest.raises(ReadingError) as caught:
        read(CHINESE, family=Family.GENAI)
    assert str(caught.value) == (
        "This file has the headings of the list of algorithm filings (算法备案). Import it as that."
    )


def test_wrong_columns_are_refused():
    with pytest.raises(ReadingError) as caught:
        read(["姓名", "电话", "地址"], ["甲", "021", "上海"])
    assert str(caught.value).startswith("No row has the expected headings. Expected are: 模型名称、备案单位、备案号.")


def test_sheet_without_the_headings_is_skipped_with_the_reason():
    rows = {"说明": [["本表仅供参考"]], "名单": [FILED, model()]}
    tables = [
        Table(
            sheet, Format.XLSX, lambda sheet=sheet, cells=cells: (RawRow(sheet, n, c) for n, c in enumerate(cells, 1))
        )
        for sheet, cells in rows.items()
    ]
    found = judge_tables(tables, family=Family.GENAI)
    assert [(skip.kind, skip.sheet, skip.first, skip.last) for skip in found.skipped] == [
        (SkipKind.SHEET, "说明", 1, 1),
        (SkipKind.HEADER, "名单", 1, 1),
    ]
    assert str(found.skipped[0].reason).startswith("No row has the expected headings.")


def test_file_in_gbk_states_its_encoding():
    content = lines(FILED, model()).encode("gbk")
    [table] = read_list(content, "名单.csv", family=Family.GENAI).tables
    assert (table.encoding, table.delimiter, table.sheet) == ("gbk", ",", "名单")


CELLS = st.sampled_from(
    [
        "",
        "",
        " ",
        "7",
        "甲",
        "上海甲科技有限公司",
        "Shanghai-A-20240101",
        "2024/1/1",
        "2023-02-30",
        "x" * 300,
        "二、登记",
        "注：说明",
    ]
)
ROWS = st.lists(
    st.one_of(
        st.builds(model, st.integers(1, 4), title=CELLS, day=CELLS),
        st.lists(CELLS, max_size=8),
        st.sampled_from([FILED, REGISTERED]),
    ),
    max_size=30,
)


@settings(max_examples=200)
@given(ROWS)
def test_every_row_is_accounted_for_once(rows):
    found = read(["名单"], FILED, *rows)
    places = Counter(row.place.row for row in [*found.rows, *found.rejected])
    places.update(number for skip in found.skipped for number in range(skip.first, skip.last + 1))
    last = 2 + max((number for number, cells in enumerate(rows, start=1) if any(cells)), default=0)
    assert places == Counter(range(1, last + 1))
    assert found.count == len(found.rows) + len(found.rejected)


@pytest.mark.parametrize(
    ("name", "family", "count"),
    [("genai_filings.csv", Family.GENAI, 145), ("algorithm_filings.csv", Family.ALGORITHM, 4020)],
)
def test_published_lists_are_read_whole(name, family, count):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the public data set {name} is not on this machine")
    found = read_list(path, family=family)
    assert (found.count, found.rejected, [skip.kind for skip in found.skipped]) == (count, [], [SkipKind.HEADER])
