"""The Word file itself: what may be a template, what is wrong with one, and a template filled."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from qunxing.core.errors import Problem, Refused
from qunxing.core.reasons import Reason, because
from qunxing.core.sheets import SheetSpec
from qunxing.intake.papers.filling import UnknownName
from qunxing.intake.papers.names import fields_of, related_of, target_of
from qunxing.intake.reading import Limits, ReadingError
from qunxing.intake.reading.archives import checked_archive
from qunxing.intake.reading.sources import Source, check_size
from qunxing.intake.sheets.values import heading_of

LIMITS = Limits(file_bytes=5 * 2**20, unpacked_bytes=50 * 2**20)
DOCUMENT = "word/document.xml"
NOT_WORD = gettext_noop("This is no Word file (.docx). Save it in Word as “Word Document (*.docx)”.")
MACROS = gettext_noop("The file holds macros. Save it in Word without them, as “Word Document (*.docx)”.")
EMPTY = gettext_noop("The file has no placeholder such as {{ record.name }}.")
ROOTS = ("record", "records", "today", "maker", "count")


class TemplateError(Refused):
    """The file cannot be a template, or not be filled."""


def check_template(content: bytes, spec: SheetSpec) -> None:
    """TemplateError unless the file is a Word file all of whose placeholders the sheet can fill."""
    reason = unfit(content)
    if reason is not None:
        raise TemplateError(str(reason), status=422)
    sample = Sample(spec)
    fill(content, {"record": sample, "records": [sample, sample], "today": "", "maker": "", "count": 2})
    if not sample.asked:
        raise TemplateError(_(EMPTY), _("The page lists the placeholders there are."), 422)


def unfit(content: bytes) -> Reason | None:
    """Why the file is not opened at all."""
    source = Source(content, "")
    try:
        check_size(source, LIMITS)
        if not content.startswith(b"PK"):
            return because(NOT_WORD)
        with checked_archive(source, LIMITS) as archive:
            return unfit_parts(archive)
    except ReadingError as error:
        return error.reason


def unfit_parts(archive: ZipFile) -> Reason | None:
    names = archive.namelist()
    if DOCUMENT not in names:
        return because(NOT_WORD)
    return because(MACROS) if any(name.endswith("vbaProject.bin") for name in names) else None


def fill(content: bytes, words: Mapping[str, Any]) -> bytes:
    """The template filled with these words, which are all it reaches and never markup.

    TemplateError names the placeholder that cannot be filled.
    """
    try:
        document = DocxTemplate(BytesIO(content))
        document.render(dict(words), environment(), autoescape=True)
        file = BytesIO()
        document.save(file)
    except UnknownName as error:
        raise TemplateError(error.message, error.advice, 422) from error
    except Problem:
        raise
    except (TemplateSyntaxError, UndefinedError, SecurityError, JinjaError) as error:
        raise TemplateError(said(error), advice_on(error), 422) from error
    except Exception as error:  # the parts of a Word file that its reader does not understand are many
        raise TemplateError(_(NOT_WORD), status=422) from error
    return file.getvalue()


def environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def said(error: JinjaError) -> str:
    if isinstance(error, TemplateSyntaxError):
        return _("A placeholder of the template is not written as it should be: %(why)s") % {"why": error.message}
    if isinstance(error, SecurityError):
        return _("The template asks for something that templates may not use.")
    return _("The template asks for something that is not there: %(why)s") % {"why": error.message}


def advice_on(error: JinjaError) -> str:
    if isinstance(error, TemplateSyntaxError):
        return _("A value is written {{ record.name }}; every {% for %} needs its {% endfor %}.")
    return _("Known are %(roots)s and what the page lists.") % {"roots": ", ".join(ROOTS)}


class Sample:
    """A record that has everything its sheet knows: for trying a template before there is a record."""

    def __init__(self, spec: SheetSpec, asked: "set[str] | None" = None) -> None:
        self._spec = spec
        self._asked = set() if asked is None else asked

    @property
    def asked(self) -> set[str]:
        return self._asked

    def __str__(self) -> str:
        return str(self._spec.label)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        column, related = fields_of(self._spec).get(name), related_of(self._spec.code)
        self._asked.add(name)
        if name in related:
            return [Sample(related[name][0], self._asked)]
        if column is None:
            raise UnknownName(name, self._spec)
        target = target_of(self._spec, column)
        return Sample(target, self._asked) if target is not None else str(heading_of(self._spec, column))
