"""Makes the Word template of the papers of a challenge: run it after a change, and commit what it writes.

Notice, award, contract, commitment and acceptance are all a title, blocks of lines and tables, and places to sign;
their words are filled in by `qunxing.challenges.papers` in the reader's language.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tools.annex import set_up, write

TARGET = Path(__file__).resolve().parents[1] / "src" / "qunxing" / "challenges" / "data" / "paper.docx"


def main() -> None:
    document = Document()
    set_up(document)
    title = document.add_heading("{{ title }}", level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle = document.add_paragraph("{{ subtitle }}", style="Subtitle")
    subtitle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("{%p for block in blocks %}")
    document.add_paragraph("{%p if block.heading %}")
    document.add_heading("{{ block.heading }}", level=2)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for line in block.lines %}")
    document.add_paragraph("{{ line }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if block.rows %}")
    table(document)
    document.add_paragraph("")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p for line in signs %}")
    document.add_paragraph("{{ line }}")
    document.add_paragraph("{%p endfor %}")
    closing = document.add_paragraph("{{ closing }}")
    closing.runs[0].italic = True
    write(document, TARGET)


def table(document: Any) -> None:
    """A table with as many columns as its heading has."""
    made = document.add_table(rows=4, cols=3, style="Table Grid")
    row(made, 0, "{%tc for cell in block.head %}", "{{ cell }}")
    made.rows[0].cells[1].paragraphs[0].runs[0].bold = True
    made.rows[1].cells[0].text = "{%tr for row in block.rows %}"
    row(made, 2, "{%tc for cell in row %}", "{{ cell }}")
    made.rows[3].cells[0].text = "{%tr endfor %}"


def row(made: Any, number: int, opening: str, cell: str) -> None:
    for place, text in enumerate((opening, cell, "{%tc endfor %}")):
        made.rows[number].cells[place].text = text


if __name__ == "__main__":
    main()
