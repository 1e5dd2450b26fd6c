"""What the ledgers hold already of the names and numbers on a list, fetched in a few queries for the whole of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q

from qunxing.core.text import fold_name
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.models import Batch, Proposal
from qunxing.intake.official import ListRow
from qunxing.ledger.models import Evidence, Source
from qunxing.registry.models import AIModel, Filing, Ownership
from qunxing.registry.models.reach import at_present
from qunxing.registry.numbers import fold_number
from qunxing.registry.states import PENDING

CHUNK = 5_000
T = TypeVar("T")
Said = tuple[date, Any]
Undone = tuple[int, Any, Any]  # a source, and from when until when what it said held


def name_key(name: str) -> str:
    """The key under which the directory finds a name."""
    return fold_name(name)[:200]


def number_key(number: str) -> str:
    return fold_number(number)[:80]


@dataclass
class Known:
    """Rows of the ledgers by the keys of the list.

    `organizations` gives several under one name where it is ambiguous; `said` holds, for a filing and a field, the
    day and the value of the newest list that spoke of it; `one_entity` are pairs of organisations known to be one.
    """

    organizations: dict[str, list[Organization]] = field(default_factory=lambda: defaultdict(list))
    by_entity_key: dict[str, list[Organization]] = field(default_factory=lambda: defaultdict(list))
    filings: dict[str, list[Filing]] = field(default_factory=lambda: defaultdict(list))
    pending: dict[tuple[str, str, int], Filing] = field(default_factory=dict)
    models: dict[tuple[str, int], AIModel] = field(default_factory=dict)
    owned: set[tuple[int, int]] = field(default_factory=set)
    said: dict[int, dict[str, Said]] = field(default_factory=lambda: defaultdict(dict))
    cited: set[tuple[int, str]] = field(default_factory=set)
    one_entity: set[frozenset[int | None]] = field(default_factory=set)
    proposed: set[frozenset[str]] = field(default_factory=set)

    def under(self, name: str) -> Sequence[Organization]:
        return self.organizations.get(name_key(name), ())

    def is_one(self, one: Organization, other: Organization) -> bool:
        """Whether both are the same record, or one is linked as the former self of the other."""
        keys = frozenset((key_of(one), key_of(other)))
        return one is other or (None not in keys and len(keys) == 1) or keys in self.one_entity


def key_of(organization: Organization) -> int | None:
    """Its key; None for one that the plan only means to make."""
    return organization.pk


def chunks(items: Iterable[T]) -> Iterator[Sequence[T]]:
    found = list(items)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def read_known(rows: Sequence[ListRow], entity_keys: Iterable[str], source: Source | None) -> Known:
    """Everything the plan asks of the database."""
    known = Known()
    read_organizations(known, {name_key(name) for row in rows for name in named(row)})
    read_entity_keys(known, set(entity_keys) - {""})
    read_filings(known, {number_key(row.number) for row in rows})
    organizations = {one.pk for found in known.organizations.values() for one in found}
    read_pending(known, organizations)
    read_models(known, organizations)
    read_former_selves(known, organizations)
    read_evidence(known, source)
    known.proposed = {frozenset(pair) for pair in Proposal.objects.values_list("old_key", "new_key")}
    return known


def named(row: ListRow) -> Iterator[str]:
    """Every organisation that a row names, those of its remark included."""
    yield from row.organizations
    for pair in row.renames:
        yield from filter(None, pair)


def read_organizations(known: Known, keys: set[str]) -> None:
    """By present name; where nobody bears a name today, by the registered name of before."""
    for chunk in chunks(keys):
        for organization in Organization.objects.filter(name_key__in=chunk).order_by("pk"):
            known.organizations[organization.name_key].append(organization)
    borne = set(known.organizations)
    for chunk in chunks(keys - borne):
        earlier = OrganizationName.objects.filter(name_key__in=chunk, kind=OrganizationName.Kind.REGISTERED)
        for name in earlier.select_related("organization").order_by("pk"):
            if all(name.organization_id != one.pk for one in known.organizations[name.name_key]):
                known.organizations[name.name_key].append(name.organization)


def read_entity_keys(known: Known, keys: set[str]) -> None:
    for chunk in chunks(keys):
        for organization in Organization.objects.filter(entity_key__in=chunk).order_by("pk"):
            known.by_entity_key[organization.entity_key].append(organization)


def read_filings(known: Known, keys: set[str]) -> None:
    for chunk in chunks(keys):
        for filing in Filing.objects.filter(number_key__in=chunk).select_related("organization"):
            known.filings[filing.number_key].append(filing)


def read_pending(known: Known, organizations: set[int]) -> None:
    """Filings that somebody follows and that have no number yet: the list may tell of their grant."""
    waiting = Filing.objects.filter(number_key="", state__in=PENDING).select_related("organization")
    for chunk in chunks(organizations):
        for filing in waiting.filter(organization__in=chunk).order_by("pk"):
            known.pending.setdefault((filing.kind, filing.name_key, filing.organization_id), filing)


def read_models(known: Known, organizations: set[int]) -> None:
    """The models of the known organisations, and whose they are today."""
    for chunk in chunks(organizations):
        owned = Ownership.objects.filter(at_present(), organization__in=chunk).select_related("model")
        for ownership in owned.order_by("pk"):
            known.models.setdefault((ownership.model.name_key, ownership.organization_id), ownership.model)
            known.owned.add((ownership.model_id, ownership.organization_id))


def read_former_selves(known: Known, organizations: set[int]) -> None:
    for chunk in chunks(organizations):
        links = Link.objects.filter(Q(from_organization__in=chunk) | Q(to_organization__in=chunk))
        pairs = links.filter(kind=Link.Kind.FORMER).values_list("from_organization_id", "to_organization_id")
        known.one_entity.update(map(frozenset, pairs))


def read_evidence(known: Known, source: Source | None) -> None:
    """What lists have said of the known filings, the newest list last, and what of it this very source said.

    What was taken over and undone again counts as never said: the same list may say it once more.
    """
    code = Filing.kind_code()
    for chunk in chunks(filing.pk for found in known.filings.values() for filing in found):
        rows = Evidence.objects.filter(record_kind=code, record_id__in=chunk, source__kind=Source.Kind.LIST)
        ordered = rows.order_by("source__day", "pk")
        undone = undone_words(chunk)
        for key, values, place, source_pk, at, day in ordered.values_list(
            "record_id", "values", "place", "source_id", "recorded_at", "source__day"
        ):
            if any(source_pk == list_pk and since <= at < until for list_pk, since, until in undone.get(key, ())):
                continue
            known.said[key].update((name, (day, value)) for name, value in values.items())
            if source is not None and source_pk == source.pk:
                known.cited.add((key, place))


def undone_words(keys: Sequence[int]) -> dict[int, list[Undone]]:
    """What lists wrote of these filings and somebody has undone, by filing."""
    undoings = Batch.objects.filter(kind=Batch.Kind.UNDO, undoes__kind=Batch.Kind.LIST, undone_by=None)
    told = undoings.values_list("recorded_at", "undoes__source_id", "undoes__recorded_at")
    lists = {until: (source_pk, since, until) for until, source_pk, since in told}
    found: dict[int, list[Undone]] = defaultdict(list)
    if lists:
        versions = Filing.history.filter(id__in=keys, history_date__in=list(lists))
        for key, until in versions.values_list("id", "history_date").order_by():
            found[key].append(lists[until])
    return found
