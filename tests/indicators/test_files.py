"""Files in: text in any encoding that people use, docx, pdf; what has no text says why."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from qunxing.indicators.filewords import PROBLEMS, read_file
from qunxing.indicators.reading import FileError, text_of
from qunxing.indicators.reading import files as limits

SIMPLIFIED = "截至今年2月，云帆空间已入驻企业120家，推动大模型产业发展。"
TRADITIONAL = "截至今年2月，雲帆空間已入駐企業120家，推動大模型產業發展。"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body="", head="", **parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<?xml version='1.0'?>{head}<w:document {WORD}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.bin", content)
    return made.getvalue()


def paragraph(*runs):
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def pdf(text="", password=""):
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    if text:
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_text_is_read_in_its_encoding(text, encoding):
    assert text_of(text.encode(encoding)).text == text


def test_big5_is_told_from_gbk():
    assert text_of(TRADITIONAL.encode("big5")).text == TRADITIONAL
    assert text_of(SIMPLIFIED.encode("gbk")).text == SIMPLIFIED


def test_line_ends_stay_so_that_places_hold():
    assert text_of(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


def test_document_gives_paragraphs_and_rows():
    cells = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("入驻企业", "120"))
    body = (
        paragraph("云帆", "空间")
        + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        + "<w:p><w:r><w:delText>旧</w:delText></w:r></w:p>"
    )
    found = text_of(docx(body))
    assert (found.format, found.text) == ("docx", "云帆空间\n入驻企业\t120\t\n\n")


def test_pdf_gives_the_text_of_its_pages():
    found = text_of(pdf("120 firms"))
    assert (found.format, found.text) == ("pdf", "120 firms\n")


def bomb():
    return docx(paragraph("a"), bomb=b"0" * (30 * 1024 * 1024))


def encrypted_zip():
    data = bytearray(docx(paragraph("a")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (pdf(), "scanned"),
        (pdf("120 firms", password="secret"), "locked"),
        (pdf("120 firms")[:200], "broken"),
        (b"%PDF-1.7 nonsense", "broken"),
        (docx(), "no_text"),
        (docx(paragraph("a"))[:-40], "broken"),
        (docx(paragraph("a") + "<w:p>"), "broken"),
        (docx(paragraph("&a;"), head="<!DOCTYPE a [<!ENTITY a 'aaaa'>]>"), "harmful"),
        (bomb(), "harmful"),
        (encrypted_zip(), "locked"),
        (b"PK\x03\x04" + b"\0" * 100, "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old_office"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture"),
        (b"\x1f\x8b" + b"\1" * 100, "packed"),
        (bytes(range(256)) * 20, "not_text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_text_says_why(data, code):
    with pytest.raises(FileError) as raised:
        text_of(data)
    assert (raised.value.code, raised.value.code in PROBLEMS) == (code, True)


def test_a_workbook_is_no_article():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(FileError) as raised:
        text_of(made.getvalue())
    assert raised.value.code == "not_text"


def test_too_many_pages_and_too_large_a_file_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_PAGES", 0)
    with pytest.raises(FileError, match="too_many_pages"):
        text_of(pdf("120 firms"))
    monkeypatch.setattr(limits, "LARGEST_FILE", 3)
    with pytest.raises(FileError, match="too_large"):
        text_of(b"1234")


def test_every_problem_has_its_words():
    from qunxing.core.errors import Refused

    with pytest.raises(Refused):
        read_file(b"")
    assert {str(words) % {"limit": 1} for words in PROBLEMS.values()}


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", "截至".encode("utf-16"), "企业".encode("gbk")]),
)
def test_any_bytes_are_answered(data, head):
    try:
        told = text_of(head + data).text
    except FileError as error:
        told = str(PROBLEMS[error.code])
    assert told.strip()
