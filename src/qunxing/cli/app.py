"""The tree of commands."""

import typer
from django.utils.translation import gettext as _

from qunxing.cli import (
    REFUSED,
    alerts,
    aliases,
    batches,
    challenge,
    claims,
    demo,
    duplicates,
    groups,
    imports,
    index,
    log,
    matching,
    panels,
    race,
    report,
    system,
    users,
)
from qunxing.cli.output import fail
from qunxing.core.errors import Problem

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=_(
        "Qunxing 群星: the system of record of an AI innovation community. "
        "Before any command: --data-dir DIR (where everything is kept), --lang zh|en."
    ),
)
app.command("init", help=_("Make a data folder ready: database, keys, static files."))(system.init)
app.command("demo", help=_("Load the demonstration community; a second run adds nothing."))(demo.demo)
app.command("serve", help=_("Serve the pages and work through the jobs until stopped."))(system.serve)
app.command("import", help=_("Take in an official list."))(imports.import_list)
app.command("groups", help=_("Show what a waiting list means for us, group by group; accept one."))(groups.groups)
app.command("batches", help=_("List what was taken in, merged and undone."))(batches.list_batches)
app.command("undo", help=_("Undo a batch; what was edited since stays."))(batches.undo)
app.command("aliases", help=_("Say which firms short names mean, and make them their names."))(aliases.aliases)
app.command("duplicates", help=_("Search for organisations that may be one, and list the pairs."))(
    duplicates.duplicates
)
app.add_typer(alerts.app, name="alerts")
app.add_typer(challenge.app, name="challenge")
app.add_typer(claims.app, name="claims")
app.add_typer(index.app, name="index")
app.add_typer(log.app, name="log")
app.add_typer(matching.app, name="matching")
app.add_typer(panels.app, name="panels")
app.add_typer(race.app, name="race")
app.add_typer(report.app, name="report")
app.add_typer(users.app, name="user")


def run(arguments: list[str]) -> int:
    """The exit status of the command; an expected problem is told on standard error."""
    try:
        result = app(arguments, prog_name="qunxing", standalone_mode=False)
    except Problem as problem:
        return fail(str(problem))
    except typer.Abort:
        return REFUSED
    except Exception as error:
        if not hasattr(error, "show"):
            raise
        error.show()
        return REFUSED
    return int(result or 0)
