"""Organisations that may be one, searched for and listed on the command line."""

from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.formats import show_moment
from qunxing.intake.joining.candidates import why_text
from qunxing.intake.joining.searching import follow, search
from qunxing.intake.models import DuplicatePair, DuplicateSearch

LISTED = 1_000


def duplicates(
    kept: Annotated[
        bool, typer.Option("--kept", help=_("List what was found before, with what changed since."))
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    limit: Annotated[int, typer.Option(min=1, max=LISTED, help=_("How many pairs, the likeliest first."))] = 50,
) -> int:
    """Compare all organisations and print the pairs that may be one; 1 when there are any."""
    need_ready()
    if not kept:
        search()
    while follow():
        continue
    rows = DuplicatePair.objects.select_related("first", "second").order_by("-score", "pk")
    total = rows.count()
    pairs = [told(pair) for pair in rows[:limit]]
    if json:
        say_json({"searched": searched(), "total": total, "pairs": pairs})
        return 1 if total else 0
    headings = [_("organisation"), _("perhaps the same"), _("likeness"), _("why")]
    lines = [(one["first"]["name"], one["second"]["name"], f"{one['score']:.2f}", one["why"]) for one in pairs]
    say_table(headings, lines)
    if total > len(lines):
        say(_("  and %(count)s more") % {"count": f"{total - len(lines):,}"})
    say(_("Searched: %(moment)s. Pairs: %(total)s.") % {"moment": searched() or "–", "total": f"{total:,}"})
    return 1 if total else 0


def searched() -> str:
    """When all organisations were compared last; empty for never, or where that was not finished."""
    last = DuplicateSearch.objects.filter(pk=1, log_size__isnull=False).first()
    return show_moment(last.searched_at) if last is not None and last.searched_at is not None else ""


def told(pair: DuplicatePair) -> dict[str, Any]:
    """The contract of a pair in `duplicates --json`."""
    return {
        "first": {"ref": pair.first.ref, "name": pair.first.name},
        "second": {"ref": pair.second.ref, "name": pair.second.name},
        "score": pair.score / 1000,
        "ground": pair.ground,
        "reasons": pair.reasons,
        "why": why_text(pair.ground, pair.reasons),
    }
