"""What the rows of a sheet would change, before anything is written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunxing.accounts.models import Kind
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.funds.actions import plant_stages
from qunxing.funds.models import Fund
from qunxing.intake.models import Batch, ForeignNumber
from qunxing.intake.sheets import actions
from qunxing.intake.sheets.circles import in_circles
from qunxing.intake.sheets.marks import mark_of
from qunxing.ledger.actions import change
from tests import factories as people
from tests.funds import factories as funds
from tests.intake.sheets.made import applied, outcomes, previewed, told, uploaded, uscc
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
MARK = "记录标记"
FIRM = "上海甲智能科技有限公司"


def exported(firm, *, name=None, short_name="", website=""):
    return [[MARK, "企业名称", "简称", "网址"], [mark_of(firm), name or firm.name, short_name, website]]


def row_of(batch, number=1):
    return batch.rows.get(number=number)


def test_changes_are_told_cell_by_cell():
    firm = people.organization(name=FIRM, short_name="甲", website="https://a.example")
    batch = previewed("organizations", exported(firm, short_name="甲智能", website="https://a.example"))
    row = row_of(batch)
    assert (row.outcome, row.changes) == ("changed", {"short_name": ["甲", "甲智能"]})
    assert (row.record_key, row.revision, row.name) == (firm.pk, firm.revision, FIRM)


def test_empty_cell_empties_only_what_was_exported():
    firm = people.organization(name=FIRM, short_name="甲")
    assert row_of(previewed("organizations", exported(firm))).changes == {"short_name": ["甲", ""]}
    assert outcomes(previewed("organizations", [["企业名称", "简称"], [FIRM, ""]])) == ["unchanged"]


def test_change_on_both_sides_is_a_conflict_and_on_one_side_is_not():
    firm = people.organization(name=FIRM, short_name="甲", website="https://a.example")
    mine = exported(firm, short_name="甲一", website="https://b.example")
    other = exported(firm, short_name="甲", website="https://b.example")
    same = exported(firm, short_name="甲二", website="https://b.example")
    change(firm, actor=None, values={"short_name": "甲二"})
    conflict = row_of(previewed("organizations", mine))
    assert conflict.outcome == "conflict"
    assert told(conflict) == [
        ("short_name", "Changed in the ledger since the sheet was made: it was “甲” and is now “甲二”.")
    ]
    assert row_of(previewed("organizations", other)).changes == {"website": ["https://a.example", "https://b.example"]}
    assert outcomes(previewed("organizations", same)) == ["changed"]


def test_conflict_is_settled_by_correcting_the_cell():
    firm = people.organization(name=FIRM, short_name="甲")
    rows = exported(firm, short_name="甲一")
    change(firm, actor=None, values={"short_name": "甲二"})
    batch = previewed("organizations", rows)
    row = actions.edit_cells(row_of(batch), {2: "甲三"}, actor=batch.owner)
    assert (row.outcome, row.changes, row.edits) == ("changed", {"short_name": ["甲二", "甲三"]}, {"2": "甲三"})
    batch.refresh_from_db()
    assert batch.counts == {"changed": 1, "rows": 1}
    assert actions.edit_cells(row, {2: "甲一"}, actor=batch.owner).outcome == "conflict"


def test_mark_of_a_record_that_is_gone_is_an_error():
    firm = people.organization(name=FIRM)
    rows = exported(firm)
    firm.delete()
    row = row_of(previewed("organizations", rows))
    assert (row.outcome, told(row)[0][0]) == ("error", "@ref")


def test_row_finds_its_record_by_code_then_by_name():
    firm = people.organization(name=FIRM, uscc=uscc(1))
    bare = people.organization(name="上海丙有限公司")
    head = ["企业名称", "统一社会信用代码"]
    batch = previewed(
        "organizations",
        [head, ["上海甲有限公司", firm.uscc], ["上海丙有限公司", uscc(2)], [FIRM, uscc(2)]],
    )
    assert outcomes(batch) == ["changed", "changed", "duplicate"]
    assert list(batch.rows.values_list("record_key", flat=True))[:2] == [firm.pk, bare.pk]


def test_name_of_a_firm_with_another_code_is_another_firm():
    people.organization(name=FIRM, uscc=uscc(1))
    batch = previewed("organizations", [["企业名称", "统一社会信用代码"], [FIRM, uscc(2)]])
    assert outcomes(batch) == ["new"]


def test_second_row_about_a_record_is_a_duplicate_until_the_first_is_left_out():
    batch = previewed("organizations", [["企业名称", "简称"], [FIRM, "甲"], [FIRM, "乙"]])
    assert outcomes(batch) == ["new", "duplicate"]
    assert told(row_of(batch, 2)) == [("", "Row 2 of the sheet is about the same record.")]
    assert actions.leave_out(batch.rows.filter(number=1), out=True, actor=batch.owner) == 1
    assert outcomes(batch) == ["new", "new"]
    assert actions.leave_out(batch.rows.filter(number=1), out=False, actor=batch.owner) == 1
    assert outcomes(batch) == ["duplicate", "new"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["甲", ""], ["甲", uscc(1)]], ["new", "duplicate"]),
        ([["甲", uscc(1)], ["甲", uscc(2)]], ["new", "new"]),
        ([["甲", uscc(1)], ["乙", uscc(1)]], ["new", "duplicate"]),
    ],
)
def test_rows_are_one_as_records_of_the_ledger_are_found(rows, expected):
    """Whether the first row is taken over before the second is planned or not."""
    head = ["企业名称", "统一社会信用代码"]
    assert outcomes(previewed("organizations", [head, *rows])) == expected
    applied("organizations", [head, rows[0]])
    again = outcomes(previewed("organizations", [head, rows[1]]))[0]
    assert (again == "new") == (expected[1] == "new")


def test_unreadable_cell_is_an_error_that_says_what_is_expected():
    row = row_of(previewed("organizations", [["企业名称", "成立日期"], [FIRM, "去年"]]))
    assert row.outcome == "error"
    assert told(row)[0][0] == "founded_on"
    assert "去年" in told(row)[0][1]


def test_new_record_needs_its_name():
    row = row_of(previewed("organizations", [["企业名称", "简称"], ["", "甲"]]))
    assert (row.outcome, told(row)) == ("error", [("name", "This must not be empty in a new record.")])


def test_rule_between_fields_is_an_error_of_the_row():
    people.scope()
    people.organization(name=FIRM)
    head = ["企业名称", "scope", "入驻时间", "离开时间"]
    scope = str(people.Scope.objects.get())
    row = row_of(previewed("residencies", [head, [FIRM, scope, "2024-05-01", "2023-05-01"]]))
    assert row.outcome == "error"
    assert ("", "The day of leaving must not come before the day of entering.") in told(row)


def test_rule_that_only_the_sheet_of_the_ledger_knows_is_an_error_of_the_row():
    people.organization(name="上海甲智能科技有限公司")
    batch = previewed(
        "filings",
        [
            ["类别", "备案名称", "备案单位", "备案号", "状态"],
            ["生成式人工智能备案", "甲言", "上海甲智能科技有限公司", "网信算备123", "已通过"],
            ["生成式人工智能备案", "乙言", "上海甲智能科技有限公司", "", "已通过"],
        ],
    )
    assert outcomes(batch) == ["error", "error"]
    assert [{column for column, _reason in told(row)} for row in batch.rows.order_by("number")] == [{"number"}] * 2


def test_code_of_another_record_is_an_error_of_the_row():
    firm = people.organization(name=FIRM)
    people.organization(name="上海乙有限公司", uscc=uscc(1))
    head = [MARK, "企业名称", "统一社会信用代码"]
    row = row_of(previewed("organizations", [head, [mark_of(firm), FIRM, uscc(1)]]))
    assert (row.outcome, told(row)) == ("error", [("uscc", "Another organisation has this code.")])


# --- references -------------------------------------------------------------------------------------------------------


def test_reference_that_may_not_be_seen_is_not_found_like_one_that_is_not_there():
    people.organization(name=FIRM, visibility="internal")
    member = people.user(Kind.MEMBER)
    head = ["企业名称", "姓名"]
    reasons = [
        told(row_of(previewed("contacts", [head, [name, "某人"]], actor=member)))[0]
        for name in (FIRM, "上海并无此家有限公司")
    ]
    assert reasons[0][1].replace(FIRM, "X") == reasons[1][1].replace("上海并无此家有限公司", "X")
    assert outcomes(previewed("contacts", [head, [FIRM, "某人"]])) == ["new"]


def test_reference_by_the_number_of_the_origin():
    firm = people.organization(name=FIRM)
    words = {"origin": "旧系统", "record_kind": "directory.organization", "record_key": firm.pk, "number": "C7"}
    ForeignNumber.objects.create(**words)
    batch = previewed("contacts", [["编号", "姓名"], ["C7", "某人"], ["C8", "某人"]], origin="旧系统")
    remapped(batch, {"编号": "organization#"})
    assert outcomes(batch) == ["new", "error"]
    assert row_of(batch).values["organization"]["key"] == firm.pk


def remapped(batch, targets):
    from qunxing.intake.sheets.headings import from_json, settle
    from qunxing.intake.sheets.preview import spec_of

    actions.remap(batch, settle(spec_of(batch), from_json(batch.mapping), targets), actor=batch.owner)
    actions.preview(batch, actor=batch.owner)


def test_number_of_the_origin_is_kept_and_finds_the_record_again():
    rows = [["编号", "企业名称"], ["C7", FIRM]]
    batch = previewed("organizations", rows, origin="旧系统")
    remapped(batch, {"编号": "@number"})
    actions.apply(batch, actor=batch.owner)
    again = previewed("organizations", [["编号", "企业名称"], ["C7", "上海改名科技有限公司"]], origin="旧系统")
    assert row_of(again).changes == {"name": [FIRM, "上海改名科技有限公司"]}


def numbered(rows, *, actor=None):
    """A batch of rows whose first column is their number in the tables of the old system."""
    batch = uploaded("organizations", rows, origin="旧系统", actor=actor)
    actions.preview(batch, actor=batch.owner)
    remapped(batch, {"编号": "@number"})
    return batch


def test_firm_listed_under_two_numbers_of_its_origin_is_one():
    assert outcomes(numbered([["编号", "企业名称"], ["11", FIRM], ["273", FIRM]])) == ["new", "duplicate"]


def kept_number(number, record):
    words = {"origin": "旧系统", "record_kind": "directory.organization", "record_key": record.pk}
    return ForeignNumber.objects.create(**words, number=number)


def test_number_of_another_record_is_an_error_that_names_both():
    firm, other = people.organization(name=FIRM), people.organization(name="上海乙智能科技有限公司")
    kept_number("7", other)
    row = row_of(numbered([["编号", MARK, "企业名称", "简称"], ["7", mark_of(firm), FIRM, "甲"]]))
    assert row.outcome == "error"
    reason = f"In the tables of this origin the number “7” is that of “{other}”, and this row is about “{FIRM}”."
    assert told(row) == [("@number", reason)]


def test_number_of_a_record_that_is_hidden_is_refused_without_its_name():
    other = people.organization(name="秘密智能科技有限公司", visibility="internal")
    kept_number("7", other)
    row = row_of(numbered([["编号", "企业名称"], ["7", FIRM]], actor=people.user(Kind.MANAGER)))
    assert "秘密" not in str(told(row))
    assert ("@number", f"In the tables of this origin the number “7” is not free for “{FIRM}”.") in told(row)


def test_number_of_a_record_that_is_gone_is_free_again():
    gone = people.organization(name="上海乙智能科技有限公司")
    kept_number("7", gone)
    gone.delete()
    batch = numbered([["编号", "企业名称"], ["7", FIRM]])
    assert outcomes(batch) == ["new"]
    actions.apply(batch, actor=batch.owner)
    assert ForeignNumber.objects.get().record_key == Organization.objects.get().pk


def test_one_number_for_two_records_is_an_error():
    firms = [people.organization(name=f"上海{word}智能科技有限公司") for word in "丙丁"]
    rows = [["7", mark_of(firm), firm.name, "新"] for firm in firms]
    assert outcomes(numbered([["编号", MARK, "企业名称", "简称"], *rows])) == ["changed", "error"]


def test_number_that_was_given_to_another_record_since_the_preview_is_a_conflict():
    firm, other = people.organization(name=FIRM), people.organization(name="上海乙智能科技有限公司")
    batch = numbered([["编号", "企业名称", "简称"], ["7", FIRM, "甲"]])
    kept_number("7", other)
    change(other, actor=None, values={"short_name": "乙"})
    with pytest.raises(Refused):
        actions.apply(batch, actor=batch.owner)
    assert (row_of(batch).outcome, firm.history.count()) == ("conflict", 1)


def test_numbers_of_unchanged_rows_are_remembered():
    firm = people.organization(name=FIRM)
    batch = numbered([["编号", "企业名称"], ["7", FIRM], ["8", "上海乙智能科技有限公司"]])
    actions.apply(batch, actor=batch.owner)
    assert ForeignNumber.objects.get(number="7").record_key == firm.pk


def test_funds_of_one_sheet_may_stand_above_each_other():
    head = ["基金名称", "母基金"]
    batch = applied("funds", [head, ["子基金", "母基金甲"], ["母基金甲", ""]])
    child = Fund.objects.get(name="子基金")
    assert (child.parent.name, batch.counts) == ("母基金甲", {"new": 2, "rows": 2})


def test_circle_of_funds_is_an_error_of_each_of_its_rows():
    head = ["基金名称", "母基金"]
    top = funds.fund(name="基金丁")
    batch = previewed(
        "funds", [head, ["基金乙", "基金丙"], ["基金丙", "基金乙"], ["基金丁", "基金戊"], ["基金戊", "基金丁"]]
    )
    assert outcomes(batch) == ["error"] * 4
    assert ("parent", "The rows of this sheet would stand above themselves in a circle.") in told(row_of(batch, 3))
    assert Fund.objects.get() == top


def test_circles_are_told_from_what_leads_into_them():
    assert in_circles({1: 2, 2: 3, 3: 2, 4: 5}) == {2, 3}


def test_parts_are_added_by_any_table_and_removed_only_by_an_exported_row():
    first, second = people.organization(name="上海甲有限公司"), people.organization(name="上海乙有限公司")
    model = registry.model(first, name="演示模型")
    plain = previewed("models", [["模型名称", "开发单位"], ["演示模型", "上海甲有限公司、上海乙有限公司"]])
    assert row_of(plain).changes["owners"][1].split("; ") == [first.name, second.name]
    marked = previewed("models", [[MARK, "模型名称", "开发单位"], [mark_of(model), "演示模型", "上海乙有限公司"]])
    actions.apply(marked, actor=marked.owner)
    assert [owned.organization for owned in model.ownerships.all()] == [second]


def test_planning_asks_as_often_for_one_row_as_for_many():
    def asked(count):
        rows = [["企业名称", "简称"], *([f"上海第{number}家有限公司", "甲"] for number in range(count))]
        applied("organizations", rows[: count // 2 + 2])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            previewed("organizations", rows, actor=clerk)
        return len(queries)

    clerk = people.user(Kind.STAFF)
    assert asked(3) == asked(30)


def test_unknown_heading_is_never_dropped():
    batch = previewed("organizations", [["企业名称", "天外飞仙"], [FIRM, "某物"]])
    assert row_of(batch).cells["1"] == "某物"
    with pytest.raises(Exception, match="天外飞仙"):
        actions.apply(batch, actor=batch.owner)
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREVIEWED


def test_what_the_reader_may_not_see_is_not_emptied_by_an_export_without_it():
    child = funds.fund(name="子基金", parent=funds.fund(name="隐去母基金", visibility="internal"))
    model = registry.model(people.organization(name=FIRM, visibility="internal"), name="示例大模型")
    member = people.user(Kind.MEMBER)
    head = [MARK, "基金名称", "母基金"]
    assert outcomes(previewed("funds", [head, [mark_of(child), "子基金", ""]], actor=member)) == ["unchanged"]
    head = [MARK, "模型名称", "权利人"]
    assert outcomes(previewed("models", [head, [mark_of(model), "示例大模型", ""]], actor=member)) == ["unchanged"]


def test_row_is_called_by_what_it_says_in_words():
    people.organization(name=FIRM)
    plant_stages(actor=None)
    rows = [["公司", "轮次", "融资时间"], [FIRM, "A轮", "2016年5月"]]
    assert row_of(previewed("rounds", rows)).name == f"{FIRM} · Series A · 2016-05"
