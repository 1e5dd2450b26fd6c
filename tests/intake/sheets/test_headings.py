"""How the columns of a file are recognised, settled and remembered, and its rows told from what surrounds them."""

import json

import pytest
from openpyxl import Workbook

from qunxing.core.errors import Refused
from qunxing.core.sheets import sheets
from qunxing.funds.actions import plant_stages
from qunxing.funds.models import Round
from qunxing.intake.headers import SkipKind
from qunxing.intake.reading import read_tables
from qunxing.intake.sheets import actions
from qunxing.intake.sheets.headings import (
    LEAVE,
    NOTE,
    NUMBER,
    REF,
    Line,
    from_json,
    lines,
    propose,
    settle,
    to_json,
    to_remember,
)
from qunxing.intake.sheets.units import stated_unit, unit_of
from qunxing.ledger.models import Evidence
from qunxing.registry.models import AIModel
from tests import factories
from tests.intake.files import lines as csv_lines
from tests.intake.files import saved, workbook
from tests.intake.made import DATA
from tests.intake.sheets.made import uploaded, uscc

pytestmark = pytest.mark.django_db
FIRM = "上海示例智能科技有限公司"


def mapped(code, content, **words):
    """(spec, tables, mappings) of a file."""
    spec = sheets()[code]
    tables = read_tables(content, "a.xlsx") if isinstance(content, bytes) else read_tables(workbook(content), "a.xlsx")
    return spec, tables, propose(spec, tables, **words)


def targets(code, content, **words):
    _spec, _tables, mappings = mapped(code, content, **words)
    return {one.label: one.target for one in mappings[0].headings}


def read(code, content):
    """The rows that should hold a record, and why the others are skipped."""
    found = list(lines(*mapped(code, content)))
    return [one for one in found if isinstance(one, Line)], [one.kind for one in found if not isinstance(one, Line)]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("注册资本（万元）", "万元"),
        ("融资金额(百万美元)", "百万美元"),
        ("规模：亿元", "亿元"),
        ("金额（单位：千元）", "千元"),
        ("registered capital (RMB 10,000)", "万元"),
        ("size (USD million)", "百万美元"),
        ("amount (thousand yuan)", "千元"),
        ("注册资本（人民币万元）", "万元"),
        ("参数（亿）", "亿"),
        ("单元", ""),
        ("金额", ""),
    ],
)
def test_unit_stands_in_the_heading(heading, unit):
    assert unit_of(heading) == unit


def test_unit_stands_above_the_table():
    assert [stated_unit(text) for text in ("2025年报表 单位：千元", "单位: 万美元", "填报单位：示例公司")] == [
        "千元",
        "万美元",
        "",
    ]
    rows = [["入驻企业一览 单位：千元"], ["企业名称", "注册资本"], [FIRM, 1200]]
    _spec, _tables, mappings = mapped("organizations", rows)
    assert [(one.target, one.unit) for one in mappings[0].headings] == [("name", ""), ("registered_capital", "千元")]


def test_headings_are_recognised_in_any_writing():
    headings = [
        "序号",
        "企业名称",
        "统一社会信用代码\n（18位）",
        "註冊資本（万元）",
        "Website",
        "record mark",
        "负责人星座",
    ]
    assert targets("organizations", [headings, [1, FIRM, uscc(1), 500, "", "", "天秤"]]) == {
        "序号": LEAVE,
        "企业名称": "name",
        "统一社会信用代码 （18位）": "uscc",
        "註冊資本（万元）": "registered_capital",
        "Website": "website",
        "record mark": REF,
        "负责人星座": "",
    }


def test_better_of_two_headings_for_one_column_counts_and_the_other_is_shown():
    _spec, _tables, mappings = mapped("organizations", [["公司名称", "工商名称"], ["示例", FIRM]])
    brand, registered = mappings[0].headings
    assert (registered.target, brand.target, brand.proposals) == ("name", "", ("name",))


def test_code_with_its_check_digit_is_recognised_by_its_content():
    found = targets("organizations", [["企业名称", "登记证"], *[[f"{FIRM}{n}", uscc(n)] for n in range(4)]])
    assert found == {"企业名称": "name", "登记证": "uscc"}


def test_records_are_recognised_by_their_names_where_the_reader_may_see_them():
    hidden = factories.organization(name="示例隐去科技有限公司", visibility="internal")
    rows = [["签约方", "产品名称"], [hidden.name, "示例助手"]]
    by = {kind: targets("products", rows, actor=factories.user(kind))["签约方"] for kind in ("staff", "visitor")}
    assert by == {"staff": "organization", "visitor": ""}


def test_numbers_of_an_origin_are_proposed():
    rows = [["cid", "融资时间", "轮次"], ["1", "2020-01-01", ""], ["1", "2021-01-01", ""]]
    _spec, _tables, mappings = mapped("rounds", rows)
    assert mappings[0].headings[0].proposals[:1] == ("organization#",)


