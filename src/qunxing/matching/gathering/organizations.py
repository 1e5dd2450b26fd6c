"""Profiles of organisations: what they call themselves, make, show, filed and delivered.

Each table is read once, in the order of the organisations, and the rows are brought together as they stream by, so
that a hundred thousand organisations need as many queries as one, and no table is held in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet

from qunxing.directory.models import Organization, OrganizationName, Product, Role
from qunxing.ledger.models import Visibility
from qunxing.matching.engine import Profile
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.gathering.profiles import Built, sentences
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.models import Invitation
from qunxing.matching.states import State as InvitationState
from qunxing.registry.models import Filing, Ownership
from qunxing.registry.models.reach import at_present
from qunxing.registry.states import IN_FORCE

CHUNK = 2_000
SUPPLIERS = (Role.FIRM, Role.UNIVERSITY)


@dataclass(frozen=True, slots=True)
class Source:
    """A table to read beside the organisations: its rows, begun by the organisation's key, the reference second."""

    kind: str
    rows: Any


@dataclass(slots=True)
class Gathered:
    """One organisation with the rows that hang on it, by kind of record."""

    own: dict[str, Any]
    parts: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        return self.parts.get(kind, [])


def suppliers(levels: Sequence[Visibility] = COMMUNITY) -> QuerySet[Any]:
    """Organisations that may be asked to solve something."""
    asked = Q(roles="")
    for role in SUPPLIERS:
        asked |= Q(roles__has_code=role)
    rows: QuerySet[Any] = Organization.objects.filter(asked, visibility__in=levels)
    return rows


def gather(rows: QuerySet[Any], levels: Sequence[Visibility] = COMMUNITY) -> Iterator[Gathered]:
    """The organisations with what hangs on them, in the order of their keys; as many queries for many as for one."""
    columns = ("pk", "ref", "name", "short_name", "english_name", "description", "fields", "division")
    streams = {source.kind: Stream(source) for source in sources(rows, levels)}
    for own in rows.order_by("pk").values(*columns).iterator(chunk_size=CHUNK):
        yield Gathered(own, {kind: stream.up_to(own["pk"]) for kind, stream in streams.items()})


class Stream:
    """Rows in the order of their first column, handed out key by key."""

    def __init__(self, source: Source) -> None:
        rows = source.rows.iterator(chunk_size=CHUNK)
        self.groups = groupby(rows, key=itemgetter(0))
        self.key = -1
        self.rows: list[tuple[Any, ...]] = []

    def up_to(self, key: int) -> list[tuple[Any, ...]]:
        while self.key < key:
            found = next(self.groups, None)
            self.key, self.rows = (found[0], list(found[1])) if found else (1 << 62, [])
        return self.rows if self.key == key else []


def sources(rows: QuerySet[Any], levels: Sequence[Visibility]) -> Iterator[Source]:
    """The tables that are read, only rows open at these levels; `rows` are the organisations."""
    opened, inside = list(levels), {"organization__in": rows.order_by().values("pk")}
    names = OrganizationName.objects.filter(visibility__in=opened, **inside)
    yield Source("directory.organizationname", ordered(names, "text"))
    products = Product.objects.filter(visibility__in=opened, **inside)
    yield Source("directory.product", ordered(products, "name", "category", "description", "fields"))
    models = Ownership.objects.filter(at_present(), visibility__in=opened, model__visibility__in=opened, **inside)
    columns = ("model__name", "model__english_name", "model__description", "model__tasks")
    yield Source("registry.aimodel", ordered(models, *columns, ref="model__ref"))
    filings = Filing.objects.filter(state__in=IN_FORCE, **inside)
    filings = filings if Visibility.INTERNAL in opened else filings.filter(shown_to__in=opened)
    yield Source("registry.filing", ordered(filings, "name", "product", "purpose"))
    done = Invitation.objects.filter(state=InvitationState.DELIVERED, scenario__visibility__in=opened, **inside)
    done = done.filter(scenario__organization__visibility__in=opened)
    yield Source("scenarios.scenario", ordered(done, "scenario__title", "scenario__problem", ref="scenario__ref"))


def ordered(rows: Any, *columns: str, ref: str = "ref") -> Any:
    return rows.order_by("organization_id", "pk").values_list("organization_id", ref, *columns)


def organization_profiles(
    rows: QuerySet[Any], words: Vocabulary, levels: Sequence[Visibility] = COMMUNITY
) -> Iterator[Built]:
    for found in gather(rows, levels):
        yield Built(profile_of(found, words), basis_of(found))


def profile_of(found: Gathered, words: Vocabulary) -> Profile:
    own = found.own
    names = [row[2] for row in found.of("directory.organizationname")]
    products, models = found.of("directory.product"), found.of("registry.aimodel")
    codes = {
        *own["fields"],
        *(code for row in products for code in row[5]),
        *(code for row in models for code in row[5]),
    }
    called = [own["short_name"] or own["name"], *names]
    title = [*called, *(f"{row[2]} {row[3]}" for row in products), *(f"{row[2]} {row[3]}" for row in models)]
    text = [own["description"], *(row[4] for row in products), *(row[4] for row in models), words.say(sorted(codes))]
    history = [" ".join(row[2:]) for kind in ("registry.filing", "scenarios.scenario") for row in found.of(kind)]
    return Profile(own["ref"], sentences(*title), sentences(*text), sentences(*history), tuple(sorted(codes)))


def basis_of(found: Gathered) -> dict[str, tuple[str, ...]]:
    parts = {kind: tuple(row[1] for row in rows) for kind, rows in found.parts.items() if rows}
    return {"directory.organization": (found.own["ref"],), **parts}


# --- what answers best ----------------------------------------------------------------------------------------------

ANSWERS = {"registry.aimodel": "model", "directory.product": "product", "registry.filing": "filing"}


def answer_profiles(found: Gathered, words: Vocabulary) -> Iterator[Profile]:
    """Each product, model and filing of the organisation as a candidate of its own: its key is kind and reference."""
    for row in found.of("registry.aimodel"):
        yield Profile(
            f"registry.aimodel {row[1]}", sentences(row[2], row[3]), sentences(row[4], words.say(row[5])), codes=row[5]
        )
    for row in found.of("directory.product"):
        yield Profile(
            f"directory.product {row[1]}", sentences(row[2], row[3]), sentences(row[4], words.say(row[5])), codes=row[5]
        )
    for row in found.of("registry.filing"):
        yield Profile(f"registry.filing {row[1]}", sentences(row[2]), sentences(row[3], row[4]))
