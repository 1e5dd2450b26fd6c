"""What was written at once, listed and undone, on the command line."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.cli.imports import Bar, actor_named
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.core.formats import show_moment
from qunxing.intake import actions
from qunxing.intake.models import Batch
from qunxing.intake.queries import marks_named
from qunxing.intake.reconciling.accepting import look_again, waiting_whole
from qunxing.intake.telling import as_json, told_steps
from qunxing.ledger.undoing import Fate

SHOWN = 20
LISTED = 1_000


def list_batches(
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=LISTED, help=_("How many, the newest first."))] = 50,
) -> int:
    """Print what was taken in, merged and undone."""
    need_ready()
    found = [told_batch(batch) for batch in Batch.objects.select_related("owner").order_by("-pk")[:limit]]
    if json:
        say_json(found)
        return 0
    rows = [(one["ref"], one["kind_label"], one["state_label"], one["created"], one["title"]) for one in found]
    say_table([_("batch"), _("kind"), _("state"), pgettext("of a batch", "made"), _("title")], rows)
    return 0


def told_batch(batch: Batch) -> dict[str, Any]:
    """The contract of `batches --json`."""
    undone = actions.undone_by(batch) is not None
    return {
        "ref": batch.ref,
        "kind": batch.kind,
        "kind_label": batch.get_kind_display(),
        "state": batch.state,
        "state_label": _("undone") if undone else batch.get_state_display(),
        "title": batch.title,
        "code": batch.list_code,
        "day": batch.day,
        "created": show_moment(batch.created_at),
        "owner": batch.owner.username if batch.owner is not None else "",
        "reason": batch.reason,
        "counts": batch.counts,
        "undone": undone,
    }


def undo(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help=_("Its reference, as `qunxing batches` prints it."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Print what would change and change nothing."))] = False,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    record: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND:REFERENCE", help=_("Undo this record of it alone.")),
    ] = None,
    reason: Annotated[str, typer.Option(help=_("Why it is undone."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
) -> int:
    """Undo a batch; 1 when something of it stays because it was edited since."""
    need_ready()
    found = Batch.objects.filter(ref=batch).first()
    if found is None:
        raise Refused(_("There is no batch %(batch)s.") % {"batch": batch})
    only = marks_named(record, user=None) if record else None
    if record and not only:
        raise Refused(_("There is no such record; write --record KIND:REFERENCE."))
    bar, actor, made = Bar(), actor_named(user), None
    plan = actions.plan_of(found, only=only, progress=bar)
    stays = [as_json(told) for told in told_steps(actions.staying(plan)[:LISTED], user=None)]
    if not dry_run:
        made = actions.undo_batch(found, actor=actor, reason=reason, only=only, progress=bar)
    whole = waiting_whole(found) if made is not None else None
    if whole is not None:
        look_again(whole, progress=bar)
    bar.clear()
    counts = made.counts if made is not None else plan.counts
    if json:
        say_json({**counts, "batch": made.ref if made is not None else "", "stays": stays})
    else:
        show(counts, stays, dry_run=dry_run)
    return 1 if counts[Fate.KEPT] or counts["later"] else 0


def show(counts: dict[str, int], stays: list[dict[str, Any]], *, dry_run: bool) -> None:
    labels = {
        Fate.REMOVED: _("removed"),
        Fate.RESTORED: _("set back"),
        Fate.BACK: _("brought back"),
        Fate.KEPT: _("kept"),
    }
    say_table([_("record"), _("number")], [(label, counts[fate]) for fate, label in labels.items()])
    for one in stays[:SHOWN]:
        later = "; ".join(f"{label}: {text}" for label, text in one["later"])
        resting = ", ".join(holder["name"] for holder in one["holders"])
        words = (one["why"] or _("edited since"), later, resting, one["author"])
        say(f"  {one['kind']} {one['name']}: {' '.join(filter(None, words))}")
    if len(stays) > SHOWN:
        say(_("  and %(count)s more") % {"count": len(stays) - SHOWN})
    say(_("Nothing was changed (dry run).") if dry_run else _("Done."))
