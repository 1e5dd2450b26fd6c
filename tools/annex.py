"""Makes the Word template of the shortlist annex: run it after a change, and commit what it writes.

All words are placeholders that `qunxing.matching.annex` fills in the reader's language, so that one template serves
both. The file is the same bytes at each run.
"""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

TARGET = Path(__file__).resolve().parents[1] / "src" / "qunxing" / "matching" / "data" / "shortlist.docx"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
WIDTHS = (1.3, 6.2, 2.0, 3.2, 4.0)
COLUMNS = ("place", "name", "score", "state", "conditions")
INK = RGBColor(0x2F, 0x36, 0x76)


def main() -> None:
    document = Document()
    set_up(document)
    document.add_heading("{{ title }}", level=0)
    document.add_heading("{{ subject }}", level=1)
    document.add_paragraph("{{ made }}", style="Subtitle")
    document.add_paragraph("{{ order }}")
    document.add_paragraph("{%p for remark in remarks %}")
    document.add_paragraph("{{ remark }}", style="Intense Quote")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for pool in pools %}")
    document.add_heading("{{ pool.title }}", level=2)
    add_table(document, "pool.proposed")
    add_reasons(document, "pool.proposed")
    document.add_paragraph("{%p if pool.misses %}")
    document.add_heading("{{ misses_title }}", level=2)
    add_reasons(document, "pool.misses")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    closing = document.add_paragraph("{{ closing }}")
    closing.runs[0].italic = True
    write(document)


def set_up(document: Any) -> None:
    """A4, and a Chinese type face beside the Latin one."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Subtitle", "Intense Quote"):
        style = document.styles[name]
        style.font.name = "Segoe UI"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Microsoft YaHei")
        style.font.color.rgb = INK if name.startswith(("Title", "Heading")) else RGBColor(0x1C, 0x1F, 0x33)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Title"].font.size = Pt(20)
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.core_properties.author = "Qunxing"
    document.core_properties.last_modified_by = ""


def add_table(document: Any, rows: str) -> None:
    """A heading, and one row for each candidate."""
    table = document.add_table(rows=4, cols=len(COLUMNS), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.text = f"{{{{ headings.{name} }}}}"
        cell.paragraphs[0].runs[0].bold = True
    table.rows[1].cells[0].text = f"{{%tr for one in {rows} %}}"
    for cell, name in zip(table.rows[2].cells, COLUMNS, strict=True):
        cell.text = f"{{{{ one.{name} }}}}"
    table.rows[2].cells[2].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)


def add_reasons(document: Any, rows: str) -> None:
    """A paragraph of reasons for each candidate."""
    document.add_paragraph(f"{{%p for one in {rows} %}}")
    document.add_heading("{{ one.place }}. {{ one.name }}{% if one.answer %} · {{ one.answer }}{% endif %}", level=3)
    document.add_paragraph("{{ one.score }} = {{ one.parts }} ({{ one.computed }})")
    for name in ("terms", "judgement"):
        document.add_paragraph(f"{{%p if one.{name} %}}")
        document.add_paragraph(f"{{{{ one.{name} }}}}")
        document.add_paragraph("{%p endif %}")
    for name in ("evidence", "missing", "changes"):
        document.add_paragraph(f"{{%p for line in one.{name} %}}")
        document.add_paragraph("{{ line }}", style="List Bullet")
        document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def write(document: Any, target: Path = TARGET) -> None:
    """The archive with the same order and days at each run."""
    made = BytesIO()
    document.save(made)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(parts.namelist()):
            kept.writestr(zipfile.ZipInfo(name, FIRST_DAY), parts.read(name), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
