"""Which documents are stale after which records have changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from qunxing.core.specs import DocumentSpec
from qunxing.directory.models import TechnicalField
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Record
from qunxing.ledger.versions import history_of
from qunxing.search.gathering import specs

Changed = Mapping[str, Iterable[str]]


@dataclass
class Stale:
    """Of one kind: the references whose documents go, and the keys of the records that are read again."""

    refs: set[str] = field(default_factory=set)
    keys: set[int] = field(default_factory=set)


def stale_documents(changed: Changed) -> dict[str, Stale]:
    """{kind of document: what is stale of it} after the records {kind of record: references} have changed."""
    touched = touched_records(changed)
    found: dict[str, Stale] = {}
    for spec in specs():
        stale = Stale(refs=set(changed.get(spec.model.kind_code(), ())))
        condition = stale_condition(spec, touched, stale.refs)
        if condition:
            rows = spec.model._default_manager.filter(condition).order_by().values_list("pk", "ref").distinct()
            for key, ref in rows:
                stale.keys.add(key)
                stale.refs.add(ref)
        if stale.refs:
            found[spec.code] = stale
    return found


def stale_condition(spec: DocumentSpec, touched: Mapping[str, set[int]], refs: Iterable[str]) -> Q:
    kind = spec.model.kind_code()
    condition = Q(ref__in=list(refs)) if refs else Q()
    if touched.get(kind):
        condition |= Q(pk__in=list(touched[kind]))
    for other, rows in spec.hangs_on.items():
        if touched.get(other):
            condition |= rows(list(touched[other]))
    fields = touched.get(TechnicalField.kind_code())
    return condition | carrying(spec, fields) if fields else condition


def carrying(spec: DocumentSpec, fields: Iterable[int]) -> Q:
    """Records with one of these technical fields, by whose names they are found."""
    condition = Q()
    if any(column.name == "fields" for column in spec.model._meta.get_fields()):
        for code in TechnicalField.objects.filter(pk__in=list(fields)).values_list("code", flat=True):
            condition |= Q(fields__has_code=code)
    return condition


def touched_records(changed: Changed) -> dict[str, set[int]]:
    """{kind: keys} of the records that changed and of those whose parts did, removed ones among them."""
    touched: dict[str, set[int]] = defaultdict(set)
    for code, refs in changed.items():
        kind = record_kinds().get(code)
        if kind is not None:
            touch(kind, Q(ref__in=list(refs)), touched)
    return touched


def touch(kind: type[Record], versions: Q, touched: dict[str, set[int]]) -> None:
    """Take up the records of these versions, and all they ever hung on: a part may have moved, or be gone."""
    history: Any = history_of(kind).objects.filter(versions).order_by()
    touched[kind.kind_code()] |= set(history.values_list("id", flat=True).distinct())
    if not kind.PARENT:
        return
    parent: Any = kind._meta.get_field(kind.PARENT)
    keys = set(history.values_list(parent.attname, flat=True).distinct()) - {None}
    if keys:
        touch(parent.related_model, Q(id__in=keys), touched)
