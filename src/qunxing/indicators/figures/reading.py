"""Records read whole as columns: as they are, or as they were known at a moment, for one reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models import Max, Min, Q, QuerySet

from qunxing.core.columns import Coded, Column, Columns, as_days, places_of
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

    @property
    def sees_all(self) -> bool:
        return self.user is None or getattr(self.user, "kind", None) in SEES_ALL

    def __call__(self, model: type[Record], *names: str) -> Columns:
        if self.known_at is None:
            return fetched(self.present(model), ("id", *names), recorded="created_at")
        found = fetched(self.past(model), ("id", *names), recorded="history_date")
        return self.seen(model, with_first_days(found, model))

    def versions(self, model: type[Record], *names: str) -> Columns:
        rows = history_of(model).objects.order_by("history_id")
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
        if not self.sees_all:
            rows = rows.exclude(self.closed(model))
        return rows

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
        return as_days(str(value)[:10] if value is not None else None for value in values)
    if isinstance(field, models.DateField):
        return as_days(values)
    if isinstance(field, models.BooleanField):
        return np.array([bool(value) for value in values], dtype=bool)
    if field.is_relation or isinstance(field, models.AutoField | models.PositiveSmallIntegerField):
        return keys_or_words(field, values)
    if isinstance(field, models.DecimalField | models.IntegerField):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    return Coded.of(values)


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
    days = as_days(str(row[1])[:10] for row in rows)
    return Columns({**found.data, "recorded": days[places_of(found["id"], keys)]})
