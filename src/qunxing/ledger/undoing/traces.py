"""What was written at one moment, record by record: how each stood before, how it was left, how it stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import models

from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Record, Source
from qunxing.ledger.versions import history_of, prepared_fields

ASKED = 400  # keys of one condition; SQLite takes a thousand values
Values = Mapping[str, Any]
Marks = Collection[tuple[str, int]]
T = TypeVar("T")


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


@dataclass
class Run:
    """The versions of one record at that moment, from the first to the last."""

    first: int
    began: str
    revision: int
    ended: str
    values: Values


def traces_at(moment: datetime, source_id: int | None, only: Marks | None = None) -> Iterator[Trace]:
    """Every record written at that moment on that source, kind by kind; `only` are (kind, key) of the wanted ones."""
    for code in written_by_kind(moment, source_id):
        kind = record_kinds()[code]
        keys = None if only is None else {key for mark, key in only if mark == code}
        runs = runs_of(kind, moment, source_id, keys)
        for chunk in chunks(list(runs), ASKED):
            yield from traces_of(kind, {key: runs[key] for key in chunk})


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


def runs_of(kind: type[Record], moment: datetime, source_id: int | None, keys: set[int] | None) -> dict[int, Run]:
    found: dict[int, Run] = {}
    names = names_of(kind)
    rows = history_of(kind).objects.filter(history_date=moment, source_id=source_id).order_by("history_id")
    for number, sort, *row in rows.values_list("history_id", "history_type", *names).iterator(chunk_size=2_000):
        values = dict(zip(names, row, strict=True))
        if keys is not None and values["id"] not in keys:
            continue
        run = found.setdefault(values["id"], Run(number, sort, values["revision"], sort, values))
        run.ended, run.values = sort, values
    return found


def traces_of(kind: type[Record], runs: Mapping[int, Run]) -> Iterator[Trace]:
    now, before = standing(kind, runs), earlier(kind, runs)
    for key, run in runs.items():
        added, removed = run.began == "+", run.ended == "-"
        old = None if added else before.get(key)
        if not (added and removed) and (added or old is not None):
            yield Trace(kind, key, added, removed, old, run.values, now.get(key))


def standing(kind: type[Record], keys: Iterable[int]) -> dict[int, Values]:
    """{key: values} of the records that are there."""
    names = names_of(kind)
    rows = kind._base_manager.filter(pk__in=list(keys)).values_list(*names)
    return {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in rows}


def earlier(kind: type[Record], runs: Mapping[int, Run]) -> dict[int, Values]:
    """{key: values} of the version before the first one of each run."""
    wanted = {key: run for key, run in runs.items() if run.began != "+"}
    revisions = {run.revision - (run.began == "~") for run in wanted.values()}
    names = names_of(kind)
    rows = history_of(kind).objects.filter(id__in=list(wanted), revision__in=revisions).exclude(history_type="-")
    found: dict[int, Values] = {}
    for number, *row in rows.order_by("history_id").values_list("history_id", *names):
        values = dict(zip(names, row, strict=True))
        if number < wanted[values["id"]].first:
            found[values["id"]] = values
    return found


@cache
def names_of(kind: type[Record]) -> tuple[str, ...]:
    """The attributes that a version holds."""
    return tuple(name for name, _prepare in prepared_fields(kind))


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
