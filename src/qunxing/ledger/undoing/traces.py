"""What was written at one moment, record by record: how each stood before, how it was left, how it stands."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from qunxing.core.chunks import chunks
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Record, Source
from qunxing.ledger.versions import history_of, prepared_fields

Marks = Collection[tuple[str, int]]
Tell = Callable[[int], None]


class Values(Mapping[str, Any]):
    """{attribute: value} of a version, of which a plan holds hundreds of thousands: the names are kept once."""

    __slots__ = ("places", "row")

    def __init__(self, places: Mapping[str, int], row: Sequence[Any]) -> None:
        self.places, self.row = places, row

    def __getitem__(self, name: str) -> Any:
        return self.row[self.places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def only(self, places: Mapping[str, int]) -> "Values":
        """The values of these names alone, {name: place}."""
        return Values(places, tuple(self[name] for name in places))


def nobody(_done: int) -> None:
    """Hears how far it is, and says nothing."""


@dataclass(frozen=True)
class Trace:
    """One record of what was written; `before` is None for an added one, `now` for one that is no longer there.

    `after` are the values as they were left, also of a record that was removed.
    """

    kind: type[Record]
    key: int
    added: bool
    removed: bool
    before: Values | None
    after: Values
    now: Values | None

    @property
    def touched(self) -> bool:
        """Whether it stands otherwise than it was left; what was changed since and set back again does not."""
        if self.now is None or self.now["revision"] == self.after["revision"]:
            return False
        return any(self.now[name] != value for name, value in self.after.items() if name != "revision")


@dataclass(slots=True)
class Run:
    """The versions of one record at that moment: how it began and ended, with the number of its first and last."""

    first: int
    began: str
    revision: int  # of the first
    last: int
    ended: str


def traces_at(
    moment: datetime, source_id: int | None, only: Marks | None = None, *, tell: Tell = nobody
) -> Iterator[Trace]:
    """Every record written at that moment on that source, kind by kind; `only` are (kind, key) of the wanted ones.

    `tell` hears how many have been looked at.
    """
    done = 0
    for code in written_by_kind(moment, source_id):
        kind = record_kinds()[code]
        keys = None if only is None else sorted({key for mark, key in only if mark == code})
        runs = runs_of(kind, moment, source_id, keys)
        for chunk in chunks(runs):
            yield from traces_of(kind, {key: runs[key] for key in chunk})
            done += len(chunk)
            tell(done)


def written_total(moment: datetime, source_id: int | None) -> int:
    """How many versions were written at that moment on that source."""
    return sum(written_by_kind(moment, source_id).values())


def written_by_kind(moment: datetime, source_id: int | None) -> dict[str, int]:
    """{code of a kind: versions written then}, in one query; a source stays, for the evidence names it."""
    first, *others = [
        history_of(kind)
        .objects.filter(history_date=moment, source_id=source_id)
        .order_by()
        .annotate(written_code=models.Value(code, output_field=models.CharField()))
        .values("written_code")
        .annotate(written_number=models.Count("history_id"))
        for code, kind in record_kinds().items()
        if kind is not Source
    ]
    return {row["written_code"]: row["written_number"] for row in first.union(*others, all=True)}


def runs_of(kind: type[Record], moment: datetime, source_id: int | None, keys: Sequence[int] | None) -> dict[int, Run]:
    """{key: its versions} of all records of the kind that were written then, or of these."""
    rows = history_of(kind).objects.filter(history_date=moment, source_id=source_id)
    found: dict[int, Run] = {}
    for some in [rows] if keys is None else [rows.filter(id__in=chunk) for chunk in chunks(keys)]:
        versions = some.order_by("history_id").values_list("history_id", "history_type", "id", "revision")
        for number, sort, key, revision in versions.iterator(chunk_size=2_000):
            run = found.setdefault(key, Run(number, sort, revision, number, sort))
            run.last, run.ended = number, sort
    return found


def traces_of(kind: type[Record], runs: Mapping[int, Run]) -> Iterator[Trace]:
    now, before, after = standing(kind, runs), earlier(kind, runs), left(kind, runs)
    for key, run in runs.items():
        added, removed = run.began == "+", run.ended == "-"
        old = None if added else before.get(key)
        if not (added and removed) and (added or old is not None):
            yield Trace(kind, key, added, removed, old, after[key], now.get(key))


def left(kind: type[Record], runs: Mapping[int, Run]) -> dict[int, Values]:
    """{key: values} of the last version of each run."""
    rows = history_of(kind).objects.filter(history_id__in=[run.last for run in runs.values()]).order_by()
    return {values["id"]: values for values in read(kind, rows)}


def standing(kind: type[Record], keys: Iterable[int]) -> dict[int, Values]:
    """{key: values} of the records that are there."""
    return {values["id"]: values for values in read(kind, kind._base_manager.filter(pk__in=list(keys)))}


def read(kind: type[Record], rows: Any) -> Iterator[Values]:
    """The values of records, or of versions of them, as they are read."""
    places = places_of(kind)
    yield from (Values(places, row) for row in rows.values_list(*places))


def earlier(kind: type[Record], runs: Mapping[int, Run]) -> dict[int, Values]:
    """{key: values} of the version before the first one of each run."""
    wanted = {key: run for key, run in runs.items() if run.began != "+"}
    revisions = {run.revision - (run.began == "~") for run in wanted.values()}
    places = places_of(kind)
    rows = history_of(kind).objects.filter(id__in=list(wanted), revision__in=revisions).exclude(history_type="-")
    found: dict[int, Values] = {}
    for *row, number in rows.order_by("history_id").values_list(*places, "history_id"):
        values = Values(places, row)
        if number < wanted[values["id"]].first:
            found[values["id"]] = values
    return found


@cache
def places_of(kind: type[Record]) -> Mapping[str, int]:
    """{attribute: its place among those that a version holds}."""
    return {name: place for place, name in enumerate(names_of(kind))}


@cache
def names_of(kind: type[Record]) -> tuple[str, ...]:
    """The attributes that a version holds."""
    return tuple(name for name, _prepare in prepared_fields(kind))