def test_other_vocabulary_under_a_known_heading_waits_for_a_person():
    rows = [["企业名称", "行业"], *[[f"{FIRM}{n}", "新零售"] for n in range(12)]]
    _spec, _tables, mappings = mapped("organizations", rows)
    assert [(one.printed, one.proposals, one.unread) for one in mappings[0].unknown] == [("行业", ("industry",), 12)]


def test_remembered_headings_come_first():
    remembered = {"名头": "name", "网址": NOTE}
    assert targets("organizations", [["名头", "网址"], [FIRM, "x"]], remembered=remembered) == {
        "名头": "name",
        "网址": NOTE,
    }


def test_what_is_settled_is_kept_and_remembered():
    spec, _tables, mappings = mapped(
        "organizations", [["企业名称", "星座", "地点", ""], [FIRM, "天秤", "楼上", "旁注"]]
    )
    told = settle(spec, mappings, {"星座": NOTE, "地点": LEAVE, "D": "description"})
    assert [one.target for one in told[0].headings] == ["name", NOTE, LEAVE, "description"]
    assert (told[0].unknown, told[0].missing(spec)) == ((), ())
    assert to_remember(told) == {"企业名称": "name", "星座": NOTE, "地点": LEAVE}
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


def test_settling_takes_a_column_from_another_heading():
    spec, _tables, mappings = mapped("organizations", [["企业名称", "全名"], ["示例", FIRM]])
    told = settle(spec, mappings, {"全名": "name"})
    assert [one.target for one in told[0].headings] == ["", "name"]


@pytest.mark.parametrize("said", [{"企业名称": "nonsense"}, {"没有": "name"}, {"企业名称": "name", "全名": "name"}])
def test_settling_what_cannot_be_is_refused(said):
    spec, _tables, mappings = mapped("organizations", [["企业名称", "全名"], ["示例", FIRM]])
    with pytest.raises(Refused):
        settle(spec, mappings, said)


def test_columns_headed_alike_are_told_apart_by_their_letters():
    spec, _tables, mappings = mapped("organizations", [["企业名称", "企业名称"], ["示例", FIRM]])
    with pytest.raises(Refused, match=r"heads several columns.*!A, .*!B"):
        settle(spec, mappings, {"企业名称": "name"})
    sheet = mappings[0].sheet
    for said in ({"A": LEAVE, "B": "name"}, {f"{sheet}!A": LEAVE, f"{sheet}!B": "name"}):
        told = settle(spec, mappings, said)
        assert [one.target for one in told[0].headings] == [LEAVE, "name"]
    assert to_remember(told) == {}


def test_rows_around_the_table_hold_no_record():
    rows = [
        ["入驻企业名单"], ["截至2025年6月"], ["企业名称", "网址"], [FIRM, ""], ["二、周边企业"],
        ["网址", "企业名称"], ["https://example.com", "示例乙有限公司"], ["合计", "2"], ["   ", " "],
        ["备注：以上为全部"],
    ]  # fmt: skip
    found, skipped = read("organizations", rows)
    assert [list(one.cells)[:2] for one in found] == [[FIRM], ["示例乙有限公司", "https://example.com"]]
    assert " ".join(skipped) == "title title header section header note note"


def test_nothing_in_a_row_is_dropped():
    """What stands beside the headings, or under a heading that came later, is kept with the row."""
    wide = [["企业名称", "网址"], *[[f"{FIRM}{n}", ""] for n in range(400)], [FIRM, "", "", "角落"]]
    later = [["企业名称", "网址"], [FIRM, ""], ["企业名称", "星座", "网址"], ["示例乙", "天秤", ""]]
    assert [dict(read("organizations", rows)[0][-1].extras) for rows in (wide, later)] == [
        {"D": "角落"},
        {"星座": "天秤"},
    ]


def test_hidden_and_foreign_sheets_are_not_read_and_say_so():
    book = Workbook()
    book.active.append(["企业名称", "网址"])
    book.active.append([FIRM, ""])
    for name, state in (("说明", "visible"), ("隐藏", "hidden")):
        book.create_sheet(name).append(["甲方意见", "乙方意见"])
        book[name].append(["好", "好"])
        book[name].sheet_state = state
    _spec, _tables, mappings = mapped("organizations", saved(book))
    assert [bool(one.row) for one in mappings] == [True, False, False]
    assert [str(one.reason) for one in mappings[1:]] == [
        "None of its headings is known, those of another sheet are; it was not read.",
        "The sheet is hidden in the workbook; it was not read.",
    ]


# --- tables as others keep them, taken in by mapping alone

