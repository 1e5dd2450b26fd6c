"""Reads that every record shares: its timeline, its evidence, itself as it was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.errors import Text
from qunxing.core.fields import CodesField
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Evidence, Record, Source, Visibility
from qunxing.ledger.models.records import SEES_ALL, levels_of
from qunxing.ledger.reasons import bare

TIMELINE_LENGTH = 20
EVIDENCE_LENGTH = 5
VALUES_SHOWN = 8
# Smaller numbers may be years.
LARGE = 10_000


@dataclass(frozen=True)
class FieldChange:
    label: Text
    before: str
    after: str


@dataclass(frozen=True)
class TimelineItem:
    """One version, as a reader sees it."""

    at: datetime
    verb: str
    what: Text
    author: str
    reason: str
    source: Source | None
    changes: list[FieldChange] = field(default_factory=list)


def opened_at(record: Record, *, user: Any) -> datetime | None:
    """The moment from which on the reader may know the record's past; None when all of it.

    What was kept while a record was closed to others stays closed to them after it has been opened.
    """
    kind = type(record)
    if getattr(user, "kind", None) in SEES_ALL:
        return None
    versions: Any = kind.history.filter(id=record.pk)
    closed = versions.filter(kind.closed_versions(levels_of(user))).order_by("-history_id").first()
    if closed is None or is_own(record, user):
        return None
    moments = versions.filter(history_id__gt=closed.history_id).order_by("history_id")
    moment: datetime | None = moments.values_list("history_date", flat=True).first()
    return moment or timezone.now()


def is_own(record: Record, user: Any) -> bool:
    """Whether the user sees the record because it is theirs."""
    own = type(record).objects.none().own_rows(user) if user.is_authenticated else models.Q()
    return bool(own) and type(record).objects.filter(own, pk=record.pk).exists()


def timeline(
    record: Record, *, user: Any, limit: int = TIMELINE_LENGTH, since: datetime | None = None
) -> list[TimelineItem]:
    """The newest versions of the record and of the parts the user may see, newest first; one query for each kind."""
    versions: list[tuple[Any, type[Record]]] = []
    for kind, condition in timeline_kinds(record, user):
        if since is not None:
            condition["history_date__gte"] = since
        found = kind.history.filter(**condition).select_related("source", "history_user")
        versions += [(version, kind) for version in found.order_by("-history_id")[:limit]]
    versions = sorted(versions, key=lambda pair: (pair[0].history_date, pair[0].history_id), reverse=True)[:limit]
    earlier = earlier_versions(versions, since=since)
    teller = Teller(user)
    return [teller.item(version, kind, earlier.get(id(version))) for version, kind in versions]


def timeline_kinds(record: Record, user: Any) -> Iterable[tuple[type[Record], dict[str, Any]]]:
    """(kind, filter on its versions) for the record itself and each of its parts; removed parts are for oversight."""
    yield type(record), {"id": record.pk}
    for name in record.TIMELINE_PARTS:
        relation: Any = record._meta.get_field(name)
        condition: dict[str, Any] = {f"{relation.field.name}_id": record.pk}
        if user.kind not in SEES_ALL:
            shown = relation.related_model._default_manager.visible_to(user).filter(**condition)
            condition["id__in"] = shown.values("pk")
        yield relation.related_model, condition


def earlier_versions(versions: Sequence[tuple[Any, type[Record]]], *, since: datetime | None = None) -> dict[int, Any]:
    """{identity of a version: the version before it}; one query for each kind of which some are not among these."""
    found = {(kind, version.id, version.revision): version for version, kind in versions}
    wanted: dict[type[Record], models.Q] = defaultdict(models.Q)
    for version, kind in versions:
        if version.history_type == "~" and (kind, version.id, version.revision - 1) not in found:
            wanted[kind] |= models.Q(id=version.id, revision=version.revision - 1)
    open_ones = models.Q(history_date__gte=since) if since is not None else models.Q()
    for kind, condition in wanted.items():
        found |= {
            (kind, version.id, version.revision): version for version in kind.history.filter(condition & open_ones)
        }
    pairs = ((version, found.get((kind, version.id, version.revision - 1))) for version, kind in versions)
    return {id(version): before for version, before in pairs if before is not None}


class Teller:
    """Tells one reader of versions; what is the same for many of them is found out once."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.sees_authors = user.has_perm("ledger.see_authors")
        self.verbs = {"+": _("added"), "~": _("changed"), "-": _("removed")}
        self.words = Words()

    def item(self, version: Any, kind: type[Record], before: Any) -> TimelineItem:
        return TimelineItem(
            at=version.history_date,
            verb=self.verbs[version.history_type],
            what=kind._meta.verbose_name or "",
            author=str(version.history_user) if self.sees_authors and version.history_user else "",
            reason=version.history_change_reason or "",
            source=version.source if may_name(version.source, self.user) else None,
            changes=changes_between(before, version, kind, self.words) if version.history_type != "-" else [],
        )


