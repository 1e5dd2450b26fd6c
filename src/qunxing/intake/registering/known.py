"""What the ledgers hold already of the names and numbers on a list, fetched in a few queries for the whole of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from qunxing.core.text import fold_name
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.official import ListRow
from qunxing.ledger.models import Evidence, Source
from qunxing.registry.models import AIModel, Coverage, Filing, Ownership
from qunxing.registry.numbers import fold_number

CHUNK = 5_000
T = TypeVar("T")


@dataclass
class Known:
    """Rows of the ledgers by the keys of the list. Several organisations under one key make it ambiguous."""

    organizations: dict[str, list[Organization]] = field(default_factory=lambda: defaultdict(list))
    by_entity_key: dict[str, list[Organization]] = field(default_factory=lambda: defaultdict(list))
    filings: dict[tuple[str, str], Filing] = field(default_factory=dict)
    models: dict[tuple[str, int], AIModel] = field(default_factory=dict)
    covered: set[tuple[int, int]] = field(default_factory=set)
    list_values: dict[tuple[str, int], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    cited: set[tuple[str, int, str]] = field(default_factory=set)


def chunks(items: Iterable[T]) -> Iterator[Sequence[T]]:
    found = list(items)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def read_known(rows: Sequence[ListRow], entity_keys: Iterable[str], source: Source | None) -> Known:
    """Everything the plan asks of the database."""
    known = Known()
    read_organizations(known, {fold_name(name)[:200] for row in rows for name in row.organizations})
    read_entity_keys(known, set(entity_keys) - {""})
    read_filings(known, {fold_number(row.number)[:80] for row in rows})
    read_models(known)
    read_evidence(known, source)
    return known


def read_organizations(known: Known, keys: set[str]) -> None:
    """By present name, and by any registered name of before."""
    for chunk in chunks(keys):
        for organization in Organization.objects.filter(name_key__in=chunk):
            known.organizations[organization.name_key].append(organization)
        earlier = OrganizationName.objects.filter(name_key__in=chunk, kind=OrganizationName.Kind.REGISTERED)
        for name in earlier.select_related("organization"):
            if name.organization not in known.organizations[name.name_key]:
                known.organizations[name.name_key].append(name.organization)


def read_entity_keys(known: Known, keys: set[str]) -> None:
    for chunk in chunks(keys):
        for organization in Organization.objects.filter(entity_key__in=chunk):
            known.by_entity_key[organization.entity_key].append(organization)


def read_filings(known: Known, keys: set[str]) -> None:
    for chunk in chunks(keys):
        for filing in Filing.objects.filter(number_key__in=chunk).select_related("organization"):
            known.filings[filing.kind, filing.number_key] = filing


def read_models(known: Known) -> None:
    """The models of the known organisations, and which filings cover them."""
    owners = {organization.pk for found in known.organizations.values() for organization in found}
    for chunk in chunks(owners):
        for ownership in Ownership.objects.filter(organization__in=chunk).select_related("model"):
            known.models.setdefault((ownership.model.name_key, ownership.organization_id), ownership.model)
    for chunk in chunks(filing.pk for filing in known.filings.values()):
        known.covered.update(Coverage.objects.filter(filing__in=chunk).values_list("filing_id", "model_id"))


def read_evidence(known: Known, source: Source | None) -> None:
    """What lists have said of the known filings, and which of it this very source said."""
    code = Filing.kind_code()
    for chunk in chunks(filing.pk for filing in known.filings.values()):
        rows = Evidence.objects.filter(record_kind=code, record_id__in=chunk, source__kind=Source.Kind.LIST)
        for evidence in rows.only("record_id", "values", "place", "source_id"):
            known.list_values[code, evidence.record_id].append(evidence.values)
            if source is not None and evidence.source_id == source.pk:
                known.cited.add((code, evidence.record_id, evidence.place))
