"""The names of organisations: what becomes of them when one takes another, and being found by all of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qunxing.core.text import fold_name
from qunxing.directory.models import Organization, OrganizationName
from qunxing.directory.models.organizations import NAME_LENGTH

REGISTERED = OrganizationName.Kind.REGISTERED


@dataclass(frozen=True)
class Renaming:
    """An organisation that bears the name `new` from the day on, and bore `old` until the day before."""

    organization: Organization
    old: str
    new: str
    day: date

    @property
    def last_day(self) -> date:
        return self.day - timedelta(days=1)


def names_after(renamings: Sequence[Renaming]) -> tuple[list[OrganizationName], list[OrganizationName]]:
    """(names to add, stored names to change), so that of the registered names the new one alone has no last day.

    A name that began on the day or later ends on the day it began.
    """
    stored = registered_names([one.organization.pk for one in renamings])
    added: list[OrganizationName] = []
    ended: list[OrganizationName] = []
    for one in renamings:
        names = stored.get(one.organization.pk, [])
        still_open = {name.name_key for name in names if name.to_day is None}
        ended += [ended_by(name, one) for name in names if name.to_day is None and name.name_key != key_of(one.new)]
        if key_of(one.old) not in {name.name_key for name in names}:
            added.append(registered(one, one.old, to_day=one.last_day))
        if key_of(one.new) not in still_open:
            added.append(registered(one, one.new, from_day=one.day))
    return added, ended


def registered_names(keys: Sequence[int]) -> dict[int, list[OrganizationName]]:
    """{organisation: its registered names, present and former}"""
    found = defaultdict(list)
    for name in OrganizationName.objects.filter(kind=REGISTERED, organization__in=keys).order_by("pk"):
        found[name.organization_id].append(name)
    return found


def ended_by(name: OrganizationName, one: Renaming) -> OrganizationName:
    name.to_day = max(filter(None, (one.last_day, name.from_day)))
    return name


def registered(
    one: Renaming, text: str, *, from_day: date | None = None, to_day: date | None = None
) -> OrganizationName:
    return OrganizationName(
        organization=one.organization, kind=REGISTERED, text=text, from_day=from_day, to_day=to_day
    )  # fmt: skip


def behind_names(organizations: Sequence[Organization], more: Sequence[OrganizationName] = ()) -> list[Organization]:
    """Those that were not found by just their names, `more` beside the stored ones; their search keys now hold them."""
    before = [one.search_key for one in organizations]
    Organization.objects.derive_many(organizations, more=more)
    return [one for one, key in zip(organizations, before, strict=True) if one.search_key != key]


def key_of(text: str) -> str:
    return fold_name(text)[:NAME_LENGTH]
