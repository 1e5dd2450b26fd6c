"""A list as it was known at the end of a day: the versions that were the latest then.

A record's own values are those of its version. What hangs on it is shown as it is today, and filters and words that
read more than the record's own fields are not asked.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from qunxing.ledger.lists.search import search_words
from qunxing.ledger.lists.spec import Filter, ListSpec
from qunxing.ledger.models import Record
from qunxing.ledger.models.records import levels_of
from qunxing.ledger.versions import history_of

if TYPE_CHECKING:
    from qunxing.ledger.lists.page import Wish

# What versions call otherwise.
CALLED = {"pk": "history_id", "id": "history_id", "updated_at": "history_date", "created_at": "history_date"}


def asked_day(spec: ListSpec, text: str) -> date | None:
    """The day of knowledge in an address; None for what is no day, and for rows without versions."""
    if not issubclass(spec.model, Record):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def own_fields(model: type[Record]) -> set[str]:
    return {field.name for field in history_of(model).tracked_fields}


def filters_of(wish: "Wish") -> list[Filter]:
    """The filters that can be asked: of the past those that read the record's own fields."""
    if wish.known_at is None:
        return list(wish.spec.filters)
    known = own_fields(wish.spec.model)  # type: ignore[arg-type]
    return [item for item in wish.spec.filters if item.field in known]


def narrowed(wish: "Wish") -> QuerySet[Any]:
    """The versions that were the latest at the end of the day, of what the reader may see and asked for."""
    model: Any = wish.spec.model
    rows = latest(model, end_of(wish.known_at or timezone.localdate()))
    rows = rows.filter(open_to(wish, model))
    if wish.words and "search_key" in own_fields(model):
        rows = search_words(rows, wish.words)
    for item in filters_of(wish):
        if item.name in wish.chosen:
            rows = item.apply(rows, wish.chosen[item.name])
    return rows


def latest(model: type[Record], moment: datetime) -> QuerySet[Any]:
    """The version of each record that was its latest at the moment, unless it had been removed."""
    versions: QuerySet[Any] = history_of(model).objects.order_by()
    last = versions.filter(history_date__lte=moment).values("id").annotate(last=Max("history_id"))
    return versions.filter(history_id__in=last.values("last")).exclude(history_type="-")


def open_to(wish: "Wish", model: Any) -> Q:
    """Versions of what the reader may see today and could see then; who sees all gets what was removed since, too."""
    listed = Q(id__in=wish.spec.rows(wish.user).order_by().values("pk"))
    seen = model.objects.visible_to(wish.user)
    if not seen.query.where:
        return listed | ~Q(id__in=model.objects.order_by().values("pk"))
    own = model.objects.none().own_rows(wish.user) if wish.user.is_authenticated else Q()
    closed: Q = model.closed_versions(levels_of(wish.user))
    return listed & (~closed | Q(id__in=model.objects.filter(own).values("pk")) if own else ~closed)


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def order_of(spec: ListSpec, fields: Sequence[str]) -> list[str]:
    """The order as far as versions know the fields, unique at its end."""
    known = own_fields(spec.model) - {"id"}  # type: ignore[arg-type]
    found = []
    for field in fields:
        name, sign = field.lstrip("-"), "-" if field.startswith("-") else ""
        if name in known or name in CALLED:
            found.append(f"{sign}{CALLED.get(name, name)}")
    return found if found and found[-1].lstrip("-") == "history_id" else [*found, "history_id"]


def stored(spec: ListSpec, keys: Sequence[int]) -> list[Any]:
    """The records of the versions with these keys, in this order, with the values they had."""
    model: Any = spec.model
    versions: dict[int, Any] = history_of(model).objects.in_bulk(list(keys))
    rows = spec.fetch(model.objects.filter(pk__in=[version.id for version in versions.values()]))
    present = {row.pk: row for row in rows}
    gone = {version.id: version.instance for version in versions.values() if version.id not in present}
    complete(list(gone.values()), rows)
    every = present | gone
    return [as_it_was(every[versions[key].id], versions[key]) for key in keys if key in versions]


def complete(gone: list[Any], rows: QuerySet[Any]) -> None:
    """Give records that are no longer there what cells look for in a row; of the parts that hung on it none is left."""
    if gone:
        # No public name says what a queryset prefetches.
        lookups: Any = getattr(rows, "_prefetch_related_lookups", ())
        prefetch_related_objects(gone, *lookups)
    for record in gone:
        for name in rows.query.annotations:
            setattr(record, name, None)


def as_it_was(row: Any, version: Any) -> Any:
    """The row with the version's values."""
    for field in version.tracked_fields:
        if getattr(row, field.attname) != getattr(version, field.attname):
            setattr(row, field.attname, getattr(version, field.attname))
    row.updated_at = version.history_date
    return row
