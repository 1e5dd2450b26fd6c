"""A report as a Word document: the same content gives the same bytes."""

from io import BytesIO
from typing import Any, Final

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from qunxing.core.exports import visible
from qunxing.indicators.reports.files import settled
from qunxing.indicators.reports.paper import Paper, chart_lines, hidden_words, text_of

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, TEXT = RGBColor(0x2F, 0x36, 0x76), RGBColor(0x1C, 0x1F, 0x33)
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Subtitle", "List Bullet", "Intense Quote")


def word_file(paper: Paper) -> bytes:
    with paper.said():
        document = Document()
        set_up(document)
        document.core_properties.title = visible(paper.title)[:255]
        document.core_properties.author = "Qunxing"
        write_head(document, paper)
        for section in paper.content["sections"]:
            document.add_heading(visible(section["heading"]), level=1)
            for block in section["blocks"]:
                WRITERS[block["kind"]](document, paper, block)
        write_end(document, paper)
    file = BytesIO()
    document.save(file)
    return settled(file.getvalue(), paper.content["as_of"])


def set_up(document: Any) -> None:
    """A4, and a Chinese type face beside the Latin one."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in STYLES:
        style = document.styles[name]
        style.font.name = "Segoe UI"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Microsoft YaHei")
        style.font.color.rgb = INK if name.startswith(("Title", "Heading")) else TEXT
    document.styles["Normal"].font.size = Pt(10)


def write_head(document: Any, paper: Paper) -> None:
    document.add_heading(visible(paper.title), level=0)
    words = "　".join(f"{label}: {value}" for label, value in paper.heading())
    document.add_paragraph(visible(words), style="Subtitle")
    for remark in paper.content["remarks"]:
        document.add_paragraph(visible(remark), style="Intense Quote")


def write_paragraph(document: Any, _paper: Paper, block: Any) -> None:
    document.add_paragraph(visible(text_of(block["parts"])))


def write_table(document: Any, _paper: Paper, block: Any) -> None:
    if block["title"]:
        document.add_paragraph(visible(block["title"])).runs[0].bold = True
    add_table(document, block["headings"], [[cell["text"] for cell in line] for line in block["lines"]])
    for note in block.get("notes", ()):
        document.add_paragraph(visible(note)).runs[0].italic = True


def write_chart(document: Any, _paper: Paper, block: Any) -> None:
    chart = block["chart"]
    unit = f" ({chart['unit']})" if chart["unit"] else ""
    document.add_paragraph(visible(f"{chart['title']}{unit} · {chart['note']}")).runs[0].bold = True
    add_table(document, *chart_lines(chart))


def write_rows(document: Any, paper: Paper, block: Any) -> None:
    document.add_paragraph(visible(block["title"])).runs[0].bold = True
    for key in block["figures"]:
        names, hidden = paper.names_behind(key)
        for _ref, name in names:
            document.add_paragraph(visible(name), style="List Bullet")
        if hidden:
            document.add_paragraph(hidden_words(hidden)).runs[0].italic = True
        elif not names:
            document.add_paragraph(_("None."))


WRITERS = {"paragraph": write_paragraph, "table": write_table, "chart": write_chart, "rows": write_rows}


def add_table(document: Any, headings: list[str], lines: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(headings), style="Light Grid Accent 1")
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = visible(heading)
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = visible(text)
    document.add_paragraph()


def write_end(document: Any, paper: Paper) -> None:
    """What is counted, what must be known of it, and how it is held against the log."""
    document.add_heading(_("What is counted"), level=1)
    for name, words in paper.definitions():
        document.add_paragraph(visible(f"{name}: {words}"), style="List Bullet")
    for remark in paper.remarks():
        document.add_paragraph(visible(remark), style="List Bullet")
    document.add_paragraph(paper.closing()).runs[0].italic = True
