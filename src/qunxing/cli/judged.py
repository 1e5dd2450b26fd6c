"""Reading judged needs from tables: which columns they have, and what is wrong in which row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.core.text import fold_name
from qunxing.intake.reading import Cell, RawRow, ReadingError, read_tables
from qunxing.matching.engine.judging import Judged
from qunxing.matching.engine.profiles import Profile

LEVELS = {"1": 1, "2": 2, "3": 3, "4": 4}
# What a column may be called; the first is the name in messages, one with "?" may be missing.
NEEDS = {"key": ("need_id", "id"), "title": ("title", "标题"), "text": ("content?", "text", "description", "内容")}
SUPPLIES = {
    "key": ("supply_id", "id"),
    "title": ("keywords", "title", "标题"),
    "text": ("content?", "text", "description", "内容"),
    "history": ("history?",),
    "codes": ("codes?",),
}
LABELS = {"need": ("need_id",), "supply": ("supply_id",), "level": ("level", "等级")}
Names = Mapping[str, tuple[str, ...]]


@dataclass
class Told:
    """What the files hold, and what was passed over and why."""

    judged: Judged
    warnings: list[str] = field(default_factory=list)


def read_judged(needs: Path, supplies: Path, labels: Path) -> Told:
    """Raises Refused with file, row and column for what cannot be used."""
    asked, offered = read_profiles(needs, NEEDS), read_profiles(supplies, SUPPLIES)
    levels, unknown = read_labels(labels, {one.key for one in asked}, {one.key for one in offered})
    if not levels:
        raise Refused(_("%(file)s: no row names a need and an offer of the other two files.") % {"file": labels.name})
    told = Told(Judged(tuple(asked), tuple(offered), levels))
    if unknown:
        told.warnings.append(
            _("%(file)s: %(count)s rows name a need or an offer that is not there (first in row %(row)s); passed over.")
            % {"file": labels.name, "count": len(unknown), "row": unknown[0]}
        )
    return told


def read_profiles(file: Path, names: Names) -> list[Profile]:
    """The rows as profiles; a row that stands twice counts once, two rows of one id that differ are refused."""
    found: dict[str, Profile] = {}
    for row, cells in rows_of(file, names):
        if not cells["key"]:
            raise wrong(file, row, names["key"][0], _("The id is missing."))
        codes = tuple(cells.pop("codes", "").replace(",", " ").split())
        profile = Profile(**cells, codes=codes)
        if found.setdefault(profile.key, profile) != profile:
            raise wrong(
                file,
                row,
                names["key"][0],
                _("%(id)s stands in an earlier row with other values.") % {"id": profile.key},
            )
    if not found:
        raise Refused(_("%(file)s has no rows.") % {"file": file.name})
    return list(found.values())


def read_labels(file: Path, needs: set[str], supplies: set[str]) -> tuple[dict[str, dict[str, int]], list[int]]:
    """(level by need and offer, the rows that name what is not there)."""
    found: dict[str, dict[str, int]] = {}
    unknown: list[int] = []
    for row, cells in rows_of(file, LABELS):
        level = LEVELS.get(cells["level"].removesuffix(".0"))
        if level is None:
            raise wrong(
                file,
                row,
                "level",
                _("The level is 1, 2, 3 or 4, not %(found)s.") % {"found": cells["level"][:40] or "∅"},
            )
        if cells["need"] not in needs or cells["supply"] not in supplies:
            unknown.append(row)
        elif found.setdefault(cells["need"], {}).setdefault(cells["supply"], level) != level:
            raise wrong(file, row, "level", _("The same pair has another level in an earlier row."))
    return found, unknown


def rows_of(file: Path, names: Names) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, cells by our names) of each row below the headings, which stand in the first row."""
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    try:
        rows = read_tables(file)[0].rows()
        columns = columns_of(file, next(rows, None), names)
        for row in rows:
            yield row.number, {name: cell_of(row, place) for name, place in columns.items()}
    except ReadingError as error:
        where = "" if error.row is None else _(", row %(row)s") % {"row": error.row}
        raise Refused(f"{file.name}{where}: {error}") from error


def columns_of(file: Path, head: RawRow | None, names: Names) -> dict[str, int]:
    """Where each of our columns stands; -1 for one that is missing and may be."""
    headings = [fold_name(str(cell)) for cell in head.cells] if head else []
    places = {
        name: next((headings.index(key) for word in words if (key := fold_name(word.rstrip("?"))) in headings), -1)
        for name, words in names.items()
    }
    missing = [names[name][0] for name, place in places.items() if place < 0 and not names[name][0].endswith("?")]
    if missing:
        told = ", ".join(str(cell)[:40] for cell in head.cells) if head else "∅"
        raise Refused(
            _("%(file)s, row %(row)s: the column %(missing)s is missing; found: %(found)s.")
            % {"file": file.name, "row": head.number if head else 1, "missing": ", ".join(missing), "found": told}
        )
    return places


def cell_of(row: RawRow, place: int) -> str:
    cell: Cell = row.cells[place] if 0 <= place < len(row.cells) else ""
    return str(cell).strip()


def wrong(file: Path, row: int, column: str, message: str) -> Refused:
    return Refused(
        _("%(file)s, row %(row)s, column %(column)s: %(message)s")
        % {"file": file.name, "row": row, "column": column.rstrip("?"), "message": message}
    )
