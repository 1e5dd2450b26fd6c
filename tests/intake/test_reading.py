import time
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import Workbook

from qunxing.intake.reading import Format, Limits, ReadingError, read_tables
from tests.intake.files import HEADER, ROW, compound, lines, saved, with_part, with_sheet, workbook


def read(content, filename="list.csv", **limits):
    return read_tables(content, filename, limits=Limits(**limits))


def cells(content, filename="list.csv", **limits):
    return [list(row.cells) for table in read(content, filename, **limits) for row in table.rows()]


def refusal(content, filename="list.csv", **limits):
    with pytest.raises(ReadingError) as caught:
        cells(content, filename, **limits)
    return caught.value


@pytest.mark.parametrize(
    ("codec", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gbk"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encoding_is_sniffed_and_stated(codec, stated):
    content = lines(HEADER, ROW).encode(codec)
    [table] = read(content)
    assert table.encoding == stated
    assert [list(row.cells) for row in table.rows()] == [HEADER, list(map(str, ROW))]


def test_encoding_gb18030_reads_rare_characters():
    [table] = read("名称,单位\n𠮷野家,上海😀科技有限公司\n".encode("gb18030"))
    assert table.encoding == "gb18030"
    assert [list(row.cells) for row in table.rows()][1] == ["𠮷野家", "上海😀科技有限公司"]


def test_encoding_utf16_big_endian_with_mark():
    content = b"\xfe\xff" + lines(HEADER, ROW).encode("utf-16-be")
    [table] = read(content)
    assert (table.encoding, next(table.rows()).cells) == ("utf-16-be", HEADER)


def test_encoding_that_is_none_of_ours_is_refused():
    assert "UTF-8" in str(refusal("Société,Générale\n".encode("cp1252")))
    big5 = "統一編號,公司名稱\n" + "臺灣積體電路製造股份有限公司,鴻海精密工業股份有限公司\n" * 5
    assert "UTF-8" in str(refusal(big5.encode("big5")))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiter_is_sniffed_and_stated(delimiter):
    content = lines(["名单（截至2024年）"], HEADER, ROW, ROW, delimiter=delimiter).encode()
    [table] = read(content)
    assert table.delimiter == delimiter
    assert [len(row.cells) for row in table.rows()] == [1, 6, 6, 6]


def test_delimiter_hint_of_excel_is_followed():
    [table] = read(b"sep=;\na;b,c\n1;2,5\n")
    assert [(row.number, list(row.cells)) for row in table.rows()] == [(2, ["a", "b,c"]), (3, ["1", "2,5"])]


def test_rows_are_numbered_as_the_person_sees_them():
    [table] = read(b'a,b\n\n"x\ny",1\n , \n2,3\n')
    assert [(row.number, list(row.cells)) for row in table.rows()] == [
        (1, ["a", "b"]),
        (3, ["x\ny", "1"]),
        (5, ["2", "3"]),
    ]


def test_rows_can_be_read_again():
    [table] = read(lines(HEADER, ROW).encode())
    assert list(table.rows()) == list(table.rows())


def test_path_is_read_like_bytes(tmp_path: Path):
    path = tmp_path / "名单.xlsx"
    path.write_bytes(workbook([HEADER, ROW]))
    [table] = read_tables(path)
    assert (table.sheet, table.format, [row.number for row in table.rows()]) == ("名单", Format.XLSX, [1, 2])


def test_workbook_gives_numbers_days_and_texts():
    content = workbook([["a", 1, 2.5, date(2023, 8, 31), True, None, "00123"]])
    assert cells(content) == [["a", 1.0, 2.5, date(2023, 8, 31), True, "", "00123"]]


def test_workbook_rows_keep_their_numbers_below_blank_ones():
    book = Workbook()
    book.active["B3"] = "标题"
    book.active["C6"] = 1
    [table] = read(saved(book), "x.xlsx")
    assert [(row.number, list(row.cells)) for row in table.rows()] == [(3, ["", "标题"]), (6, ["", "", 1.0])]


def test_workbook_title_row_and_merged_cells():
    rows = [
        ["备案名单", None, None],
        ["属地", "名称", "单位"],
        ["上海市", "甲", "一"],
        [None, "乙", "二"],
        [None, None, None],
    ]
    content = workbook(rows, merged=["A1:C1", "A3:A5"])
    assert cells(content) == [["备案名单"], ["属地", "名称", "单位"], ["上海市", "甲", "一"], ["上海市", "乙", "二"]]


def test_workbook_sheets_are_told_apart_and_hidden_ones_marked():
    book = Workbook()
    book.active.title = "一"
    book.active["A1"] = "x"
    book.create_sheet("二").sheet_state = "hidden"
    tables = read(saved(book), "x.xlsx")
    assert [(table.sheet, table.hidden, len(list(table.rows()))) for table in tables] == [
        ("一", False, 1),
        ("二", True, 0),
    ]


def test_workbook_formula_is_not_run():
    content = with_sheet('<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f><v>7</v></c></row>')
    assert cells(content) == [[7.0]]


def test_workbook_wide_sheet_is_read():
    assert [len(row) for row in cells(workbook([list(range(300))] * 3))] == [300, 300, 300]


def test_wrong_ending_is_read_by_content_and_stated():
    [table] = read(workbook([HEADER]), "名单.csv")
    assert table.format == Format.XLSX
    assert [str(note) for note in table.notes] == [
        "The file is named .csv but its content is xlsx; it was read as xlsx."
    ]
    [table] = read(lines(HEADER, ROW).encode(), "名单.xls")
    assert (table.format, len(table.notes)) == (Format.CSV, 1)


def test_macros_and_links_are_stated():
    content = with_part(workbook([HEADER]), "xl/vbaProject.bin", b"x")
    content = with_part(content, "xl/externalLinks/externalLink1.xml", b"<x/>")
    [table] = read(content, "x.xlsm")
    assert table.format == Format.XLSM
    assert [str(note).split(".")[0] for note in table.notes] == [
        "The workbook holds macros",
        "The workbook links to other files",
    ]


def test_what_a_workbook_shows_and_reading_cannot_give_is_stated():
    book = Workbook()
    page = book.active
    page.append(["名称", "=A1", "#N/A", 't="e" </f></c>'])
    page.append(["甲", 1])
    page.row_dimensions[2].hidden = True
    [table] = read(saved(book), "x.xlsx")
    assert [str(note) for note in table.notes] == [
        "Rows hidden in the workbook were read like the others: 1.",
        "Cells that show an error (like #N/A) were read as empty: 1.",
        "Formulas that were never calculated were read as empty: 1. Open the file in Excel and save it.",
    ]
    assert [list(row.cells) for row in table.rows()] == [["名称", "", "", 't="e" </f></c>'], ["甲", 1.0]]


def test_open_document_is_read_with_its_places():
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="名单"><table:table-row table:number-rows-repeated="2"><table:table-cell/>'
        '</table:table-row><table:table-row><table:table-cell/><table:table-cell office:value-type="string">'
        "<text:p>甲</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    archive = with_part(b"PK\5\6" + b"\0" * 18, "mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    archive = with_part(with_part(archive, "content.xml", content), "META-INF/manifest.xml", manifest)
    [table] = read(archive, "x.ods")
    found = [(row.number, list(row.cells)) for row in table.rows()]
    assert (table.format, table.sheet, found) == (Format.ODS, "名单", [(3, ["", "甲"])])
    locked = with_part(archive, "META-INF/manifest.xml", manifest.replace("/>", "><manifest:encryption-data/>"))
    assert "password" in str(refusal(locked, "x.ods"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n,,\r\n", "no text"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"BM\x36\0\0\0\0\0", "picture"),
        (b"\x1f\x8b\x08\0", "packed"),
        (b"{\\rtf1\\ansi}", "text document"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "web page"),
        (b'[{"a": 1}]', "JSON"),
        (bytes(range(256)) * 20, "no text has"),
        (b"a,b\n1,\0\n", "no text has"),
        (compound("Root Entry", "EncryptedPackage"), "password"),
        (compound("Root Entry", "WordDocument"), "text document"),
        (compound("Root Entry"), "damaged"),
        (compound("Root Entry", "Workbook"), "damaged"),
        (workbook([HEADER])[:-400], "damaged"),
        (with_part(workbook([HEADER]), "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row"), "damaged"),
    ],
)
def test_file_that_is_no_table_is_refused_with_what_it_is(content, words):
    assert words in str(refusal(content, "名单.xlsx"))


def test_packed_files_are_refused_with_what_they_are():
    assert "text document" in str(refusal(with_part(b"PK\5\6" + b"\0" * 18, "word/document.xml", "x")))
    assert "packed file" in str(refusal(with_part(b"PK\5\6" + b"\0" * 18, "a.csv", "a,b")))


def test_binary_zero_is_placed():
    assert refusal(b"a,b\n" * 30_000 + b"1,\0\n").row == 30_001


def test_cut_text_is_refused_with_its_line():
    content = lines(HEADER, ROW).encode()
    error = refusal(content + "末".encode()[:2])
    assert ("cut off" in str(error), error.row) == (True, 3)
    error = refusal(lines(HEADER, ROW).encode("gbk") + "末".encode("gbk")[:1])
    assert "cut off" in str(error)


def test_broken_utf8_is_refused_with_its_line():
    error = refusal(lines(HEADER, ROW).encode() + b"\xff\n")
    assert ("UTF-8" in str(error), error.row) == (True, 3)


def test_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(workbook([HEADER]), "xl/worksheets/sheet1.xml", b" " * (40 * 2**20))
    assert len(bomb) < 100_000
    assert "200 times" in str(refusal(bomb, "x.xlsx"))
    assert "39 MB" in str(refusal(bomb, "x.xlsx", unpacked_bytes=39 * 2**20))
    assert "parts" in str(refusal(bomb, "x.xlsx", parts=3))


def test_bomb_of_two_far_cells_ends_only_its_own_process():
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    error = refusal(with_sheet(corners), "x.xlsx")
    assert ("memory" in str(error), error.sheet) == (True, "名单")


def test_file_over_the_size_limit_is_refused():
    assert "too big" in str(refusal(b"a,b\n" * 1000, file_bytes=1000))


def test_huge_cell_is_refused_with_its_place():
    error = refusal(b"a,b\n1,2\n3," + b"x" * 10_000_000 + b"\n5,6\n")
    assert (error.row, "100000 characters" in str(error)) == (3, True)
    error = refusal(b"a,b\n1,2\n3," + b"x" * 120_000 + b"\n")
    assert (error.sheet, error.row, error.column) == ("list", 3, 2)
    error = refusal(workbook([["a"], ["b", "x" * 500]]), cell_characters=499)
    assert (error.sheet, error.row, error.column) == ("名单", 2, 2)


def test_cell_of_40000_characters_is_read():
    assert len(cells(b"a,b\n1," + b"x" * 40_000 + b"\n")[1][1]) == 40_000


def test_open_quotation_mark_is_refused_with_its_row():
    error = refusal('a,b\n1,2\n3,"四\n5,6\n'.encode())
    assert (error.row, "never closed" in str(error)) == (3, True)


def test_row_with_too_many_cells_is_refused():
    assert refusal(b"a,b\n" + b"," * 20_000 + b"1\n").row == 2


def test_refusal_speaks_the_readers_language():
    with translation.override("zh-hans"):
        error = refusal(b"")
        assert str(error) == "文件是空的。"


def test_million_empty_rows_are_quick():
    xml = '<row r="1"><c r="A1" t="inlineStr"><is><t>名称</t></is></c></row>'
    xml += "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_000_001))
    content = with_sheet(xml)
    began = time.perf_counter()
    assert cells(content) == [["名称"]]
    assert time.perf_counter() - began < 10
