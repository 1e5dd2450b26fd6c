"""Alerts on the command line, for a time table of one's own."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.dates import DateError, parse_day
from qunxing.core.errors import Refused
from qunxing.matching.alerts.mailing import Mailed, send_waiting
from qunxing.matching.alerts.running import Looked, look_at_all

app = typer.Typer(no_args_is_help=True, help=_("Saved searches and matches."))


@app.callback()
def alerts() -> None:
    """The commands about alerts."""


@app.command("send", help=_("Look at what is watched and due, and send the digests that wait."))
def send(
    day: Annotated[str, typer.Option(help=_("The day that counts; today if not given."))] = "",
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    """Exit status 1 when a mail could not be sent; it is kept and tried again."""
    need_ready()
    now = timezone.now()
    looked = look_at_all(read_day(day), now=now)
    mailed = send_waiting(now=now)
    if json:
        say_json(report(looked, mailed))
    else:
        say(_("%(watches)s saved searches looked at, %(rows)s new, %(digests)s digests") % report(looked, mailed))
        say(_("mails: %(sent)s sent, %(failed)s kept for another try, %(given_up)s given up") % asdict(mailed))
    return 1 if mailed.failed or mailed.given_up else 0


def read_day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return parse_day(text).low
    except DateError as error:
        raise Refused(str(error)) from error


def report(looked: Looked, mailed: Mailed) -> dict[str, Any]:
    """The contract of `alerts send --json`."""
    return {
        "day": looked.day.isoformat(),
        "watches": looked.watches,
        "rows": looked.rows,
        "digests": len(looked.digests),
        "mails": asdict(mailed),
    }
