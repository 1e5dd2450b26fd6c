"""Published figures on the command line."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from qunxing.cli.imports import actor_named
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.dates import DateError, parse_day
from qunxing.core.errors import Refused
from qunxing.core.text import shorten
from qunxing.indicators.actions.proposals import Article, read_article, take_article
from qunxing.indicators.filewords import read_file
from qunxing.indicators.names import indicator_name
from qunxing.indicators.quantities import notation
from qunxing.indicators.queries.lexicon import ledger_names
from qunxing.indicators.reading import Found, Reading, read_text

LARGEST = 100 * 1024 * 1024
SHOWN = 40

app = typer.Typer(no_args_is_help=True, help=_("Published figures."))


@app.callback()
def claims() -> None:
    """Keeps `extract` a command of its own."""


@app.command("extract", help=_("Read an article (txt, docx, pdf) and propose the figures it publishes."))
def extract(
    file: Annotated[Path, typer.Argument(help=_("The article: txt, docx or pdf."))],
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    published: Annotated[str, typer.Option(help=_("Day of the article; read from its text if not given."))] = "",
    propose: Annotated[
        bool, typer.Option("--propose", help=_("Put the figures on the desk for staff to decide."))
    ] = False,
    title: Annotated[str, typer.Option(help=_("Title of the article; the file's name if not given."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
) -> int:
    """Print what the article says in figures; kept, as proposals, with --propose alone."""
    day = read_day(published)
    data = content(file)
    text = read_file(data).text
    reading = read_text(text, published=day, lexicon=known_names())
    if propose:
        if reading.published is None:
            raise Refused(_("The article does not tell its day. Give it with --published."))
        need_ready()
        article = Article(text, data, title or file.name, reading.published, file_name=file.name)
        put_on_desk(article, actor_named(user))
    if json:
        say_json([found.as_json() for found in reading.found])
    else:
        show(reading, file.name)
    return 0


def put_on_desk(article: Article, actor: Any) -> None:
    """Keep the article and what it proposes; an article that was read before keeps what was decided."""
    with transaction.atomic():
        read_article(take_article(article, actor=actor), actor=actor)


def content(file: Path) -> bytes:
    """The bytes of a file that is not too large to be an article."""
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Refused(_("%(file)s cannot be read: %(why)s") % {"file": file, "why": error.strerror}) from error


def read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_day(text)
    except DateError as error:
        raise Refused(str(error)) from error
    if day.precision != "day":
        raise Refused(_("Give the day of the article in full, such as 2025-05-07."))
    return day.low


def known_names() -> dict[str, str]:
    """The names on the ledger, where there is one."""
    try:
        return ledger_names()
    except DatabaseError:
        return {}


def show(reading: Reading, name: str) -> None:
    day = reading.published.isoformat() if reading.published else _("unknown")
    say(_("%(file)s, article of %(day)s: %(count)s figures") % {"file": name, "day": day, "count": len(reading.found)})
    if reading.found:
        say_table(
            [_("indicator"), _("subject"), _("value"), _("scope"), _("as of"), _("phrase")],
            [row(one) for one in reading.found],
        )


def row(found: Found) -> tuple[str, ...]:
    value = f"{notation(found.quantity)} {found.quantity.unit}".strip()
    phrase = shorten(" ".join(found.phrase.split()), SHOWN)
    return str(indicator_name(found.code)), found.subject, value, found.scope, str(found.as_of or ""), phrase
