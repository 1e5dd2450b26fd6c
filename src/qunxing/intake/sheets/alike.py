"""New rows that may be about an organisation that is on the ledger: told before they become a second record of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from qunxing.core.chunks import chunks
from qunxing.core.sheets import sheet_of, sheets
from qunxing.directory.models import Organization
from qunxing.directory.naming import key_of
from qunxing.intake.joining.candidates import firms_of
from qunxing.intake.joining.finding import Candidate, Firm, Mark, find, marks_of
from qunxing.intake.joining.searching import follow_a_while, is_usable
from qunxing.intake.models import Batch, DuplicateMark, SheetRow
from qunxing.intake.registering import Progress, Quiet
from qunxing.intake.sheets.rows import ALIKE
from qunxing.ledger.inserting import update

COMPARING = gettext_noop("Looking for records that are alike")
MOST = 3  # records told of a row


def tell_alike(batch: Batch, numbers: Collection[int] | None = None, *, progress: Progress | None = None) -> None:
    """Keep with new rows which organisations they may be about, the likeliest first; of these rows or of all.

    ``values[ALIKE]`` is [[key, score in thousandths, ground, *reasons]]; sheets of other records are left as they are.
    """
    if sheet_of(Organization) is not sheets()[batch.list_code]:
        return
    progress = progress or Quiet()
    new = batch.rows.filter(outcome=SheetRow.Outcome.NEW)
    asked = [new] if numbers is None else [new.filter(number__in=some) for some in chunks(numbers)]
    pairs = (pair for rows in asked for pair in rows.order_by().values_list("number", "values").iterator())
    told = likely({-number: firm_of(number, values) for number, values in pairs}, progress)
    for keys in chunks(told):
        some = list(new.filter(number__in=[-key for key in keys]))
        for row in some:
            row.values[ALIKE] = told[-row.number][:MOST]
        update(some, ("values",))


def count_alike(batch: Batch) -> None:
    """Set how many new rows that would be written may be about records that are there: `summary["alike"]`."""
    new = batch.rows.filter(outcome=SheetRow.Outcome.NEW, left_out=False)
    batch.summary["alike"] = new.filter(values__has_key=ALIKE).count()


def firm_of(number: int, values: Mapping[str, Any]) -> Firm:
    """The organisation that the row would become, under a key that no record has."""
    name, code, entity = (str(values.get(column) or "") for column in ("name", "uscc", "entity_key"))
    return Firm(-number, name, key_of(name), code, entity)


def likely(firms: Mapping[int, Firm], progress: Progress) -> dict[int, list[list[Any]]]:
    """{key of a firm that is not on the ledger: what it may be there}.

    Two rows of a sheet that are alike are no matter of this: on the ledger they are found as duplicates.
    """
    own = [(one, key) for key, firm in firms.items() for one in marks_of(firm)]
    if not own:
        return {}
    marked = list(marked_alike({one for one, _key in own}))
    known = firms_of(key for _one, key in marked)
    progress.stage(COMPARING, len(own) + len(marked))
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for one in find({**known, **firms}, [*own, *marked], about=list(firms), tell=progress.advance):
        if one.first < 0 < one.second:
            found[one.first].append(as_kept(one))
    return found


def as_kept(one: Candidate) -> list[Any]:
    return [one.second, round(one.score * 1000), one.ground.value, *one.reasons]


def marked_alike(wanted: Collection[Mark]) -> Iterator[tuple[Mark, int]]:
    """(mark, key) of the organisations that have one of these: as they are kept, else read off the ledger."""
    if not is_usable():
        yield from ((one, key) for key, firm in firms_of().items() for one in marks_of(firm) if one in wanted)
        return
    follow_a_while()
    for some in chunks(sorted(wanted)):
        yield from DuplicateMark.objects.filter(mark__in=some).order_by().values_list("mark", "organization_id")
