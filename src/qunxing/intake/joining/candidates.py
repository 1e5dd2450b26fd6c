"""Organisations on the ledger that may be one: by code, by entity key, by name, by a name nearly the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake.joining.names import Why, near_pairs
from qunxing.intake.models import Distinct

Pair = tuple[int, int]
KIND = Organization.kind_code()
BODY = slice(8, 17)  # the organisation's own number within its code of 18 digits
MOST_ALIKE = 10  # more records of one key are no duplicates but a slip of the key
CODES_DIFFER = 0.5  # the most that two codes leave of a likeness of names


class Ground(TextChoices):
    """Why two records are taken for one, strongest first."""

    CODE = "code", _("the same organisation number within the code")
    KEY = "key", _("the same entity key of filings")
    NAME = "name", _("the same name")
    FORMER = "former", _("one bears a name of the other")
    NEAR = "near", _("nearly the same name")


SCORES = {Ground.CODE: 0.99, Ground.KEY: 0.97, Ground.NAME: 0.95, Ground.FORMER: 0.9}
REASONS = {
    Why.TRADE: _("same trade name"),
    Why.SOUND: _("trade name sounds the same"),
    Why.NEAR_TRADE: _("trade names nearly the same"),
    Why.PLACE: _("same place"),
    Why.NO_PLACE: _("one names no place"),
    Why.ELSEWHERE: _("places differ"),
    Why.BUSINESS: _("same business"),
    Why.FORM: _("same form of company"),
    Why.ORDER: _("numbers in the names differ"),
}
DIFFER = _("their codes differ")


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one, by their keys, with a score and what it comes from."""

    first: int
    second: int
    score: float
    ground: Ground
    reasons: tuple[Any, ...] = ()


def candidates() -> list[Candidate]:
    """All pairs that may be one and that nobody has told apart, the likeliest first; a fixed number of queries."""
    rows = list(Organization.objects.order_by("pk").values_list("pk", "name", "name_key", "uscc", "entity_key"))
    codes = {key: code for key, _name, _folded, code, _entity in rows if code}
    found: dict[Pair, Candidate] = {}
    for candidate in grounds(rows):
        pair = (candidate.first, candidate.second)
        if pair not in found or candidate.score > found[pair].score:
            found[pair] = candidate
    told_apart = set(Distinct.objects.filter(record_kind=KIND).values_list("first_key", "second_key"))
    open_ones = [mind_codes(one, codes) for pair, one in found.items() if pair not in told_apart]
    return sorted((one for one in open_ones if one), key=lambda one: (-one.score, one.first, one.second))


def grounds(rows: list[Any]) -> Iterator[Candidate]:
    """Pairs by every ground, one pair perhaps by several."""
    names = registered_names()
    yield from alike(Ground.CODE, ((key, code[BODY]) for key, _name, _folded, code, _entity in rows if code))
    yield from alike(Ground.KEY, ((key, entity) for key, _name, _folded, _code, entity in rows if entity))
    yield from alike(Ground.NAME, ((key, folded) for key, _name, folded, _code, _entity in rows))
    former = [(key, folded) for key, folded in names]
    yield from alike(Ground.FORMER, [*former, *((key, folded) for key, _name, folded, _code, _entity in rows)])
    for first, second, likeness in near_pairs((key, name) for key, name, _folded, _code, _entity in rows):
        reasons = tuple(REASONS[why] for why in likeness.reasons)
        yield Candidate(first, second, likeness.score * SCORES[Ground.FORMER], Ground.NEAR, reasons)


def registered_names() -> list[tuple[int, str]]:
    rows = OrganizationName.objects.filter(kind=OrganizationName.Kind.REGISTERED)
    return list(rows.order_by("pk").values_list("organization_id", "name_key"))


def alike(ground: Ground, marks: Iterable[tuple[int, str]]) -> Iterator[Candidate]:
    """The pairs that have a mark in common."""
    groups: dict[str, set[int]] = defaultdict(set)
    for key, mark in marks:
        groups[mark].add(key)
    for keys in groups.values():
        if len(keys) <= MOST_ALIKE:
            for first, second in combinations(sorted(keys), 2):
                yield Candidate(first, second, SCORES[ground], ground)


def mind_codes(candidate: Candidate, codes: dict[int, str]) -> Candidate | None:
    """Two codes make two firms: names nearly the same tell nothing then, the same name little."""
    ours, theirs = codes.get(candidate.first), codes.get(candidate.second)
    if not ours or not theirs or candidate.ground in {Ground.CODE, Ground.KEY}:
        return candidate
    if candidate.ground is Ground.NEAR:
        return None
    score = min(candidate.score, CODES_DIFFER)
    return Candidate(candidate.first, candidate.second, score, candidate.ground, (*candidate.reasons, DIFFER))


def tell_apart(first: Organization, second: Organization, *, actor: Any, note: str = "") -> None:
    """Remember that these are two; said twice it is remembered once."""
    low, high = sorted((first.pk, second.pk))
    words = {"note": note[:500], "said_by": actor}
    Distinct.objects.get_or_create(record_kind=KIND, first_key=low, second_key=high, defaults=words)
