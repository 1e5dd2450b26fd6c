"""Official lists on the command line."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.accounts.models import User
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.dates import DateError, parse_day
from qunxing.core.errors import Refused
from qunxing.core.regions import division_name
from qunxing.intake import actions
from qunxing.intake.catalogue import KNOWN, known_list
from qunxing.intake.registering import Plan
from qunxing.intake.summary import summary_of
from qunxing.registry.models import FilingKind

SHOWN = 20


def import_list(
    list_code: Annotated[str, typer.Argument(metavar="LIST", help=", ".join(KNOWN))],
    file: Annotated[Path, typer.Argument(help=_("CSV or workbook, as published."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Print what would change and change nothing."))] = False,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    title: Annotated[str, typer.Option(help=_("Title of the list as a source."))] = "",
    publisher: Annotated[str, typer.Option(help=_("Who published it."))] = "",
    day: Annotated[str, typer.Option(help=_("Day of the list; today if not given."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
) -> int:
    """Print what the list changes, and change it unless --dry-run; 1 when rows are left for staff."""
    need_ready()
    wanted = known_list(list_code)
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    words = {
        "title": title or f"{wanted.title} · {file.name}",
        "publisher": publisher or wanted.publisher,
        "day": read_day(day),
    }
    plan = actions.preview_file(file, file.name, wanted).plan
    if not json:
        show(plan, file.name, dry_run=dry_run)
    if not dry_run:
        _batch, plan = actions.apply_file(file, file.name, wanted, actor=actor_named(user), tell=tell, **words)
    if json:
        say_json(report(plan))
    return 1 if plan.for_staff else 0


def read_day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return parse_day(text).low
    except DateError as error:
        raise Refused(str(error)) from error


def actor_named(username: str) -> Any:
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Refused(_("There is no account %(user)s.") % {"user": username})
    return found


def tell(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}")


def report(plan: Plan) -> dict[str, Any]:
    """The contract of `import --json`; a row counts once, rows is the sum."""
    for_staff = [
        {"row": left.place.row, "sheet": left.place.sheet, "reason": str(left.reason)} for left in plan.for_staff
    ]
    proposals = [{"kind": one.kind, "old": one.old, "new": one.new, "words": one.words} for one in plan.suggestions]
    return {**plan.counts, "for_staff": for_staff, "proposals": proposals, **summary_of(plan)}


def show(plan: Plan, name: str, *, dry_run: bool) -> None:
    """The same for people, before anything is written."""
    counts = plan.counts
    say(_("%(file)s: %(rows)s rows") % {"file": name, "rows": counts["rows"]})
    verbs = [(_("added"), "added"), (_("changed"), "updated"), (_("unchanged"), "unchanged"), (_("for staff"), "for_staff")]
    say_table([_("outcome"), _("rows")], [(label, counts[key]) for label, key in verbs])
    totals = summary_of(plan)
    say_table([_("kind"), _("rows")], [(FilingKind(code).label, number) for code, number in totals["by_kind"].items()])
    regions = [(division_name(code) if code else _("unknown"), number) for code, number in totals["by_region"].items()]
    say_table([_("region"), _("rows")], regions)
    for left in plan.for_staff[:SHOWN]:
        say(_("  row %(row)s for staff: %(reason)s") % {"row": left.place.row, "reason": left.reason})
    show_proposals(plan)
    if dry_run:
        say(_("Nothing was changed (dry run)."))


def show_proposals(plan: Plan) -> None:
    if not plan.suggestions:
        return
    say(_("%(count)s proposals for staff to judge, the first of them:") % {"count": len(plan.suggestions)})
    for one in plan.suggestions[:SHOWN]:
        say(f"  {one.kind.label}: {one.old} → {one.new}")
