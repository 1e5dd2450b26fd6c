"""Labels on the command line."""

from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.matching.labelling.files import exported


def labels(
    out: Annotated[Path, typer.Option(help=_("The folder that the three files are written into."))],
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    """Write needs.csv, supplies.csv and labels.csv; 1 when pairs are left out because their raters disagree."""
    need_ready()
    found = exported()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in found.files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(_("%(file)s cannot be written: %(error)s") % {"file": out, "error": error}) from error
    if json:
        say_json(
            {"labels": found.labels, "left_out": found.left_out, "files": [str(out / name) for name in found.files]}
        )
    else:
        say(_("%(labels)s labels written; %(left_out)s pairs left out, to be settled first") % vars(found))
    return 1 if found.left_out else 0
