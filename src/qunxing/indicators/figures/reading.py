"""Records read whole as columns: as they are, or as they were known at a moment, for one reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from qunxing.core.columns import Coded, Column, Columns, Days, as_days, places_of
from qunxing.ledger.models import Record
from qunxing.ledger.models.records import SEES_ALL, levels_of
from qunxing.ledger.versions import history_of

MISSING = -1


@dataclass(frozen=True)
class LedgerRead:
    """Reads what `user` may see; everything where it is None, as on the command line.

    With `known_at` it reads the versions that were the latest at that moment. What has been removed since is then there
    for those who see all; others get of the past what they may see today and was open then.
    """

    user: Any = None
    known_at: datetime | None = None
    kept: dict[Any, Columns] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sees_all(self) -> bool:
        return self.user is None or getattr(self.user, "kind", None) in SEES_ALL

    def __call__(self, model: type[Record], *names: str) -> Columns:
        if (model, names) not in self.kept:
            self.kept[model, names] = self.records(model, names)
        return self.kept[model, names]

    def records(self, model: type[Record], names: Sequence[str]) -> Columns:
        if self.known_at is None:
            return fetched(self.present(model), ("id", *names), recorded="created_at", changed="updated_at")
        found = fetched(self.past(model), ("id", *names), changed="history_date")
        return self.seen(model, with_first_days(found, model))

    def links(self, model: type[Record], name: str) -> Columns:
        return self(model, name) if self.sees_all else LedgerRead(None, self.known_at)(model, name)

    def versions(self, model: type[Record], *names: str) -> Columns:
        rows = history_of(model).objects.order_by("history_id")
        if not self.sees_all:
            rows = rows.exclude(self.closed(model))
        if self.known_at is not None:
            rows = rows.filter(history_date__lte=self.known_at)
        found = fetched(rows, ("id", *names), recorded="history_date", kind="history_type")
        removed = {"removed": found["kind"].is_in({"-"})}
        return self.seen(model, Columns({**found.data, **removed}))

    def present(self, model: type[Record]) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.all() if self.sees_all else model.objects.visible_to(self.user)
        return rows.order_by()

    def past(self, model: type[Record]) -> QuerySet[Any]:
        """The version of each record that was its latest at the moment, unless it was removed by then."""
        versions = history_of(model).objects
        latest = (
            versions.filter(history_date__lte=self.known_at).order_by().values("id").annotate(last=Max("history_id"))
        )
        rows = versions.filter(history_id__in=latest.values("last")).exclude(history_type="-").order_by()
        found: QuerySet[Any] = rows if self.sees_all else rows.exclude(self.closed(model))
        return found

    def closed(self, model: type[Record]) -> Q:
        """The versions that were closed to this reader, unless the record is theirs."""
        own = model.objects.none().own_rows(self.user) if getattr(self.user, "is_authenticated", False) else Q()
        closed: Q = model.closed_versions(levels_of(self.user))
        return closed & ~Q(id__in=model.objects.filter(own).values("pk")) if own else closed

    def seen(self, model: type[Record], found: Columns) -> Columns:
        """The rows whose records the reader may see today."""
        if self.sees_all:
            return found
        keys = np.array(list(self.present(model).values_list("pk", flat=True)), dtype=np.int64)
        return found.take(places_of(found["id"], keys) != MISSING)


def fetched(rows: QuerySet[Any], names: Sequence[str], **extra: str) -> Columns:
    """The columns of the rows; read past the model's converters, which cost more than the query."""
    wanted = [*names, *extra.values()]
    sql, params = rows.values_list(*wanted).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    raw: Iterable[Any] = zip(*found, strict=True) if found else ([] for _name in wanted)
    made = {
        called: column_of(rows.model._meta.get_field(name), values)
        for called, name, values in zip([*names, *extra], wanted, raw, strict=True)
    }
    return Columns(made)


def column_of(field: Any, values: Any) -> Column:
    """Values as the database gives them, as a column of the field's sort."""
    if isinstance(field, models.DateTimeField):
        return days_here(values)
    if isinstance(field, models.DateField):
        return as_days(values)
    if isinstance(field, models.BooleanField):
        return np.array([bool(value) for value in values], dtype=bool)
    if (
        field.name == "id"
        or field.is_relation
        or isinstance(field, models.AutoField | models.PositiveSmallIntegerField)
    ):
        return keys_or_words(field, values)
    if isinstance(field, models.DecimalField | models.IntegerField):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    return Coded.of(values)


def days_here(values: Iterable[Any]) -> Days:
    """The days of moments in the program's own time zone, whose distance from Greenwich is taken to be today's."""
    seconds = int(timezone.localtime(timezone=timezone.get_default_timezone()).utcoffset().total_seconds())  # type: ignore[union-attr]
    moments = np.array([str(value)[:19] for value in values], dtype="datetime64[s]")
    return as_days((moments + np.timedelta64(seconds, "s")).astype("datetime64[D]"))


def keys_or_words(field: Any, values: Sequence[Any]) -> Column:
    """Keys; words where a relation points at a record by its code."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.CharField):
        return Coded.of(values)
    return np.array([MISSING if value is None else value for value in values], dtype=np.int64)


def with_first_days(found: Columns, model: type[Record]) -> Columns:
    """`recorded` set to the day of each record's first version."""
    firsts = history_of(model).objects.order_by().values("id").annotate(first=Min("history_date"))
    sql, params = firsts.values_list("id", "first").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    keys = np.array([row[0] for row in rows], dtype=np.int64)
    days = days_here(row[1] for row in rows)
    return Columns({**found.data, "recorded": days[places_of(found["id"], keys)]})
