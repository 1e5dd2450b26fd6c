"""Reports on the command line: figures as of a day for programs and for paper, drafts that are due, proofs."""

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli import LANGUAGE_OPTIONS
from qunxing.cli.output import say, say_json, warn
from qunxing.cli.system import need_ready
from qunxing.core.dates import DateError, parse_day
from qunxing.core.errors import Refused
from qunxing.directory.models import Scope
from qunxing.indicators.actions.reports import draft_due
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.forms.asking import EARLIEST, FUTURE, TOO_EARLY, end_of
from qunxing.indicators.models import Every, Report, ReportTemplate
from qunxing.indicators.queries.reports import SPANS, prove
from qunxing.indicators.reports.body import parse
from qunxing.indicators.reports.composing import Asked
from qunxing.indicators.reports.content import Content, compose, figures_of_all
from qunxing.indicators.reports.docx import word_file
from qunxing.indicators.reports.exchange import contract
from qunxing.indicators.reports.keeping import plain
from qunxing.indicators.reports.paper import Paper
from qunxing.indicators.reports.plaintext import text_file
from qunxing.indicators.reports.readers import reader_of
from qunxing.indicators.reports.xlsx import workbook_file
from qunxing.ledger.models import Visibility

app = typer.Typer(invoke_without_command=True, no_args_is_help=True, help=_("Figures as of a day, as a report."))


class Format(StrEnum):
    JSON = "json"
    DOCX = "docx"
    XLSX = "xlsx"
    TEXT = "text"


@app.callback()
def report(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    *,
    as_of: Annotated[str, typer.Option(help=_("The day it speaks of."))] = "",
    known_at: Annotated[str, typer.Option(help=_("The day of knowledge, at whose end; now if not given."))] = "",
    template: Annotated[str, typer.Option(help=_("The code of a template; every indicator if not given."))] = "",
    scope: Annotated[str, typer.Option(help=_("The code of a scope, or its reference."))] = "",
    audience: Annotated[Visibility, typer.Option(help=_("Whose sight of the ledgers counts."))] = Visibility.INTERNAL,
    language: Annotated[str, typer.Option(help=_("The language of names and words: zh-hans or en."))] = "",
    form: Annotated[Format, typer.Option("--format", help=_("What is written."))] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(help=_("The file to write; standard output if not given."))] = None,
    verify: Annotated[str, typer.Option(help=_("Hold the report of this number or reference against the log."))] = "",
) -> int:
    """Exit status 1 when what is kept is not what the log tells of, 2 when nothing can be told."""
    if context.invoked_subcommand is not None:
        return 0
    need_ready()
    if verify:
        return verified(verify)
    chosen = template_of(template) if template else None
    asked = Asked(
        day=read_day(as_of),
        scope=scope_of(scope or (chosen.scope if chosen is not None else "")),
        reader=reader_of(audience),
        known_at=end_of(read_day(known_at)) if known_at else None,
        span=SPANS[Every(chosen.period)] if chosen is not None else Span.MONTH,
        language=language_of(language, chosen),
    )
    write(file_of(asked, chosen, form), output, form)
    return 0


@app.command("draft", help=_("Draft the reports whose month or quarter has ended; none twice."))
def draft(
    due: Annotated[bool, typer.Option("--due", help=_("Those that are due."))] = False,
    day: Annotated[str, typer.Option(help=_("The day that counts; today if not given."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    """What `qunxing serve` does by itself from time to time."""
    need_ready()
    if not due:
        raise Refused(_("Say --due: a single report is drafted on its page."))
    made = draft_due(read_day(day) if day else timezone.localdate())
    if as_json:
        found = [{"ref": row.ref, "template": row.template.code, "as_of": row.as_of.isoformat()} for row in made]
        say_json({"drafts": found})
    else:
        say(_("%(count)s drafts made") % {"count": len(made)})
    return 0


def verified(name: str) -> int:
    """Tell whether the report is what the log tells of."""
    found = Report.objects.filter(number=name).first() or Report.objects.filter(ref=name).first()
    if found is None or not found.frozen:
        raise Refused(_("There is no issued report “%(name)s”.") % {"name": name})
    proof = prove(found)
    said = {"kept": proof.kept or _("not readable"), "row": proof.said, "log": proof.logged or _("no entry")}
    if proof.ok:
        say(_("%(number)s is as it was issued; entry %(entry)s of the log tells its digest %(digest)s") % {
            "number": found.number, "entry": proof.entry, "digest": proof.kept})  # fmt: skip
        return 0
    warn(_("%(number)s is not what was issued.") % {"number": found.number})
    for label, digest in said.items():
        warn(f"  {label}: {digest}")
    return 1


def read_day(text: str) -> date:
    """A day that has come; Refused for any other."""
    if not text:
        raise Refused(_("Say which day: --as-of 2025-05-07."))
    try:
        day = parse_day(text).high
    except DateError as error:
        raise Refused(str(error)) from error
    today = timezone.localdate()
    if day > today:
        raise Refused(FUTURE % {"today": today.isoformat()})
    if day < EARLIEST:
        raise Refused(str(TOO_EARLY))
    return day


def template_of(code: str) -> ReportTemplate:
    found: ReportTemplate | None = ReportTemplate.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(ReportTemplate.objects.values_list("code", flat=True))
        raise Refused(_("There is no template “%(code)s”.") % {"code": code}, there_are(known))
    return found


def scope_of(code: str) -> Scope | None:
    """The scope of that code or reference; the narrowest where none is named, None where none is kept."""
    rows = Scope.objects.select_related("community").order_by("community", "width")
    found = rows.filter(code=code).first() or rows.filter(ref=code).first() if code else rows.first()
    if found is None and code:
        known = ", ".join(dict.fromkeys(rows.values_list("code", flat=True))) or "—"
        raise Refused(_("There is no scope “%(code)s”.") % {"code": code}, there_are(known))
    return found


def there_are(known: str) -> str:
    return _("There are: %(known)s") % {"known": known}


def language_of(wish: str, template: ReportTemplate | None) -> str:
    """The same whatever the terminal speaks, so that the same call gives the same bytes."""
    if not wish:
        return template.language if template is not None else settings.LANGUAGE_CODE
    if wish not in LANGUAGE_OPTIONS:
        known = ", ".join(LANGUAGE_OPTIONS)
        raise Refused(_("“%(wish)s” is no language here.") % {"wish": wish}, there_are(known))
    return LANGUAGE_OPTIONS[wish]


def file_of(asked: Asked, template: ReportTemplate | None, form: Format) -> bytes:
    content = content_of(asked, template, whole=form is not Format.JSON)
    for remark in content["remarks"]:
        warn(remark)
    if form is Format.JSON:
        said: dict[str, Any] = contract(content)
        return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
    paper = Paper(content)
    if form is Format.DOCX:
        return word_file(paper)
    return workbook_file(paper) if form is Format.XLSX else text_file(paper).encode()


def content_of(asked: Asked, template: ReportTemplate | None, *, whole: bool) -> Content:
    """What the report says; without a template every indicator, for programs the present figures alone."""
    if template is not None:
        found = compose(asked, parse(template.body), title=template.title, all_names=whole)
    else:
        found = figures_of_all(asked, whole=whole)
    told = timezone.localdate(asked.known_at).isoformat() if asked.known_at is not None else None
    return plain(found | ({} if whole else {"known_at": told}))


def write(data: bytes, output: Path | None, form: Format) -> None:
    if output is not None:
        output.write_bytes(data)
        return
    if form in {Format.DOCX, Format.XLSX} and sys.stdout.isatty():
        raise Refused(_("Say where to write it: --output FILE."))
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
