"""Which models and filings a reader reaches, as conditions that rows hanging on them can ask through a path."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from qunxing.directory.models import member_organizations
from qunxing.ledger.models import Visibility
from qunxing.ledger.models.records import SEES_ALL

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


def open_organizations(levels: Sequence[Visibility], path: str = "") -> Q:
    return Q(**{f"{path}visibility__in": levels})


def own_organizations(user: Any, path: str = "") -> Q:
    return Q(**{f"{path}pk__in": member_organizations(user)})


def open_filings(levels: Sequence[Visibility], path: str = "") -> Q:
    return Q(**{f"{path}shown_to__in": levels})


def own_filings(user: Any, path: str = "") -> Q:
    return Q(**{f"{path}organization__in": member_organizations(user)})


def open_models(levels: Sequence[Visibility], path: str = "") -> Q:
    return Q(**{f"{path}visibility__in": levels})


def own_models(user: Any, path: str = "") -> Q:
    """Models that one of the user's organisations owns at present."""
    ownerships = apps.get_model("registry", "Ownership")._default_manager
    owned = ownerships.filter(at_present(), organization__in=member_organizations(user))
    return Q(**{f"{path}pk__in": owned.values("model_id")})


def strictest(*levels: str) -> Visibility:
    """The level that lets the fewest in."""
    order = list(Visibility)
    return max((Visibility(level) for level in levels), key=order.index)


def at_present() -> Q:
    """Ownerships that have not ended: who gave a model away no longer sees what is kept from others."""
    return Q(to_day__isnull=True) | Q(to_day__gte=timezone.localdate())