def may_name(source: Source | None, user: Any) -> bool:
    """Whether a signed-in user may be told of the source."""
    return source is not None and bool(user.kind in SEES_ALL or source.visibility != Visibility.INTERNAL)


class Words:
    """The names of codes in the reader's language; each vocabulary is asked for once."""

    def __init__(self) -> None:
        self.known: dict[Any, Mapping[str, Any]] = {}

    def tell(self, model_field: Any, codes: Iterable[Any]) -> str:
        if model_field not in self.known:
            self.known[model_field] = model_field.labels() if isinstance(model_field, CodesField) else {}
        labels = self.known[model_field]
        return pgettext("between the items of a list", ", ").join(str(labels.get(code, code)).strip() for code in codes)


def changes_between(before: Any, after: Any, kind: type[Record], words: Words) -> list[FieldChange]:
    """What differs, for a reader; for a first version everything that is filled in."""
    found = []
    for model_field in readable_fields(kind):
        name = model_field.attname
        if before is not None and getattr(before, name) == getattr(after, name):
            continue
        old = shown_value(before, model_field, words) if before is not None else ""
        new = shown_value(after, model_field, words)
        if old != new:
            found.append(FieldChange(model_field.verbose_name, old, new))
    return found


@cache
def readable_fields(kind: type[Record]) -> tuple[Any, ...]:
    """The fields of a version that say something to a reader."""
    hidden = kind.BOOKKEEPING | {kind.PARENT}
    # Asking for `history` makes a class each time: once a kind is enough.
    tracked = kind.history.model.tracked_fields
    return tuple(model_field for model_field in tracked if model_field.name not in hidden)


def shown_value(row: Any, model_field: Any, words: Words | None = None) -> str:
    """The value as text; a related record by name only where it costs no query, else by its number."""
    return value_text(model_field, getattr(row, model_field.attname), words or Words())


def value_text(model_field: Any, value: Any, words: Words) -> str:
    if value in (None, "", ()):
        return ""
    if model_field.choices:
        return str(dict(model_field.flatchoices).get(value, value))
    if isinstance(value, tuple | list):
        return words.tell(model_field, value)
    return plain_text(value)


def plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return f"{value:,}" if isinstance(value, int) and abs(value) >= LARGE else str(value)


@dataclass(frozen=True)
class FieldEvidence:
    """All that sources say of one field; `agrees` marks those whose value the record holds."""

    name: str
    label: Text
    current: str
    rows: list[tuple[Evidence, str, bool]]

    @property
    def newest(self) -> list[tuple[Evidence, str, bool]]:
        """What a reader needs to judge the field: the newest rows, and the newest of every other value."""
        found = []
        values: set[str] = set()
        for place, row in enumerate(self.rows):
            if place < EVIDENCE_LENGTH or (row[1] not in values and len(values) < VALUES_SHOWN):
                found.append(row)
            values.add(row[1])
        return found

    @property
    def disputed(self) -> bool:
        return any(not agrees for _evidence, _value, agrees in self.rows)


def evidence_by_field(record: Record, *, user: Any) -> list[FieldEvidence]:
    """The record's evidence, field by field in the model's order; sources the reader may not see are left out."""
    rows = Evidence.objects.filter(record_kind=record.kind_code(), record_id=record.pk)
    rows = rows.filter(source__in=Source.objects.visible_to(user)).select_related("source", "recorded_by")
    words = Words()
    fields = readable_fields(type(record))
    names = {model_field.name for model_field in fields}
    found: dict[str, list[tuple[Evidence, str, bool]]] = defaultdict(list)
    for evidence in rows:
        for name in names & evidence.values.keys():
            value = evidence.values[name]
            found[name].append((evidence, evidence_text(record, name, value, user, words), holds(record, name, value)))
    return [
        FieldEvidence(
            model_field.name, model_field.verbose_name, shown_value(record, model_field, words), found[model_field.name]
        )
        for model_field in fields
        if model_field.name in found
    ]


