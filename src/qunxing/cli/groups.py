"""What a waiting list means for the community, group by group, and accepting one of them, on the command line."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunxing.cli.imports import Bar, actor_named, show_groups
from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.intake.models import Batch
from qunxing.intake.reconciling.accepting import Verdict, accept_group, look_again
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.showing import TITLES
from qunxing.intake.reconciling.telling import told
from qunxing.intake.reconciling.vanishing import Way


def groups(
    batch: Annotated[
        str, typer.Argument(metavar="BATCH", help=_("A list that waits, as `qunxing batches` prints it."))
    ],
    accept: Annotated[str, typer.Option(metavar="GROUP", help=_("Accept this group; the rest waits on."))] = "",
    way: Annotated[str, typer.Option(help=_("What becomes of vanished filings: note or withdrawn."))] = Way.NOTE.value,
    leave: Annotated[
        list[str] | None, typer.Option(metavar="FILING", help=_("A vanished filing that stays as it is."))
    ] = None,
    reason: Annotated[str, typer.Option(help=_("Why vanished filings are taken for gone."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    """Print the groups of a list that waits, or accept one; 1 when accepting leaves rows for staff."""
    need_ready()
    found, actor, made = waiting_list(batch), actor_named(user), None
    if accept:
        verdict = Verdict(way_named(way), reason, frozenset(leave or ()))
        made = take_group(found, group_named(accept), actor=actor, verdict=verdict)
    if json:
        say_json(report(found, made))
    else:
        show(found, made)
    return 1 if made is not None and made.counts["for_staff"] else 0


def waiting_list(ref: str) -> Batch:
    """The list of that reference whose groups are known."""
    found = Batch.objects.filter(ref=ref, kind=Batch.Kind.LIST).first()
    if found is None:
        raise Refused(_("There is no batch %(batch)s of an official list.") % {"batch": ref})
    if found.state != Batch.State.PREVIEWED or "groups" not in found.summary:
        raise Refused(_("This list does not wait: %(state)s.") % {"state": found.get_state_display()}, status=409)
    return found


def group_named(text: str) -> Group:
    if text not in tuple(Group):
        known = ", ".join(Group)
        raise Refused(_("There is no group %(group)s; the groups are %(known)s.") % {"group": text, "known": known})
    return Group(text)


def way_named(text: str) -> Way:
    if text not in Way.values:
        known = ", ".join(Way.values)
        raise Refused(_("There is no way %(way)s; the ways are %(known)s.") % {"way": text, "known": known})
    return Way(text)


def take_group(batch: Batch, group: Group, *, actor: Any, verdict: Verdict) -> Batch:
    """Accept the group and look at the rest anew, as the pages do."""
    bar = Bar()
    try:
        made = accept_group(batch, group, actor=actor, verdict=verdict, progress=bar)
        look_again(batch, progress=bar)
    finally:
        bar.clear()
    batch.refresh_from_db()
    return made


def report(batch: Batch, made: Batch | None) -> dict[str, Any]:
    """The contract of `groups --json`."""
    return {
        "batch": batch.ref,
        "made": made.ref if made is not None else "",
        "counts": made.counts if made is not None else {},
        "accepted": batch.summary.get("accepted", {}),
        "groups": told(batch.summary["groups"]),
    }


def show(batch: Batch, made: Batch | None) -> None:
    if made is not None:
        words = {"ref": made.ref, "rows": made.counts["rows"]}
        say(_("Accepted as batch %(ref)s: %(rows)s rows.") % words)
    show_groups(batch.summary["groups"])
    for group, refs in batch.summary.get("accepted", {}).items():
        say(_("  accepted: %(group)s, batch %(refs)s") % {"group": TITLES[Group(group)], "refs": ", ".join(refs)})
