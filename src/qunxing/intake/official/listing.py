"""A whole published list: all tables of a file, every row accounted for, repeated numbers brought together."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.core.text import fold_name
from qunxing.intake.headers import BodyRow, HeaderError, HeaderMatch, SkipKind, Skipped, find_header, read_body
from qunxing.intake.official.columns import SPECS
from qunxing.intake.official.parsing import parse_row
from qunxing.intake.official.rows import Family, ListRow, OfficialList, ReadTable, RejectedRow
from qunxing.intake.reading import Limits, ReadingError, Table, read_tables
from qunxing.intake.reading.limits import DEFAULT

OTHER_LIST = _("This file has the headings of %(list)s. Import it as that.")
LIST_NAMES = {
    Family.GENAI: _("the list of generative AI services (备案, 登记)"),
    Family.ALGORITHM: _("the list of algorithm filings (算法备案)"),
}
NO_TABLE = _("The file has no table in it.")
SAME_NUMBER = _(
    "Row %(row)s of sheet “%(sheet)s” has the same number, but there it is “%(title)s” of %(organization)s. "
    "Find out which of the two holds."
)
COMPARED = ("kind", "granted", "batch", "region", "category", "role", "product", "purpose", "remark")


def read_list(origin: Path | bytes, filename: str = "", *, family: Family, limits: Limits = DEFAULT) -> OfficialList:
    """Read and judge a whole list; ReadingError when the file is no such list at all."""
    return judge_tables(read_tables(origin, filename, limits=limits), family=family)


def judge_tables(tables: Sequence[Table], *, family: Family) -> OfficialList:
    """Sheets without the headings are skipped with the reason, unless no sheet has them."""
    judge = _Judge(family)
    refusals: list[ReadingError] = []
    for table in tables:
        try:
            judge.take_table(table)
        except HeaderError as error:
            refusals.append(error)
            judge.skip_table(table, error.reason)
    if not judge.found.tables:
        raise _other_list(tables, family) or next(iter(refusals), ReadingError(because(NO_TABLE)))
    return judge.found


def _other_list(tables: Sequence[Table], family: Family) -> ReadingError | None:
    """The error for a file that is one of our lists, but not this one."""
    for other, spec in SPECS.items():
        matches = (find_header(table.rows(), spec) for table in tables if other is not family)
        if any(match and not match.missing for match in matches):
            return ReadingError(because(OTHER_LIST, list=because(LIST_NAMES[other])))
    return None


class _Judge:
    """Takes row after row and remembers every number it has met."""

    def __init__(self, family: Family) -> None:
        self.found = OfficialList(family)
        self.by_number: dict[str, list[ListRow]] = {}  # in order, the one that holds last

    def take_table(self, table: Table) -> None:
        headers: list[HeaderMatch] = []
        for item in read_body(table.rows(), SPECS[self.found.family], sheet=table.sheet):
            if isinstance(item, BodyRow):
                self.take_row(item)
                continue
            self.found.skipped.append(item)
            headers += [item.header] if item.header else []
        form = (table.sheet, table.format, table.encoding, table.delimiter, table.hidden, table.notes)
        self.found.tables.append(ReadTable(*form, tuple(headers)))

    def skip_table(self, table: Table, reason: Reason) -> None:
        last = max((row.number for row in table.rows()), default=0)
        self.found.skipped.append(Skipped(SkipKind.SHEET, table.sheet, min(1, last), last, reason=reason))

    def take_row(self, row: BodyRow) -> None:
        made = parse_row(row, self.found.family)
        if isinstance(made, ListRow):
            made = self._place(made, row)
        if isinstance(made, RejectedRow):
            self.found.rejected.append(made)
        else:
            self.found.rows.append(made)

    def _place(self, made: ListRow, row: BodyRow) -> ListRow | RejectedRow:
        """The row tied to those with the same number; rejected when they are about something else."""
        earlier = self.by_number.setdefault(made.number_key, [])
        if earlier and not _agree(earlier[-1], made):
            return _conflict(_first(earlier), made, row)
        _link(earlier, made)
        return made


def _first(rows: list[ListRow]) -> ListRow:
    return next(row for row in rows if row.repeats is None)


def _agree(earlier: ListRow, later: ListRow) -> bool:
    """Whether two rows with one number name the same, or the later one says how the name changed."""
    before = {fold_name(name) for name in earlier.organizations}
    after = {fold_name(name) for name in later.organizations}
    titles = ({fold_name(earlier.title)}, {fold_name(later.title)})
    return _follows(*titles, later.title_renames) and _follows(before, after, later.renames)


def _follows(before: set[str], after: set[str], renames: Iterable[tuple[str, str]]) -> bool:
    names = {fold_name(old): fold_name(new) for old, new in renames}
    return before == after or {names.get(name, name) for name in before} == after


def _conflict(first: ListRow, later: ListRow, row: BodyRow) -> RejectedRow:
    reason = because(
        SAME_NUMBER,
        row=first.place.row,
        sheet=first.place.sheet,
        title=first.title,
        organization="、".join(first.organizations),
    )
    return RejectedRow(later.place, (reason,), row.labelled(), later.number)


def _link(earlier: list[ListRow], made: ListRow) -> None:
    """Tie a row to those with the same number; the one with the latest day holds, of equal days the last."""
    if earlier:
        made.repeats = _first(earlier).place
        made.changed = tuple(name for name in COMPARED if getattr(earlier[-1], name) != getattr(made, name))
    if earlier and _is_older(made, earlier[-1]):
        earlier.insert(0, made)
    else:
        earlier.append(made)
    for row in earlier[:-1]:
        row.superseded = earlier[-1].place


def _is_older(made: ListRow, current: ListRow) -> bool:
    return bool(made.granted and current.granted and made.granted.high < current.granted.low)
