"""Which models and filings a reader reaches, as conditions that rows hanging on them can ask through a path."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Visibility
from qunxing.ledger.models.records import SEES_ALL
from qunxing.registry.states import PUBLISHED

Open = Callable[[Sequence[Visibility], str], Q]
Own = Callable[[Any, str], Q]


def reached(user: Any, opened: Open, own: Own, path: str) -> Q:
    """The condition under which this reader sees the row at the end of the path."""
    kind = getattr(user, "kind", None)
    if kind in SEES_ALL:
        return Q()
    if kind is None:
        return opened([Visibility.PUBLIC], path)
    return opened([Visibility.PUBLIC, Visibility.COMMUNITY], path) | own(user, path)


def closed_organizations(levels: Sequence[Visibility]) -> QuerySet[Organization]:
    """Organisations that a reader of these levels must not know of: few, so that they are cheap to leave out."""
    others = [level for level in Visibility.values if level not in levels]
    rows: QuerySet[Organization] = Organization.objects.filter(visibility__in=others).values("pk")
    return rows


def open_organizations(levels: Sequence[Visibility], path: str = "") -> Q:
    return Q(**{f"{path}visibility__in": levels})


def own_organizations(user: Any, path: str = "") -> Q:
    return Q(**{f"{path}pk__in": member_organizations(user)})


def open_filings(levels: Sequence[Visibility], path: str = "") -> Q:
    """Published by the authority and not held back here, of an organisation that is itself open."""
    seen = Q(**{f"{path}visibility__in": levels, f"{path}state__in": PUBLISHED})
    return seen & ~Q(**{f"{path}organization__in": closed_organizations(levels)})


def own_filings(user: Any, path: str = "") -> Q:
    return Q(**{f"{path}organization__in": member_organizations(user)})


def open_models(levels: Sequence[Visibility], path: str = "") -> Q:
    return Q(**{f"{path}visibility__in": levels})


def own_models(user: Any, path: str = "") -> Q:
    """Models that one of the user's organisations owns at present."""
    ownerships = apps.get_model("registry", "Ownership")._default_manager
    owned = ownerships.filter(at_present(), organization__in=member_organizations(user))
    return Q(**{f"{path}pk__in": owned.values("model_id")})


def at_present() -> Q:
    """Ownerships that have not ended: who gave a model away no longer sees what is kept from others."""
    return Q(to_day__isnull=True) | Q(to_day__gte=timezone.localdate())
