"""The demonstration community on the command line."""

import sys
import time
from datetime import date
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import make_ready
from qunxing.demo.accounts import ACCOUNTS
from qunxing.demo.crowd import add_firms
from qunxing.demo.loading import load, standing
from qunxing.ledger.kinds import record_kinds


def demo(
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    firms: Annotated[int, typer.Option(min=0, help=_("So many more firms, made up by the program."))] = 0,
) -> None:
    """Load what is missing; what is there stays as it is."""
    make_ready()
    day, before = timezone.localdate(), standing()
    load(day=day, tell=tell)
    settings.DEMONSTRATION.touch()
    crowd = add_crowd(firms, day)
    loaded = standing()
    added = {code: count - before.get(code, 0) for code, count in loaded.items()}
    if json:
        accounts = [
            {"username": one.username, "password": one.password, "kind": one.kind, "name": one.name} for one in ACCOUNTS
        ]
        say_json({"loaded": loaded, "added": added, "crowd": crowd, "accounts": accounts})
        return
    show_loaded(loaded, added)
    show_accounts()


def add_crowd(firms: int, day: date) -> dict[str, float]:
    """Write the firms and tell how fast it went, as {"rows", "seconds", "rows_per_second"}."""
    began = time.monotonic()
    rows = add_firms(firms, day=day, tell=lambda done: tell(f"{done} / {firms}")) if firms else 0
    seconds = time.monotonic() - began
    if rows:
        sys.stderr.write(
            _("%(rows)s rows in %(seconds)s s, %(speed)s rows/s, with versions and log")
            % {"rows": rows, "seconds": round(seconds), "speed": round(rows / seconds)}
            + "\n"
        )
    return {"rows": rows, "seconds": round(seconds, 1), "rows_per_second": round(rows / seconds) if rows else 0}


def tell(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{text} …\n")


def show_loaded(loaded: dict[str, int], added: dict[str, int]) -> None:
    kinds = record_kinds()
    rows = [(kinds[code]._meta.verbose_name_plural, count, added[code]) for code, count in loaded.items() if count]
    say(_("The demonstration community 模速空间"))
    say_table([_("ledger"), _("rows"), _("added now")], rows)


def show_accounts() -> None:
    say()
    say(_("Accounts, for the demonstration only:"))
    rows = [(one.username, one.password, one.kind.label, one.name) for one in ACCOUNTS]
    say_table([_("user name"), _("password"), _("kind"), _("name")], rows)
    say()
    say(_("Serve it: qunxing serve, or make demo."))