FIRMS = {"cid": NUMBER, "公司名称": "short_name", "运营状态": NOTE, "行业": NOTE, "子行业": NOTE, "地点": NOTE,
         "融资总额": NOTE, "估值": LEAVE}  # fmt: skip
ROUNDS = {"rid": NUMBER, "cid": "organization#", "投资方_raw": NOTE}
INVESTMENTS = {"rid": "round#", "cid": LEAVE, "投资方": "investor"}
MODELS = {
    "省市": NOTE,
    "省": LEAVE,
    "市": LEAVE,
    "类别": NOTE,
    "官网标记": LEAVE,
    "说明": "description",
    "说明链接": NOTE,
}
MADE = {
    "firms": csv_lines(
        ["cid,公司名称,工商名称,公司网址,成立时间,地点,运营状态,行业,子行业,融资总额,估值,公司简介,详细地址"],
        [
            "1",
            "示例甲",
            FIRM,
            "www.example.com",
            "2016-03",
            "陕西-西安",
            "运营中",
            "企业服务",
            "其他",
            "630万",
            "-",
            "介绍",
            "路1号",
        ],
        ["2", "示例乙", "示例乙科技有限公司", "", "2017", "上海-徐汇区", "已关闭", "广告", "其他", "-", "-", "", ""],
    ),
    "rounds": csv_lines(
        ["rid,cid,融资时间,轮次,融资金额,投资方_raw"],
        ["11", "1", "2016-05-17", "A轮", "数千万人民币", "-"],
        ["12", "1", "2014-10-14", "天使轮", "630万人民币", "示例创投"],
        ["13", "9", "2014-10-14", "天使轮", "1亿美元", "示例创投"],
    ),
    "investments": csv_lines(["rid,cid,投资方"], ["11", "1", "示例创投"], ["12", "1", "示例乙科技有限公司"]),
    "llms_in_china": csv_lines(
        ["序号,公司,大模型,链接,省市,省,市,类别,官网标记,说明,说明链接"],
        ["1", FIRM, "示例一号", "https://example.com", "北京", "北京", "", "通用", "✔", "有APP", ""],
        ["2", "无此单位", "示例二号", "", "上海", "上海", "", "金融", "✘", "", "https://a.example https://b.example"],
    ),
}
TABLES = [("firms", "organizations", FIRMS), ("rounds", "rounds", ROUNDS), ("investments", "investments", INVESTMENTS),
          ("llms_in_china", "models", MODELS)]  # fmt: skip


@pytest.fixture
def stages():
    plant_stages(actor=None)


def take_in(name, code, said, content, actor):
    """The batch of a table, its clean rows taken over."""
    batch = uploaded(code, content, actor=actor, origin="示例数据", name=f"{name}.csv")
    actions.preview(batch, actor=actor)
    actions.remap(batch, settle(sheets()[code], from_json(batch.mapping), said), actor=actor)
    actions.preview(batch, actor=actor)
    assert not any(mapping.unknown for mapping in from_json(batch.mapping))
    actions.apply(batch, actor=actor, clean_only=True)
    return {row.number: row for row in batch.rows.all()}


def test_tables_of_others_come_in_by_mapping_alone(stages):
    actor = factories.user("staff")
    found = {name: take_in(name, code, said, MADE[name].encode(), actor) for name, code, said in TABLES}
    outcomes = {name: [row.outcome for row in rows.values()] for name, rows in found.items()}
    assert outcomes == {
        "firms": ["new", "new"],
        "rounds": ["new", "new", "error"],
        "investments": ["new", "new"],
        "llms_in_china": ["new", "error"],
    }
    rounds = {one.stage_id: one for one in Round.objects.all()}
    assert {code: one.organization.name for code, one in rounds.items()} == {"a": FIRM, "angel": FIRM}
    invested = {one.stage_id: one.investments.get() for one in rounds.values()}
    assert (invested["a"].investor_name, invested["angel"].investor.name) == ("示例创投", "示例乙科技有限公司")
    assert [one.organization.name for one in AIModel.objects.get().ownerships.all()] == [FIRM]
    kept = Evidence.objects.filter(record_kind="directory.organization").values_list("values", flat=True)
    assert "陕西-西安" in json.dumps(list(kept), ensure_ascii=False)


@pytest.mark.parametrize(("name", "code", "said"), TABLES, ids=[name for name, _code, _said in TABLES])
def test_public_tables_are_mapped_to_the_last_column_and_row(stages, name, code, said):
    path = DATA / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    spec, tables = sheets()[code], read_tables(path)
    proposed = propose(spec, tables)
    told = settle(spec, proposed, said)
    assert len(told[0].headings) == len(next(tables[0].rows()).cells)
    assert (told[0].unknown, told[0].missing(spec)) == ((), ())
    skipped = [one.kind for one in lines(spec, tables, told) if not isinstance(one, Line)]
    assert skipped == [SkipKind.HEADER]
