"""Official lists, and the sheets of the ledgers, on the command line."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.core.files import File
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunxing.accounts.models import User
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.sheets import Order, import_sheet
from qunxing.cli.system import need_ready
from qunxing.core.dates import DateError, parse_day
from qunxing.core.errors import Refused
from qunxing.core.regions import division_name
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.intake import actions
from qunxing.intake.actions import Prepared
from qunxing.intake.catalogue import KnownList, known_list
from qunxing.intake.models import Batch
from qunxing.intake.reconciling.grouping import Group, group_plan
from qunxing.intake.reconciling.showing import TITLES
from qunxing.intake.reconciling.telling import Groups, groups_json, told
from qunxing.intake.registering import Plan, Progress
from qunxing.intake.summary import counts_of
from qunxing.registry.models import FilingKind

SHOWN = 20
CLEAR = "\r\x1b[K"


def import_list(  # noqa: PLR0913, PLR0917 - each is a word of the command
    list_code: Annotated[str, typer.Argument(metavar="LIST", help=_("An official list or a sheet of a ledger."))],
    file: Annotated[Path, typer.Argument(help=_("CSV or workbook, as published."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Print what would change and change nothing."))] = False,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    title: Annotated[str, typer.Option(help=_("Title of the list as a source."))] = "",
    publisher: Annotated[str, typer.Option(help=_("Who published it."))] = "",
    day: Annotated[str, typer.Option(help=_("Day of the list; today if not given."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
    apply: Annotated[bool, typer.Option("--apply", help=_("Write a sheet; without it nothing changes."))] = False,
    clean: Annotated[bool, typer.Option("--clean", help=_("Of a sheet write the rows without problems."))] = False,
    origin: Annotated[str, typer.Option(help=_("Whose table a sheet is: its headings are remembered."))] = "",
    reason: Annotated[str, typer.Option(help=_("Why a sheet is taken over."))] = "",
    mapped: Annotated[list[str] | None, typer.Option("--map", help=_("How a heading is read: heading=column."))] = None,
    preview: Annotated[bool, typer.Option("--preview", help=_("Keep it as a preview, for people to go on."))] = False,
) -> int:
    """Print what the list or sheet changes, and change it: a list unless --dry-run, a sheet with --apply.

    1 when rows are left for staff.
    """
    need_ready()
    wanted = sheets().get(list_code) or known_list(list_code)
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    if sum((apply, dry_run, preview)) > 1:
        raise Refused(_("Give one of --apply, --dry-run and --preview."))
    on, actor = read_day(day), actor_named(user)
    if isinstance(wanted, SheetSpec):
        order = Order(wanted, file, actor, on, title, origin, reason, mapped or (), apply, clean, json, preview)
        return import_sheet(order, Bar())
    words = {"title": title or f"{wanted.title} · {file.name}", "publisher": publisher or wanted.publisher}
    doing = preview_list if preview else nothing if dry_run else apply_list
    return take_list_in(wanted, file, actor=actor, day=on, doing=doing, json=json, **words)


Doing = Callable[..., tuple[Batch | None, Plan, str]]


def take_list_in(
    wanted: KnownList, file: Path, *, actor: Any, day: date, doing: Doing, json: bool, **words: str
) -> int:
    bar = Bar()
    prepared = actions.prepare_file(file, file.name, wanted, day=day, progress=bar)
    bar.clear()
    plan = prepared.plan
    groups = groups_json(group_plan(prepared.found, plan, series=wanted.code, digest=prepared.digest))
    if not json:
        show(plan, file.name)
        show_groups(groups)
    batch, plan, done = doing(wanted, file, prepared, bar, actor=actor, day=day, **words)
    bar.clear()
    if json:
        say_json({**report(plan), "groups": told(groups), "batch": batch.ref if batch is not None else ""})
    else:
        say(done)
    return 1 if plan.for_staff else 0


def nothing(
    _wanted: KnownList, _file: Path, prepared: Prepared, _bar: Progress, **_words: Any
) -> tuple[None, Plan, str]:
    return None, prepared.plan, _("Nothing was changed (dry run).")


def apply_list(
    wanted: KnownList, file: Path, prepared: Prepared, bar: Progress, **words: Any
) -> tuple[Batch, Plan, str]:
    batch, plan = actions.apply_file(file, file.name, wanted, prepared=prepared, progress=bar, **words)
    return batch, plan, _("Done: batch %(ref)s.") % {"ref": batch.ref}


def preview_list(
    wanted: KnownList, file: Path, prepared: Prepared, _bar: Progress, **words: Any
) -> tuple[Batch, Plan, str]:
    """Keep the file with what it would change, as an upload on the page is kept."""
    with file.open("rb") as content:
        batch = actions.new_batch(content=File(content), wanted=wanted, name=file.name, **words)
    actions.keep_preview(batch, prepared)
    return batch, prepared.plan, _("Kept as a preview: batch %(ref)s.") % {"ref": batch.ref}


class Bar:
    """How far it is, on standard error where a person looks at it."""

    def __init__(self) -> None:
        self.name = ""
        self.total = 0
        self.shown = sys.stderr.isatty()

    def stage(self, name: str, total: int = 0) -> None:
        self.name, self.total = _(name) if name else "", total
        self.write(self.name)

    def advance(self, done: int) -> None:
        self.write(f"{self.name}  {done} / {self.total}")

    def clear(self) -> None:
        self.write("")

    def write(self, text: str) -> None:
        if self.shown:
            sys.stderr.write(f"{CLEAR}{text}")
            sys.stderr.flush()


def read_day(text: str) -> date:
    today = timezone.localdate()
    if not text:
        return today
    try:
        day = parse_day(text).low
    except DateError as error:
        raise Refused(str(error)) from error
    if day > today:
        raise Refused(_("The day lies ahead; a list is taken in once it is published."))
    return day


def actor_named(username: str) -> Any:
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Refused(_("There is no account %(user)s.") % {"user": username})
    return found


def report(plan: Plan) -> dict[str, Any]:
    """The contract of `import --json`; a row counts once, rows is the sum."""
    for_staff = [
        {"row": left.place.row, "sheet": left.place.sheet, "reason": str(left.reason)} for left in plan.for_staff
    ]
    proposals = [{"kind": one.kind, "old": one.old, "new": one.new, "words": one.words} for one in plan.suggestions]
    return {**plan.counts, "for_staff": for_staff, "proposals": proposals, **counts_of(plan)}


def show(plan: Plan, name: str) -> None:
    """The same for people, before anything is written."""
    counts = plan.counts
    say(_("%(file)s: %(rows)s rows") % {"file": name, "rows": counts["rows"]})
    verbs = {"added": _("added"), "updated": _("changed"), "unchanged": _("unchanged"), "for_staff": _("for staff")}
    say_table([_("outcome"), _("rows")], [(label, counts[key]) for key, label in verbs.items()])
    totals = counts_of(plan)
    say_table([_("kind"), _("rows")], [(FilingKind(code).label, number) for code, number in totals["by_kind"].items()])
    say_table([_("region"), _("rows")], [(region(code), number) for code, number in totals["by_region"].items()])
    for left in plan.for_staff[:SHOWN]:
        say(_("  row %(row)s for staff: %(reason)s") % {"row": left.place.row, "reason": left.reason})
    show_rest(len(plan.for_staff))
    if plan.suggestions:
        say(_("%(count)s proposals for staff to judge:") % {"count": len(plan.suggestions)})
    for one in plan.suggestions[:SHOWN]:
        say(f"  {one.kind.label}: {one.old} → {one.new}")
    show_rest(len(plan.suggestions))


def show_groups(groups: Groups) -> None:
    """How many of each group."""
    say_table([_("group"), _("count")], [(TITLES[Group(code)], data["count"]) for code, data in groups.items()])


def region(code: str) -> str:
    return str(division_name(code, chinese=get_language() != "en") if code else _("unknown"))


def show_rest(count: int) -> None:
    if count > SHOWN:
        say(_("  and %(count)s more") % {"count": count - SHOWN})
