"""Sheets as files: what is in them, and that nothing changes when they come back."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from qunxing.accounts.models import Kind
from qunxing.core.exports import cut, write_csv
from qunxing.core.sheets import sheets
from qunxing.directory.models import Contact, Organization
from qunxing.intake.reading import ReadingError, read_tables
from qunxing.intake.sheets import actions, books, out
from qunxing.intake.sheets.headings import lines, propose
from qunxing.intake.sheets.marks import mark_of, read_mark
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Visibility
from tests import factories as people
from tests.intake.files import saved, workbook
from tests.intake.sheets.made import outcomes, told

DAY = date(2026, 3, 1)


def as_workbook(spec, rows, user) -> bytes:
    file = BytesIO()
    out.workbook(spec, rows, file, user=user)
    return file.getvalue()


def as_csv(spec, rows, user) -> bytes:
    columns = out.columns_for(spec, user)
    return b"".join(write_csv(out.headings(spec, columns), out.told_rows(spec, columns, rows, user=user)))


def come_back(spec, content, user, name):
    """A batch of the file, read and compared."""
    batch = actions.upload(spec, actor=user, name=name, content=ContentFile(content, name), day=DAY)
    return actions.preview(batch, actor=user)


def template_of(spec, user) -> bytes:
    file = BytesIO()
    books.write_template(spec, out.columns_for(spec, user), file)
    return file.getvalue()


@pytest.fixture
def clerk(db):
    return people.user(Kind.STAFF)


@pytest.mark.parametrize("code", ["organizations", "contacts", "filings", "funds", "rounds", "scenarios"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_template_holds_no_record(clerk, code, language):
    spec = sheets()[code]
    with override(language):
        content = template_of(spec, clerk)
        tables = read_tables(content, "template.xlsx")
        found = propose(spec, tables)
        read = [line for line in lines(spec, tables, found) if type(line).__name__ == "Line"]
    assert (read, [one.target for one in found[0].headings], found[1].row) == (
        [],
        [column.name for column in spec.columns],
        0,
    )


def test_template_comes_back_without_rows(clerk):
    spec = sheets()["organizations"]
    with pytest.raises(ReadingError):
        come_back(spec, template_of(spec, clerk), clerk, "template.xlsx")


def test_template_offers_the_vocabulary(clerk):
    spec = sheets()["organizations"]
    with override("en"):
        book = load_workbook(BytesIO(template_of(spec, clerk)))
    sheet, guide = book.worksheets
    headings = [cell.value for cell in sheet[2]]
    letter = sheet.cell(2, headings.index("Size class") + 1).column_letter
    rule = next(one for one in sheet.data_validations.dataValidation if f"{letter}3" in str(one.sqref))
    name, cells = rule.formula1.rsplit("!", 1)
    offered = [cell.value for row in guide[cells.replace("$", "")] for cell in row]
    assert (name.strip("'"), offered) == (guide.title, [str(label) for _code, label in spec_choices(spec)])


def spec_choices(spec):
    return spec.model._meta.get_field("size_class").choices


def test_mark_is_hidden_in_a_workbook_and_last_in_a_csv(clerk):
    firm = people.organization(name="上海甲智能科技有限公司")
    spec, rows = sheets()["organizations"], Organization.objects.all()
    with override("en"):
        sheet = load_workbook(BytesIO(as_workbook(spec, rows, clerk))).worksheets[0]
        text = as_csv(spec, rows, clerk).decode("utf-8-sig").splitlines()
    last = sheet.cell(1, sheet.max_column)
    assert (last.value, sheet.column_dimensions[last.column_letter].hidden) == ("record mark", True)
    assert sheet.cell(2, sheet.max_column).value == mark_of(firm) == text[1].split(",")[-1]
    assert read_mark(mark_of(firm)) == (firm.ref, firm.revision)


@pytest.mark.parametrize("text", ["", "abc#1", "23456789abcd", "23456789abcd#0", "23456789abcl#1", "23456789abcd#1#2"])
def test_mark_of_no_record_is_none(text):
    assert read_mark(text) is None


@pytest.mark.parametrize("name", ["=1+1 有限公司", "'甲有限公司", "@甲", "12345678901234567890", "𠮷野科技有限公司"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_text_that_a_spreadsheet_would_change_comes_back(clerk, name, form):
    create(Organization(name=name, address="一行\n二行"), actor=clerk, reason="")
    spec = sheets()["organizations"]
    content = (as_workbook if form == "xlsx" else as_csv)(spec, Organization.objects.all(), clerk)
    batch = come_back(spec, content, clerk, f"sheet.{form}")
    assert [(row.outcome, row.changes, row.problems) for row in batch.rows.all()] == [("unchanged", {}, [])]


LONG = "甲\r\n乙 " + "长" * 40_000


@pytest.fixture
def long_winded(clerk):
    return create(Organization(name="话长有限公司", description=LONG), actor=clerk, reason="")


def exported(clerk, *, language="zh-hans", edit=None):
    """The workbook of the organisations, with the description as `edit` makes it."""
    with override(language):
        book = load_workbook(BytesIO(as_workbook(sheets()["organizations"], Organization.objects.all(), clerk)))
        at = [cell.value for cell in book.worksheets[0][1]].index("简介" if language != "en" else "Description") + 1
    cell = book.worksheets[0].cell(2, at)
    assert len(cell.value) <= 32_767
    cell.value = edit(cell.value) if edit else cell.value
    return saved(book)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_text_too_long_for_a_workbook_comes_back_unchanged(clerk, long_winded, language):
    batch = come_back(sheets()["organizations"], exported(clerk, language=language), clerk, "sheet.xlsx")
    assert [(row.outcome, row.problems) for row in batch.rows.all()] == [("unchanged", [])]


def test_text_too_long_for_a_workbook_is_unchanged_where_only_the_ledger_changed_it(clerk, long_winded):
    content = exported(clerk)
    change(long_winded, actor=clerk, values={"description": LONG + "尾"})
    assert outcomes(come_back(sheets()["organizations"], content, clerk, "sheet.xlsx")) == ["unchanged"]


@pytest.mark.parametrize("edit", [lambda text: "改" + text[1:], lambda text: text[:20_000] + text[20_500:]])
def test_changed_beginning_of_a_text_too_long_is_refused(clerk, long_winded, edit):
    batch = come_back(sheets()["organizations"], exported(clerk, edit=edit), clerk, "sheet.xlsx")
    row = batch.rows.get()
    assert (row.outcome, row.changes, told(row)[0][0]) == ("error", {}, "description")
    assert "but the beginning of a text" in told(row)[0][1]


def test_beginning_of_a_text_too_long_makes_no_new_record(clerk):
    text = cut(LONG)
    row = come_back(
        sheets()["organizations"], workbook([["企业名称", "简介"], ["话长有限公司", text]]), clerk, "sheet.xlsx"
    ).rows.get()
    assert (row.outcome, [column for column, _reason in told(row)]) == ("error", ["description"])


def test_text_too_long_for_a_workbook_may_be_changed_whole(clerk, long_winded):
    batch = come_back(sheets()["organizations"], exported(clerk, edit=lambda _text: "短了"), clerk, "sheet.xlsx")
    assert [row.changes.keys() for row in batch.rows.all()] == [{"description"}]
    content = as_csv(sheets()["organizations"], Organization.objects.all(), clerk)
    assert outcomes(come_back(sheets()["organizations"], content, clerk, "sheet.csv")) == ["unchanged"]


def test_records_of_one_name_are_told_apart(clerk):
    firms = [people.organization(name="上海甲智能科技有限公司") for _time in range(2)]
    for firm in firms:
        create(Contact(organization=firm, name="张三"), actor=clerk, reason="")
    spec = sheets()["contacts"]
    batch = come_back(spec, as_workbook(spec, Contact.objects.all(), clerk), clerk, "sheet.xlsx")
    assert outcomes(batch) == ["unchanged", "unchanged"]


def test_reader_gets_the_visible_rows_only(db):
    people.organization(name="内部单位", visibility=Visibility.INTERNAL)
    shown = people.organization(name="公开单位")
    spec, visitor = sheets()["organizations"], people.user(Kind.VISITOR)
    rows = list(out.told_rows(spec, spec.columns, Organization.objects.all(), user=visitor))
    assert [row[-1] for row in rows] == [mark_of(shown)]


def test_personal_columns_need_the_permission_of_the_pages(clerk):
    spec = sheets()["contacts"]
    personal = {column.name for column in spec.columns if column.personal}
    seen = {column.name for column in out.columns_for(spec, people.user(Kind.EXPERT))}
    assert personal >= {"name", "phone", "email"}
    assert seen & personal == set()
    assert {column.name for column in out.columns_for(spec, clerk)} >= personal


def test_queries_do_not_grow_with_the_rows(clerk):
    spec = sheets()["contacts"]
    counts = []
    for number in (1, 2):
        firm = people.organization(name=f"上海{number}号智能科技有限公司")
        create(Contact(organization=firm, name="张三"), actor=clerk, reason="")
        with CaptureQueriesContext(connection) as captured:
            list(out.told_rows(spec, spec.columns, Contact.objects.order_by("pk"), user=clerk))
        counts.append(len(captured))
    assert counts[0] == counts[1]
