"""The organisations that have, or had, a residency with a community, and by what a list may name them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from qunxing.core.regions import division_name
from qunxing.core.text import fold
from qunxing.directory.models import Community, Link, Organization, OrganizationName, Residency, Scope
from qunxing.directory.queries import resident_on
from qunxing.intake.registering.known import name_key

SHORTEST_ADDRESS = 4  # a shorter one tells nothing


@dataclass(frozen=True, slots=True)
class OurFirm:
    """An organisation with a residency; `here` when it was in a community's space on the day."""

    pk: int
    ref: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A community by what tells that a firm is near: its division, that division's name, its address folded."""

    name: str
    division: str
    district: str
    address: str


@dataclass
class Ours:
    """Our firms by key, by the names they bear or bore as registered, by other names, and by entity key."""

    firms: dict[int, OurFirm] = field(default_factory=dict)
    selves: dict[int, int] = field(default_factory=dict)  # a former or later self of one of them
    by_name: dict[str, int] = field(default_factory=dict)
    by_other_name: dict[str, int] = field(default_factory=dict)
    by_entity_key: dict[str, int] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)

    def firm(self, organization: Any) -> OurFirm | None:
        """The firm of ours that the stored organisation is; None for one that is not stored, or a mere name."""
        key = getattr(organization, "pk", None)
        return None if key is None else self.firms.get(self.selves.get(key, key))

    def named(self, name: str) -> OurFirm | None:
        key = self.by_name.get(name_key(name))
        return None if key is None else self.firms[key]

    def among(self, organizations: Iterable[Any], names: Iterable[str]) -> list[OurFirm]:
        """Each firm of ours that is among the stored organisations and the names, once."""
        found = [self.firm(one) for one in organizations] + [self.named(name) for name in names]
        return list({firm.pk: firm for firm in found if firm is not None}.values())


def read_ours(day: date) -> Ours:
    """In four queries, however many they are."""
    ours = Ours(homes=[home_of(one) for one in Community.objects.order_by("pk")])
    read_stays(ours, day)
    read_names(ours)
    read_selves(ours)
    return ours


def home_of(community: Community) -> Home:
    division = community.division
    district = str(division_name(division, chinese=True)) if len(division) == 6 else ""
    return Home(community.name, division, "" if district == division else district, fold(community.address))


def read_stays(ours: Ours, day: date) -> None:
    """A stay that ended on a day not known is none of that day."""
    here = resident_on(day) & Q(scope__code=Scope.Code.SPACE)
    here &= Q(stage=Residency.Stage.RESIDENT) | Q(left_on__isnull=False)
    stays = Residency.objects.annotate(here=ExpressionWrapper(here, output_field=BooleanField()))
    for stay in stays.select_related("organization").order_by("here", "pk"):
        organization: Organization = stay.organization
        ours.firms[organization.pk] = OurFirm(organization.pk, organization.ref, organization.name, stay.here)
        ours.by_name[organization.name_key] = organization.pk
        if organization.entity_key:
            ours.by_entity_key[organization.entity_key] = organization.pk
        for name in filter(None, (organization.short_name, organization.english_name)):
            ours.by_other_name[name_key(name)] = organization.pk


def read_names(ours: Ours) -> None:
    """A name that a firm bears today is its own, whoever bore it before."""
    registered = OrganizationName.Kind.REGISTERED
    stored = OrganizationName.objects.filter(organization__in=Residency.objects.values("organization"))
    for key, kind, organization in stored.order_by("pk").values_list("name_key", "kind", "organization"):
        (ours.by_name if kind == registered else ours.by_other_name).setdefault(key, organization)


def read_selves(ours: Ours) -> None:
    residents = Residency.objects.values("organization")
    links = Link.objects.filter(kind=Link.Kind.FORMER)
    near = links.filter(Q(from_organization__in=residents) | Q(to_organization__in=residents))
    for one, other in near.values_list("from_organization", "to_organization"):
        for self_, ours_ in ((one, other), (other, one)):
            if ours_ in ours.firms and self_ not in ours.firms:
                ours.selves[self_] = ours_


def homes_near(ours: Ours, *, divisions: set[str], texts: Iterable[str]) -> Iterator[tuple[Home, bool]]:
    """(community, whether by its address): those whose division or address the firm carries."""
    folded = [fold(text) for text in texts if text]
    for home in ours.homes:
        if len(home.address) >= SHORTEST_ADDRESS and any(home.address in text for text in folded):
            yield home, True
        elif home.division and (
            home.division in divisions or (home.district and any(home.district in text for text in folded))
        ):
            yield home, False
