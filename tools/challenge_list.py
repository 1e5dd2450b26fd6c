"""Makes the Word template of a published list: run it after a change, and commit what it writes.

It follows the usual form of official documents (GB/T 9704): A4 with wide margins, a red title and rule, body in
FangSong at 16 points. All words are placeholders that `qunxing.challenges.publishing.document` fills.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from tools.annex import write

TARGET = Path(__file__).resolve().parents[1] / "src" / "qunxing" / "challenges" / "data" / "list.docx"
RED = RGBColor(0xB0, 0x1E, 0x1E)
BLACK = RGBColor(0, 0, 0)
TITLE, BODY, HEADING, SUBHEADING = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
OVERVIEW = (("place", 1.2), ("number", 3.4), ("title", 5.2), ("issuer", 3.8), ("money", 2.2))
TARGETS = (("indicator", 4.6), ("goal", 3.6), ("tested", 7.4))


def main() -> None:
    document = Document()
    set_up(document)
    head(document)
    loop(document, "remark in document.remarks", "{{ remark }}", colour=RED, indent=False)
    loop(document, "paragraph in document.preface", "{{ paragraph }}")
    heading(document, "{{ document.headings.list }}")
    add_table(document, OVERVIEW, "row", "document.rows")
    heading(document, "{{ document.headings.details }}")
    entries(document)
    heading(document, "{{ document.headings.rules }}")
    loop(document, "rule in document.rules", "{{ rule.label }}　{{ rule.text }}")
    sign(document)
    write(document, TARGET)


def set_up(document: Any) -> None:
    """The margins and faces of an official document."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    face(style, BODY)
    style.font.size = Pt(16)
    style.paragraph_format.line_spacing = Pt(28)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.core_properties.author = "Qunxing"
    document.core_properties.last_modified_by = ""


def face(styled: Any, name: str) -> None:
    styled.font.name = "Times New Roman"
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def paragraph(document: Any, text: str, *, name: str = BODY, size: float = 16, colour: RGBColor = BLACK) -> Any:
    made = document.add_paragraph()
    run = made.add_run(text)
    face(run, name)
    run.font.size, run.font.color.rgb = Pt(size), colour
    return made


def head(document: Any) -> None:
    """The title in red over a red rule, the number below it."""
    title = paragraph(document, "{{ document.title }}", name=TITLE, size=22, colour=RED)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(32)
    number = paragraph(document, "{{ document.number }}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_after = Pt(14)
    number.paragraph_format.element.get_or_add_pPr().append(red_rule())


def red_rule() -> Any:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "B01E1E")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    return borders


def loop(document: Any, over: str, text: str, *, colour: RGBColor = BLACK, indent: bool = True) -> None:
    document.add_paragraph(f"{{%p for {over} %}}")
    made = paragraph(document, text, colour=colour)
    if indent:
        made.paragraph_format.first_line_indent = Pt(32)
    document.add_paragraph("{%p endfor %}")


def heading(document: Any, text: str) -> None:
    made = paragraph(document, text, name=HEADING)
    made.paragraph_format.space_before = Pt(8)
    made.paragraph_format.keep_with_next = True


def entries(document: Any) -> None:
    """Each challenge: its heading, its facts, the table of its targets."""
    document.add_paragraph("{%p for entry in document.entries %}")
    made = paragraph(document, "{{ entry.place }} {{ entry.title }}　{{ entry.number }}", name=SUBHEADING)
    made.paragraph_format.keep_with_next = True
    document.add_paragraph("{%p for fact in entry.facts %}")
    line = paragraph(document, "{{ fact.label }}：", name=HEADING)
    run = line.add_run("{{ fact.lines[0] }}")
    face(run, BODY)
    line.paragraph_format.left_indent = Pt(32)
    document.add_paragraph("{%p for line in fact.lines[1:] %}")
    paragraph(document, "{{ line }}").paragraph_format.left_indent = Pt(32)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    add_table(document, TARGETS, "target", "entry.targets")
    document.add_paragraph("{%p endfor %}")


def add_table(document: Any, columns: tuple[tuple[str, float], ...], one: str, rows: str) -> None:
    """A heading, and one row for each of the rows."""
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, (name, _width) in zip(table.rows[0].cells, columns, strict=True):
        fill(cell, f"{{{{ document.headings.{name} }}}}", HEADING)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    fill(table.rows[1].cells[0], f"{{%tr for {one} in {rows} %}}", BODY)
    for cell, (name, _width) in zip(table.rows[2].cells, columns, strict=True):
        fill(cell, f"{{{{ {one}.{name} }}}}", BODY)
    fill(table.rows[3].cells[0], "{%tr endfor %}", BODY)
    for row in table.rows:
        for cell, (_name, width) in zip(row.cells, columns, strict=True):
            cell.width = Cm(width)
    document.add_paragraph().paragraph_format.line_spacing = Pt(10)


def fill(cell: Any, text: str, name: str) -> None:
    run = cell.paragraphs[0].add_run(text)
    face(run, name)
    run.font.size = Pt(12)
    cell.paragraphs[0].paragraph_format.line_spacing = Pt(18)


def sign(document: Any) -> None:
    """Who signs, the day, and what it can be held against."""
    for text, before in (("{{ document.publisher }}", 42), ("{{ document.day }}", 0)):
        made = paragraph(document, text)
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        made.paragraph_format.right_indent = Pt(64)
        made.paragraph_format.space_before = Pt(before)
    foot = paragraph(document, "{{ document.closing }} {{ document.digest }}", size=9)
    foot.paragraph_format.space_before = Pt(28)
    foot.paragraph_format.line_spacing = Pt(14)


if __name__ == "__main__":
    main()
