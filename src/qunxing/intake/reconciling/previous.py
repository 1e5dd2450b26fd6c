"""What the list of the same series before this one said, filing by filing, and what this one names no longer."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from qunxing.intake.official import OfficialList
from qunxing.intake.registering import Plan
from qunxing.intake.registering.known import number_key
from qunxing.ledger.models import Evidence, Source
from qunxing.registry.models import Filing
from qunxing.registry.states import IN_FORCE

LEAST_SHARED = 0.5  # a list with less than that of the last one's filings adds to it and does not replace it
FIELDS = ("pk", "ref", "name", "number", "number_key", "kind", "region", "state", "organization", "organization__name")


@dataclass(frozen=True, slots=True)
class Gone:
    """A filing in force that the last list named and this one does not; `place` is where it stood there."""

    pk: int
    ref: str
    name: str
    number: str
    state: str
    organization: str
    organization_pk: int
    place: str


@dataclass
class Last:
    """The list before; `said` is {filing: what it said of it}, `places` {filing: where}.

    `stood` are its filings that a list like this one could name, `shared` those of them that it does name.
    """

    source: Source | None = None
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    stood: int = 0
    shared: int = 0
    gone: list[Gone] = field(default_factory=list)

    @property
    def is_followed(self) -> bool:
        """Whether this list replaces the last one, so that what it leaves out has vanished."""
        return self.stood > 0 and self.shared >= LEAST_SHARED * self.stood


def last_source(kinds: set[str], *, series: str, day: date, digest: str) -> Source | None:
    """The newest earlier list of the series that named filings of these kinds; another file of the day counts."""
    named = Evidence.objects.filter(
        source=OuterRef("pk"),
        record_kind=Filing.kind_code(),
        record_id__in=Filing.objects.filter(kind__in=kinds).values("pk"),
    )
    earlier = Source.objects.filter(kind=Source.Kind.LIST, series=series, day__lte=day).exclude(digest=digest)
    found: Source | None = earlier.filter(Exists(named)).order_by("-day", "-pk").first()
    return found


def read_last(found: OfficialList, plan: Plan, *, series: str, day: date, digest: str) -> Last:
    """In three queries, however long the lists are."""
    reach = reach_of(plan)
    source = last_source(set(reach), series=series, day=day, digest=digest) if reach else None
    last = Last(source)
    if source is not None:
        read_said(last, source)
        compare(last, reach, named_by(found, plan), source)
    return last


def reach_of(plan: Plan) -> dict[str, set[str]]:
    """{kind: regions} of the list; of a list that keeps to one region nothing elsewhere is missed."""
    reach: dict[str, set[str]] = defaultdict(set)
    for row in plan.rows:
        reach[row.row.kind.value].add(row.values.get("region", "") if row.values else "")
    return dict(reach)


def read_said(last: Last, source: Source) -> None:
    """Evidence without the number was written by a decision about the filing, not read off the list."""
    rows = Evidence.objects.filter(source=source, record_kind=Filing.kind_code()).order_by("pk")
    for key, values, place in rows.values_list("record_id", "values", "place"):
        if "number" in values:
            last.said[key], last.places[key] = values, place


def named_by(found: OfficialList, plan: Plan) -> tuple[set[int], set[str]]:
    """(filings, numbers) that this list names, be it in a row that goes to staff."""
    numbers = {number_key(number) for number in numbers_of(found) if number}
    return {row.filing.pk for row in plan.rows if row.filing is not None and row.filing.pk}, numbers


def numbers_of(found: OfficialList) -> list[str]:
    return [*(row.number for row in found.rows), *(row.number for row in found.rejected)]


def compare(last: Last, reach: dict[str, set[str]], named: tuple[set[int], set[str]], source: Source) -> None:
    keys, numbers = named
    cited = Evidence.objects.filter(source=source, record_kind=Filing.kind_code()).values("record_id")
    stored = Filing.objects.filter(pk__in=cited, kind__in=list(reach), state__in=IN_FORCE)
    for filing in stored.select_related("organization").only(*FIELDS).order_by("organization__name_key", "pk"):
        regions = reach[filing.kind]
        if filing.pk not in last.said or (len(regions) == 1 and filing.region not in regions):
            continue
        last.stood += 1
        if filing.pk in keys or filing.number_key in numbers:
            last.shared += 1
        else:
            last.gone.append(gone_of(filing, last.places[filing.pk]))


def gone_of(filing: Filing, place: str) -> Gone:
    return Gone(
        filing.pk, filing.ref, filing.name, filing.number, filing.state,
        filing.organization.name, filing.organization_id, place,
    )  # fmt: skip
