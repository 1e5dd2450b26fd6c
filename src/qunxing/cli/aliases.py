"""Short names of firms, held against the ledger or a list, on the command line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunxing.cli.imports import SHOWN, actor_named, show_rest
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.cli.tables import read_rows
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.intake.headers import BodyRow, Column, HeaderSpec
from qunxing.intake.joining.aliases import Entity, Match, Short
from qunxing.intake.joining.naming import LABELS, Proposed, accept_aliases, propose_aliases, propose_among
from qunxing.intake.joining.proposals import keep_found

SHORT = ("公司", "简称", "企业", "企业简称", "公司简称", "机构", "short name", "company", "name")
FULL = ("主体名称", "entityName", "单位", "工商名称", "企业名称", "公司名称", "备案单位", "registered name", "name")
PLACE = ("省市", "城市", "所在地", "属地", "地点", "地区", "市", "place", "city", "region")


def aliases(  # noqa: PLR0913, PLR0917 - each is a word of the command
    file: Annotated[Path, typer.Argument(help=_("Short names: a CSV or a workbook."))],
    column: Annotated[str, typer.Option(help=_("The heading of the short names."))] = "",
    against: Annotated[
        Path | None, typer.Option(help=_("A list of firms to hold them against, not the ledger."))
    ] = None,
    against_column: Annotated[str, typer.Option(help=_("The heading of the full names in that list."))] = "",
    accept: Annotated[bool, typer.Option("--accept", help=_("Take over what is beyond doubt."))] = False,
    keep: Annotated[bool, typer.Option("--keep", help=_("Keep what people have to look at, for the page."))] = False,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    reason: Annotated[str, typer.Option(help=_("Why these are their names."))] = "",
    user: Annotated[str, typer.Option(help=_("User name in whose name it is done."))] = "",
) -> int:
    """Print which firms short names mean; 1 when people have to look at some."""
    if (accept or keep) and against is not None:
        raise Refused(_("Only names that are held against the ledger can be taken over."))
    shorts = [Short(text, place) for text, place in names_in(file, column, SHORT)]
    if against is not None:
        found = propose_among(shorts, listed(against, against_column))
    else:
        need_ready()
        found = propose_aliases(shorts, actor=actor_named(user))
    batch = take_over(found, reason=reason, user=user) if accept else ""
    kept = keep_found(left_over(found, accepted=accept), actor=actor_named(user)) if keep else 0
    tell(found, batch=batch, kept=kept, json=json, on_ledger=against is None)
    return 1 if any(one.matches and not one.accepted for one in found) else 0


def names_in(file: Path, column: str, usual: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(name, place) of each row that has a name."""
    name = Column("name", (column,) if column else tuple(usual), required=True)
    spec = HeaderSpec((name, Column("place", PLACE)), minimum=1)
    for row in read_rows(file, spec):
        if row.text("name"):
            yield row.text("name"), place_of(row)


def place_of(row: BodyRow) -> str:
    return row.text("place") if "place" in row.header.mapping else ""


def listed(file: Path, column: str) -> list[Entity]:
    return [Entity(at, name, place) for at, (name, place) in enumerate(names_in(file, column, FULL))]


def take_over(found: Sequence[Proposed], *, reason: str, user: str) -> str:
    """Make the names that are beyond doubt names of their firms; the reference of the batch."""
    pairs = [(one.short.text, one.accepted.entity.key) for one in found if one.accepted]
    return accept_aliases(pairs, actor=actor_named(user), reason=reason).ref if pairs else ""


def left_over(found: Sequence[Proposed], *, accepted: bool) -> list[Proposed]:
    """What waits for a person: all of it where what is beyond doubt was not taken over."""
    return [one for one in found if not (accepted and one.accepted)]


def tell(found: Sequence[Proposed], *, batch: str, kept: int, json: bool, on_ledger: bool) -> None:
    if json:
        say_json({**report(found, batch=batch, on_ledger=on_ledger), "kept": kept})
    else:
        show(found)
        done = [_("Taken over as batch %(batch)s.") % {"batch": batch}] if batch else []
        done += [_("Kept to be looked at: %(count)s.") % {"count": kept}] if kept else []
        say("\n".join(done) or _("Nothing was changed."))


def report(found: Sequence[Proposed], *, batch: str, on_ledger: bool) -> dict[str, Any]:
    """The contract of `aliases --json`."""
    keys = [match.entity.key for one in found for match in one.matches] if on_ledger else []
    refs = dict(Organization.objects.filter(pk__in=keys).values_list("pk", "ref"))
    proposals = [
        {
            "name": one.short.text,
            "place": one.short.place,
            "bearer": one.bearer,
            "matches": [told(match, refs) for match in one.matches],
        }
        for one in found
    ]
    return {**counts_of(found), "batch": batch, "proposals": proposals}


def told(match: Match, refs: dict[int, str]) -> dict[str, Any]:
    ref = refs.get(match.entity.key, "")
    signs = [str(sign) for sign in match.signs]
    return {"ref": ref, "name": match.entity.name, "score": match.score, "accepted": match.accepted, "signs": signs}


def counts_of(found: Sequence[Proposed]) -> dict[str, int]:
    accepted = sum(one.accepted is not None for one in found)
    borne = sum(bool(one.bearer) for one in found)
    shown = sum(bool(one.matches) for one in found) - accepted
    return {
        "names": len(found),
        "borne": borne,
        "accepted": accepted,
        "shown": shown,
        "nobody": len(found) - accepted - borne - shown,
    }


def show(found: Sequence[Proposed]) -> None:
    """The same for people: who is beyond doubt, then what is to be looked at."""
    counts = counts_of(found)
    labels = {
        "names": _("short names"),
        "borne": _("borne already"),
        "accepted": _("beyond doubt"),
        "shown": _("to be looked at"),
        "nobody": _("nobody found"),
    }
    say_table([_("outcome"), _("count")], [(label, counts[key]) for key, label in labels.items()])
    headings = [_("short name"), _("firm"), _("score"), _("reasons")]
    for title, chosen in ((_("Beyond doubt:"), True), (_("To be looked at:"), False)):
        rows = [line for one in found if one.matches and (one.accepted is not None) is chosen for line in lines(one)]
        say(title)
        say_table(headings, rows if chosen else rows[:SHOWN])
        show_rest(0 if chosen else len(rows))


def lines(one: Proposed) -> Iterator[tuple[str, str, str, str]]:
    for match in one.matches[:1] if one.accepted else one.matches:
        reasons = ", ".join(str(LABELS[sign]) for sign in match.signs)
        yield one.short.text, match.entity.name, f"{match.score:.2f}", reasons