def holds(record: Record, name: str, value: Any) -> bool:
    """Whether the record's field holds what the evidence says."""
    model_field: Any = record._meta.get_field(name)
    if model_field.is_relation:
        related = getattr(record, name)
        return bool(getattr(related, "ref", None) == value)
    current = getattr(record, model_field.attname)
    try:
        return bool(model_field.get_prep_value(model_field.to_python(value)) == model_field.get_prep_value(current))
    except (TypeError, ValueError, ValidationError):
        return False


def evidence_text(record: Record, name: str, value: Any, user: Any, words: Words) -> str:
    model_field: Any = record._meta.get_field(name)
    if model_field.is_relation:
        return related_text(record, model_field, value, user)
    return value_text(model_field, value, words)


def related_text(record: Record, model_field: Any, value: Any, user: Any) -> str:
    """The record that the reference names, if the reader may see it; a name that is no record's stands for itself."""
    related = getattr(record, model_field.name)
    if getattr(related, "ref", None) != value:
        related = model_field.related_model._default_manager.visible_to(user).filter(ref=value).first()
    return str(related or value)


def as_of(record: Record, moment: datetime) -> Record | None:
    """The record as it was known at that moment; None when it was not there."""
    try:
        found: Record = record.history.as_of(moment)
    except type(record).DoesNotExist:
        return None
    return found


def at_revision(record: Record, revision: int) -> Any:
    """The version with that revision, or None."""
    return record.history.filter(revision=revision).order_by("history_id").first()


@dataclass(frozen=True)
class Fact:
    """A field of a record for its page; `note` names the source whose value the record holds, and its day."""

    label: Text
    value: Any
    note: str = ""
    url: str = ""
    wide: bool = False


def facts(record: Record, names: Sequence[str], evidence: Sequence[FieldEvidence], **shown: Any) -> list[Fact]:
    """The named fields in this order; `shown` gives the text of a field that is more than its stored value."""
    notes = {item.name: source_note(item) for item in evidence}
    found = []
    for name in names:
        field: Any = record._meta.get_field(name)
        value = shown[name] if name in shown else shown_value(record, field)
        url = value if isinstance(field, models.URLField) else ""
        found.append(Fact(field.verbose_name, value, notes.get(name, ""), url, isinstance(field, models.TextField)))
    return found


def source_note(item: FieldEvidence) -> str:
    """The newest source that agrees with the record, with its day; empty when none does."""
    agreeing = [evidence.source for evidence, _value, agrees in item.rows if agrees]
    newest = max(agreeing, key=lambda source: source.day, default=None)
    return f"{newest.title} · {newest.day.isoformat()}" if newest is not None else ""


def visible_or_404(rows: Any, user: Any, ref: str) -> Any:
    """The row of a record's manager or queryset with that reference, if the user may see it."""
    return get_object_or_404(rows.visible_to(user), ref=bare(ref))


def cited_records(source: Source, *, user: Any, limit: int = 50) -> tuple[list[tuple[Evidence, Record]], int]:
    """(evidence, record) of what rests on the source as far as the user may see it, and how many there are in all.

    One query for each kind of record that the source speaks of.
    """
    by_kind: dict[str, list[Evidence]] = defaultdict(list)
    for evidence in Evidence.objects.filter(source=source).order_by("record_kind", "pk")[: limit * 4]:
        by_kind[evidence.record_kind].append(evidence)
    found = []
    for code, rows in by_kind.items():
        kind = record_kinds().get(code)
        if kind is None:
            continue
        seen = kind.objects.visible_to(user).in_bulk([row.record_id for row in rows])
        found += [(row, seen[row.record_id]) for row in rows if row.record_id in seen]
    return found[:limit], cited_total(source, user=user)


def cited_total(source: Source, *, user: Any) -> int:
    """How many pieces of evidence the user may see of the source."""
    rows = Evidence.objects.filter(source=source)
    codes = rows.order_by().values_list("record_kind", flat=True).distinct()
    kinds = {code: record_kinds()[code] for code in codes if code in record_kinds()}
    return sum(
        rows.filter(record_kind=code, record_id__in=kind.objects.visible_to(user).values("pk")).count()
        for code, kind in kinds.items()
    )
