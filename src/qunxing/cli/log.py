"""The log on the command line: check it, export it, prove an entry."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qunxing.challenges.receipts import BID_RECEIPT
from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.ledger.audit import Audit, Finding, audit_database, first_reasons
from qunxing.ledger.checkpoints import CheckpointError, VerifierKey
from qunxing.ledger.exporting import exported_log, proof_of
from qunxing.ledger.models import LogHead
from qunxing.ledger.packs import is_pack, verify_pack
from qunxing.ledger.proofs import Verdict, verify_file
from qunxing.ledger.writing import signing_key
from qunxing.races.receipts import ENTRY_RECEIPT

RECEIPTS = (BID_RECEIPT, ENTRY_RECEIPT)

app = typer.Typer(no_args_is_help=True, help=_("The append-only log."))
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]
Key = Annotated[str, typer.Option("--key", help=_("A public key kept elsewhere, instead of the one at hand."))]


@app.command("verify", help=_("Check this database, or an exported log, a proof or an archive, entry by entry."))
def verify(
    file: Annotated[
        Path | None, typer.Argument(help=_("An exported log, a proof or an archive; without one, this database."))
    ] = None,
    key: Key = "",
    json: Json = False,
) -> int:
    audit = audit_file(file, key) if file is not None else audit_here(key)
    if json:
        say_json({"ok": audit.ok, "entries": audit.entries, "first_bad": audit.first_bad, "problems": audit.findings})
    elif audit.ok:
        say(_("In order: %(entries)s entries.") % {"entries": audit.entries})
        if file is not None and not key:
            say(_("Its own key was believed. With --key, the key that the place gave you, you know whose log it is."))
    else:
        say(
            _("Not in order: %(count)s findings in %(entries)s entries.")
            % {"count": len(audit.findings), "entries": audit.entries}
        )
        for line in first_reasons(audit.findings):
            say(f"  {line}")
    return 0 if audit.ok else 1


def audit_here(key: str) -> Audit:
    need_ready()
    try:
        return audit_database(VerifierKey.parse(key) if key else None)
    except CheckpointError as error:
        raise Refused(str(error)) from error


def audit_file(file: Path, key: str) -> Audit:
    """An exported log, a proof, a receipt or a pack; the key in the file is believed unless one is given."""
    try:
        verdict = verifier_of(file)(file, key or None)
    except (OSError, CheckpointError) as error:
        raise Refused(str(error)) from error
    findings = tuple(Finding(found.index, str(found.kind), found.detail) for found in verdict.problems)
    return Audit(verdict.entries, findings)


def verifier_of(file: Path) -> Callable[[Path, str | None], Verdict]:
    """What checks a file of this kind."""
    if is_pack(file):
        return verify_pack
    return next((kind.verify_file for kind in RECEIPTS if kind.wrote(file)), verify_file)


@app.command("export", help=_("Write the whole log, to be checked anywhere."))
def export(
    file: Annotated[Path | None, typer.Argument(help=_("Where to; standard output if not given."))] = None,
) -> None:
    need_ready()
    lines = exported_log()
    if file is None:
        sys.stdout.writelines(lines)
        return
    try:
        with file.open("w", encoding="utf-8", newline="\n") as target:
            target.writelines(lines)
    except OSError as error:
        raise Refused(str(error)) from error
    say(_("Written: %(file)s") % {"file": file})


@app.command("proof", help=_("Write the proof of one entry."))
def proof(index: Annotated[int, typer.Argument(help=_("The entry's number, from 0."))]) -> None:
    need_ready()
    say(json.dumps(proof_of(index), ensure_ascii=False, indent=2))


@app.command("key", help=_("Show the public key; give it to those who check."))
def public_key() -> None:
    need_ready()
    say(str(signing_key(LogHead.objects.filter(pk=1).first() or LogHead()).verifier))
