"""The published list as a Word file; its template is made by tools/challenge_list.py."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse
from docxtpl import DocxTemplate

TEMPLATE: Final = Path(__file__).parents[1] / "data" / "list.docx"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def written(words: dict[str, Any]) -> bytes:
    """The document in the reader's language."""
    document = DocxTemplate(TEMPLATE)
    document.render({"document": words}, autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def word_response(words: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
    return HttpResponse(written(words), content_type=DOCX, headers=headers)
