"""Files of bids are what their content says, and nothing in them acts."""

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from qunxing.challenges.bidwords import BAD_FILES, bad_file_words
from qunxing.challenges.examining import BadFile, examine
from tests.challenges.bidders import PDF, pdf

TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"


def office(folder: str = "word/document.xml", **members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": TYPES, folder: b"<x/>", **members}.items():
            archive.writestr(name, data)
    return file.getvalue()


def action(kind: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/JS"): TextStringObject("app.alert(1)")})


def packed_javascript() -> bytes:
    """JavaScript in a stream of packed objects, its name written with escapes."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(OpenAction=action("/JavaScript")))))
    plain = io.BytesIO()
    writer.write(plain)
    return plain.getvalue().replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/J#53")


def locked() -> bytes:
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(file)
    return file.getvalue()


GOOD = {
    "application/pdf": PDF,
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 20,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office("xl/workbook.xml"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": office("ppt/presentation.xml"),
}
RELS = b'<Relationship Id="1" Type="http://x/%s" Target="http://evil/x" TargetMode="External"/>'
BAD = {
    "nothing": (b"", "empty"),
    "a script called pdf": (b"#!/bin/sh\nrm -rf /\n", "script"),
    "a page called pdf": (b"  <HTML><script>alert(1)</script>", "script"),
    "a program": (b"MZ\x90\x00" + b"\0" * 60, "script"),
    "text": ("只是一段文字".encode(), "other"),
    "an archive": (office("readme.txt").replace(b"[Content_Types].xml", b"[Content_Typos].xml"), "archive"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old_office"),
    "a PDF that runs a script": (pdf(OpenAction=action("/JavaScript")), "active_pdf"),
    "a PDF whose script is spelt oddly": (packed_javascript(), "active_pdf"),
    "a PDF that starts a program": (pdf(OpenAction=action("/Launch")), "active_pdf"),
    "a PDF that sends a form": (pdf(Anything=ArrayObject([action("/SubmitForm")])), "active_pdf"),
    "a PDF with actions of its own": (pdf(AA=DictionaryObject({})), "active_pdf"),
    "a locked PDF": (locked(), "locked"),
    "a PDF cut off": (PDF[:40], "unreadable"),
    "a PDF of nonsense": (b"%PDF-1.7\n" + b"\xff" * 500, "unreadable"),
    "macros": (office(**{"word/vbaProject.bin": b"x"}), "macros"),
    "a program inside": (office(**{"word/embeddings/tool.exe": b"MZ"}), "macros"),
    "macros by type": (
        office(**{"[Content_Types].xml": b'<Override ContentType="application/x.document.macroEnabled.main+xml"/>'}),
        "macros",
    ),
    "a template from outside": (office(**{"word/_rels/settings.xml.rels": RELS % b"attachedTemplate"}), "outside"),
    "an object from outside": (office(**{"word/_rels/document.xml.rels": RELS % b"oleObject"}), "outside"),
    "a bomb": (office(**{"word/media/big.bin": b"\0" * 30_000_000}), "bomb"),
    "a cut archive": (office()[:60], "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("media", GOOD)
def test_a_file_is_known_by_its_content(media: str) -> None:
    assert examine(GOOD[media]).media == media


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_could_act_is_refused_with_what_to_do(name: str) -> None:
    data, code = BAD[name]
    with pytest.raises(BadFile) as error:
        examine(data)
    assert error.value.code == code
    message, advice = bad_file_words(error.value)
    assert message
    assert advice
    assert "%(" not in message + advice


def test_a_link_to_a_page_is_no_danger() -> None:
    linked = office(**{"word/_rels/document.xml.rels": RELS % b"hyperlink"})
    assert examine(linked).ending == ".docx"


def test_a_pdf_that_opens_at_a_page_is_taken() -> None:
    opened = pdf(OpenAction=ArrayObject([NameObject("/Fit")]))
    assert examine(opened).ending == ".pdf"


def test_every_refusal_has_its_words() -> None:
    assert {code for _data, code in BAD.values()} <= set(BAD_FILES)
