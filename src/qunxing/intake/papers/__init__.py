"""Word files from the ledgers: a template that staff write in Word, filled with the records that a reader may see."""

from qunxing.intake.papers.filling import Filled, filled_words
from qunxing.intake.papers.names import Placeholder, fields_of, placeholders, related_of
from qunxing.intake.papers.templates import TemplateError, check_template, fill

__all__ = [
    "Filled",
    "Placeholder",
    "TemplateError",
    "check_template",
    "fields_of",
    "fill",
    "filled_words",
    "placeholders",
    "related_of",
]
