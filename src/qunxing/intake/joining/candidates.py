"""Organisations of the ledger as they are compared, the reasons in words, and those that somebody told apart."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.chunks import chunks
from qunxing.core.errors import Text
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.joining.finding import DIFFER, Firm, Pair
from qunxing.intake.joining.grounds import Ground
from qunxing.intake.joining.names import Why
from qunxing.intake.models import Distinct, DuplicatePair
from qunxing.ledger.reasons import told_reason
from qunxing.ledger.recording import recording

KIND = Organization.kind_code()
REASONS: dict[str, Text] = {
    Why.TRADE: _("same trade name"),
    Why.SOUND: _("trade name sounds the same"),
    Why.LOOK: _("trade name looks the same"),
    Why.NEAR_TRADE: _("trade names nearly the same"),
    Why.PLACE: _("same place"),
    Why.NO_PLACE: _("one names no place"),
    Why.NOWHERE: _("neither names a place"),
    Why.ELSEWHERE: _("places differ"),
    Why.BUSINESS: _("same business"),
    Why.FORM: _("same form of company"),
    Why.ORDER: _("numbers in the names differ"),
    DIFFER: _("their codes differ"),
}


def reasons_text(codes: Iterable[str]) -> str:
    """What speaks for two being one, and against, in words."""
    return " · ".join(str(REASONS[code]) for code in codes if code in REASONS)


def why_text(ground: str, codes: Iterable[str]) -> str:
    """The same behind the strongest ground."""
    return " · ".join(filter(None, (str(Ground(ground).label), reasons_text(codes))))


def firms_of(keys: Iterable[int] | None = None) -> dict[int, Firm]:
    """The organisations with these keys, or all, in two queries for each five hundred."""
    if keys is None:
        return read_firms(Q(), Q())
    found: dict[int, Firm] = {}
    for chunk in chunks(sorted(set(keys))):
        found |= read_firms(Q(pk__in=chunk), Q(organization__in=chunk))
    return found


def read_firms(firms: Q, names: Q) -> dict[int, Firm]:
    borne: dict[int, set[str]] = defaultdict(set)
    registered = OrganizationName.objects.filter(names, kind=OrganizationName.Kind.REGISTERED).order_by()
    for key, folded in registered.values_list("organization_id", "name_key"):
        borne[key].add(folded)
    rows = Organization.objects.filter(firms).order_by("pk")
    return {
        key: Firm(key, name, folded, code or "", entity, frozenset(borne.get(key, ())))
        for key, name, folded, code, entity in rows.values_list("pk", "name", "name_key", "uscc", "entity_key")
    }


def told_apart(keys: Collection[int] | None = None) -> set[Pair]:
    """The pairs that somebody has found to be two; with `keys` those of these organisations."""
    rows = Distinct.objects.filter(record_kind=KIND)
    if keys is not None:
        rows = rows.filter(Q(first_key__in=keys) | Q(second_key__in=keys))
    return set(rows.values_list("first_key", "second_key"))


def tell_apart(first: Organization, second: Organization, *, actor: Any, note: str = "") -> None:
    """Remember that these are two, and ask no more; said twice it is remembered once."""
    low, high = sorted((first.pk, second.pk))
    words = {"note": told_reason(note), "said_by": actor}
    with recording(actor=actor):
        Distinct.objects.get_or_create(record_kind=KIND, first_key=low, second_key=high, defaults=words)
        DuplicatePair.objects.filter(first=low, second=high).delete()
