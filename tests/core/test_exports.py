import csv
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from qunxing.core import exports
from qunxing.core.exports import escape, fit, unescape, visible, write_csv, write_json, write_xlsx

NAIVE = datetime.fromisoformat("2023-08-31 09:05")
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\ufeff=1",
    "\u200b+1",
]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def written_csv(rows, columns=("a",)):
    return list(csv.reader(StringIO(b"".join(write_csv(columns, rows)).decode("utf-8-sig"), newline="")))


def written(rows, columns=("a",), **options):
    out = BytesIO()
    write_xlsx(columns, rows, out, **options)
    out.seek(0)
    return out


def sheet(rows, columns=("a",)):
    return load_workbook(written(rows, columns)).active


def raw(rows):
    with ZipFile(written(rows)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_json_keeps_kinds_of_values():
    row = ["甲", 3, Decimal("1.50"), date(2026, 3, 1), ("a", "b"), "", None, float("nan"), "\ud800"]
    names = ["name", "count", "share", "day", "codes", "empty", "none", "lost", "half"]
    read = json.loads(b"".join(write_json(names, [row, row])))
    expected = dict(zip(names, ["甲", 3, 1.5, "2026-03-01", ["a", "b"], None, None, "nan", "\ufffd"], strict=True))
    assert read == [expected, expected]
    assert json.loads(b"".join(write_json(names, []))) == []


def test_csv_begins_with_the_mark_that_excel_wants():
    assert b"".join(write_csv(["名称", "单位"], [["甲", "一"]])) == "\ufeff名称,单位\r\n甲,一\r\n".encode()


def test_csv_quotes_what_would_break_a_row():
    assert written_csv([['a,"b"\nc']]) == [["a"], ['a,"b"\nc']]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_that_a_spreadsheet_would_run_is_escaped(text):
    assert written_csv([[text]], columns=[text]) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["123456789012345678", "0000000000000001", "1E5", "12.5e+3"])
def test_csv_text_that_a_spreadsheet_would_round_is_escaped(text):
    assert written_csv([[text]])[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["甲-乙", "a=b", "123456789012345", "91350100M000100Y43", "'tis", "it's"])
def test_csv_text_that_is_harmless_stays(text):
    assert written_csv([[text]])[1] == [text]


@given(st.text(alphabet="'=+-@＝ \t\n1E5ab甲", max_size=8))
def test_escape_can_be_undone(text):
    assert unescape(escape(text)) == text


@given(st.text(max_size=20))
def test_csv_gives_back_what_was_written(text):
    assert [unescape(cell) for cell in written_csv([[text, "x"]])[1]] == [visible(text), "x"]


def test_csv_values_are_written_plainly():
    row = [None, True, 5, -5, 2.5, Decimal("1.50"), date(2023, 8, 31), NAIVE, ["a", "b"], 10**17]
    expected = ["", "Yes", "5", "-5", "2.5", "1.5", "2023-08-31", "2023-08-31 09:05:00", "a、b", "'100000000000000000"]
    assert written_csv([row])[1] == expected


def test_csv_long_text_is_whole():
    assert written_csv([["x" * 40_000]])[1] == ["x" * 40_000]


def test_csv_streams():
    pulled = []
    stream = write_csv(["a"], ([pulled.append(number)] for number in range(10_000)))
    next(stream)
    next(stream)
    assert len(pulled) < 1_000


def test_moments_are_written_in_local_time():
    moment = datetime(2023, 8, 31, 20, 0, tzinfo=UTC)
    assert written_csv([[moment]])[1] == ["2023-09-01 04:00:00"]
    assert sheet([[moment]])["A2"].value == datetime.fromisoformat("2023-09-01 04:00")


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A", "#REF!", "{=1}"])
def test_xlsx_text_is_never_a_formula_or_an_error(text):
    assert "<f>" not in raw([[text]])
    cell = sheet([[text]], columns=[text])["A2"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "\n"))


def test_xlsx_text_that_looks_like_a_formula_stays_text_when_edited():
    page = sheet([["=1", "甲"]])
    assert [page["A2"].quotePrefix, page["B2"].quotePrefix] == [True, False]


def test_xlsx_values_have_their_types():
    row = [None, 5, 2.5, date(2023, 8, 31), time(9, 5), True, Decimal("1.5"), 10**17, "00123", date(1899, 1, 1)]
    assert [cell.value for cell in sheet([row])[2]] == [
        None,
        5,
        2.5,
        datetime.fromisoformat("2023-08-31"),
        time(9, 5),
        "Yes",
        1.5,
        "100000000000000000",
        "00123",
        "1899-01-01",
    ]
    assert sheet([row])["D2"].number_format == "yyyy-mm-dd"


def test_xlsx_numbers_that_are_none_are_text():
    row = [float("inf"), float("nan"), Decimal("NaN"), Decimal("1234567890.123456789")]
    assert [cell.value for cell in sheet([row])[2]] == ["inf", "nan", "NaN", "1234567890.123456789"]


def test_control_characters_are_removed_visibly():
    text = "a\x00b\x07c\x7fd\ud800e\ufffff"
    assert visible(text) == "a␀b␇c␡d\ufffde\ufffdf"
    assert (written_csv([[text]])[1], sheet([[text]])["A2"].value) == ([visible(text)], visible(text))


def test_xlsx_long_text_is_cut_visibly():
    text = sheet([["甲" * 40_000]])["A2"].value
    assert len(text) == 32_767
    assert text.endswith("甲 … [cut here; the whole text has 40000 characters]")


def test_xlsx_long_text_of_rare_characters_fits():
    text = fit("𠮷" * 20_000)
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.startswith("𠮷𠮷")


@pytest.mark.parametrize("text", ["_x0041_", "a\nb", "  spaces  ", "😀𠮷", "<b>&amp;</b>", "\u202eabc"])
def test_xlsx_text_is_read_back_as_written(text):
    book = CalamineWorkbook.from_filelike(written([[text]]))
    assert book.get_sheet_by_index(0).to_python()[1] == [text]


def test_xlsx_headings_are_bold_and_stay_in_view():
    page = sheet([["甲"]], columns=[gettext_lazy("Name"), "="])
    assert (page["A1"].value, page["A1"].font.bold, page["B1"].value, page.freeze_panes) == ("Name", True, "=", "A2")


def test_xlsx_without_rows_has_its_headings():
    assert [[cell.value for cell in row] for row in sheet([], columns=["a", "b"]).rows] == [["a", "b"]]


def test_xlsx_goes_on_in_a_further_sheet(monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS", 4)
    monkeypatch.setattr(exports, "CHUNK", 2)
    book = load_workbook(written([[number] for number in range(7)], title="名/单"))
    found = {page.title: [row[0].value for row in page.rows] for page in book}
    assert found == {"名 单": ["a", 0, 1, 2], "名 单 (2)": ["a", 3, 4, 5], "名 单 (3)": ["a", 6]}
