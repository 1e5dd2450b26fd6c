"""Records read whole as columns: as they are, or as they were known at a moment, for one reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Max, Q, QuerySet

from qunxing.core.columns import NEVER, Columns, places_of
from qunxing.indicators.figures.fetching import MISSING, fetched
from qunxing.ledger.models import Record
from qunxing.ledger.models.records import SEES_ALL, levels_of
from qunxing.ledger.versions import history_of


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
            return fetched(self.present(model), **named(names), recorded="created_at", changed="updated_at")
        found = fetched(self.past(model), **named(names), changed="history_date")
        return self.seen(model, with_first_days(found, model))

    def links(self, model: type[Record], name: str) -> Columns:
        return self(model, name) if self.sees_all else LedgerRead(None, self.known_at)(model, name)

    def versions(self, model: type[Record], *names: str) -> Columns:
        rows = history_of(model).objects.order_by()
        if not self.sees_all:
            rows = rows.exclude(self.closed(model))
        if self.known_at is not None:
            rows = rows.filter(history_date__lte=self.known_at)
        own = {"recorded": "history_date", "kind": "history_type", "place": "history_id"}
        found = fetched(rows, **named(names), **own)
        found = self.seen(model, found.take(np.argsort(found["place"], kind="stable")))
        return Columns({**found.data, "removed": found["kind"].is_in({"-"})})

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


def named(names: Sequence[str]) -> dict[str, str]:
    return {name: name for name in ("id", *names)}


def with_first_days(found: Columns, model: type[Record]) -> Columns:
    """`recorded` set to the day of each record's first version."""
    past = fetched(history_of(model).objects.all(), id="id", day="history_date")
    keys, first = np.unique(past["id"], return_inverse=True)
    days = np.full(len(keys), NEVER, dtype=np.int32)
    np.minimum.at(days, first, past["day"])
    return Columns({**found.data, "recorded": days[places_of(found["id"], keys)]})
