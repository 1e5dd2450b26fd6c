"""Makes the Word template of a panel's report: run it after a change, and commit what it writes.

All words are placeholders that `qunxing.panels.report` fills in the reader's language.
"""

from pathlib import Path
from typing import Any

from annex import set_up, write
from docx import Document
from docx.shared import Cm

TARGET = Path(__file__).resolve().parents[1] / "src" / "qunxing" / "panels" / "data" / "report.docx"
MEMBERS = (("seat", 1.6), ("name", 3.2), ("title", 4.0), ("employer", 8.0))
RESULTS = (
    ("place", 1.3), ("item", 5.2), ("raw", 2.2), ("raw_rank", 1.3), ("calibrated", 3.4), ("calibrated_rank", 1.3),
    ("scores", 2.1),
)  # fmt: skip
SIGNED = (("seat", 1.6), ("name", 3.2), ("at", 4.0), ("hand", 8.0))


def main() -> None:
    document = Document()
    set_up(document)
    document.add_heading("{{ title }}", level=0)
    document.add_paragraph("{{ made }}", style="Subtitle")
    lines(document, "facts")
    section(document, "draw", "facts_of_draw")
    document.add_heading("{{ headings.members }}", level=2)
    table(document, MEMBERS, "members")
    lines(document, "changes")
    document.add_heading("{{ headings.results }}", level=2)
    document.add_paragraph("{{ rule }}")
    table(document, RESULTS, "results")
    lines(document, "remarks")
    section(document, "notes", "notes")
    section(document, "dissents", "dissents")
    document.add_heading("{{ headings.signatures }}", level=2)
    table(document, SIGNED, "signatures")
    closing = document.add_paragraph("{{ closing }}")
    closing.runs[0].italic = True
    write(document, TARGET)


def section(document: Any, heading: str, name: str) -> None:
    """A heading and its lines, where there are any."""
    document.add_paragraph(f"{{%p if {name} %}}")
    document.add_heading(f"{{{{ headings.{heading} }}}}", level=2)
    document.add_paragraph("{%p endif %}")
    lines(document, name)


def lines(document: Any, name: str) -> None:
    document.add_paragraph(f"{{%p for line in {name} %}}")
    document.add_paragraph("{{ line }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")


def table(document: Any, columns: tuple[tuple[str, float], ...], rows: str) -> None:
    """A heading, and a row for each."""
    made = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    for cell, (name, _width) in zip(made.rows[0].cells, columns, strict=True):
        cell.text = f"{{{{ columns.{name} }}}}"
        cell.paragraphs[0].runs[0].bold = True
    made.rows[1].cells[0].text = f"{{%tr for one in {rows} %}}"
    for cell, (name, _width) in zip(made.rows[2].cells, columns, strict=True):
        cell.text = f"{{{{ one.{name} }}}}"
    made.rows[3].cells[0].text = "{%tr endfor %}"
    for row in made.rows:
        for cell, (_name, width) in zip(row.cells, columns, strict=True):
            cell.width = Cm(width)


if __name__ == "__main__":
    main()
