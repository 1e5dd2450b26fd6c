"""Firms on a list that carry something of ours and have no residency: to be looked at by a person."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because
from qunxing.directory.models import Organization
from qunxing.intake.official import Family, ListRow
from qunxing.intake.reconciling.firms import Ours, homes_near
from qunxing.intake.registering import Plan, RowPlan
from qunxing.intake.registering.known import name_key
from qunxing.intake.registering.values import entity_key_of
from qunxing.registry.numbers import parse_algorithm_number

SAME_KEY = _("It files under the entity key %(key)s of %(firm)s.")
SAME_NAME = _("%(firm)s is called so as well.")
SAME_ADDRESS = _("Its address is that of %(community)s.")
SAME_DIVISION = _("It is of the same district as %(community)s.")


class SignKind(StrEnum):
    """The strongest first."""

    ENTITY_KEY = "entity_key"
    ADDRESS = "address"
    NAME = "name"
    DIVISION = "division"


ORDER = {kind: place for place, kind in enumerate(SignKind)}


@dataclass(frozen=True, slots=True)
class Sign:
    kind: SignKind
    reason: Reason


@dataclass(slots=True)
class Candidate:
    """A firm by the name the list gives it; `record` is the stored organisation, or the one the list would add."""

    name: str
    record: Organization | None
    row: RowPlan
    rows: int = 0
    signs: dict[str, Sign] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        """Whether the directory has it, without a residency."""
        return self.record is not None and self.record.pk is not None

    @property
    def strength(self) -> tuple[int, int, str]:
        return min(ORDER[sign.kind] for sign in self.signs.values()), -len(self.signs), self.name


def find_candidates(plan: Plan, ours: Ours) -> list[Candidate]:
    """Those who are none of ours and carry a sign, the strongest sign first; asks the database nothing."""
    found: dict[str, Candidate] = {}
    records = records_of(plan)
    for row in plan.rows:
        for place, name in enumerate(row.row.organizations):
            key = name_key(name)
            record = records.get(key)
            if ours.named(name) is not None or ours.firm(record) is not None:
                continue
            one = found.setdefault(key, Candidate(name, record, row))
            one.rows += 1
            for sign in signs_of(row.row, plan.family, ours, record, is_first=place == 0):
                one.signs.setdefault(str(sign.reason.to_json()), sign)
    return sorted((one for one in found.values() if one.signs), key=lambda one: one.strength)


def records_of(plan: Plan) -> dict[str, Organization]:
    """Every organisation that the plan has at hand, kept or to be added, by its name."""
    records = {one.record.name_key: one.record for one in plan.organizations}
    records |= {owner.name_key: owner for _model, owner, _first in plan.ownerships}
    for row in plan.rows:
        filers: tuple[Any, ...] = (row.owner, row.filing.organization if row.filing is not None else None)
        records |= {one.name_key: one for one in filers if isinstance(one, Organization)}
    return records


def signs_of(
    row: ListRow, family: Family, ours: Ours, record: Organization | None, *, is_first: bool
) -> Iterator[Sign]:
    """Of several in one row only the first has its number, place and key."""
    name = record.name if record is not None else row.organizations[0]
    holder = ours.by_entity_key.get(entity_key_of(row, family)) if is_first else None
    if holder is not None:
        words = {"key": entity_key_of(row, family), "firm": ours.firms[holder].name}
        yield Sign(SignKind.ENTITY_KEY, because(SAME_KEY, **words))
    namesake = ours.by_other_name.get(name_key(name))
    if namesake is not None:
        yield Sign(SignKind.NAME, because(SAME_NAME, firm=ours.firms[namesake].name))
    divisions, texts = places_of(row, family, record, is_first=is_first)
    for home, by_address in homes_near(ours, divisions=divisions, texts=texts):
        kind, said = (SignKind.ADDRESS, SAME_ADDRESS) if by_address else (SignKind.DIVISION, SAME_DIVISION)
        yield Sign(kind, because(said, community=home.name))


def places_of(
    row: ListRow, family: Family, record: Organization | None, *, is_first: bool
) -> tuple[set[str], list[str]]:
    """(divisions, texts with a place in them) that tell where the firm is."""
    divisions = {record.division} if record is not None else set()
    texts = [record.address] if record is not None else []
    if is_first:
        texts += [row.region, *row.extras.values()]
        if family is Family.ALGORITHM:
            divisions.add(parse_algorithm_number(row.number).district)
    return divisions - {""}, texts


def count_signs(candidates: list[Candidate]) -> dict[str, int]:
    """How many firms carry each kind of sign."""
    return dict(Counter(kind.value for one in candidates for kind in {sign.kind for sign in one.signs.values()}))
