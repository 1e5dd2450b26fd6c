"""Word files made and read."""

from io import BytesIO

from docx import Document


def word(*lines: str) -> bytes:
    """A Word file of these lines, a paragraph each."""
    document, file = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def text(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]
