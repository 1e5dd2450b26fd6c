"""Reads of pairs and their grades."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from qunxing.directory.models import Organization
from qunxing.directory.rules import roles_of
from qunxing.matching.labelling.agreement import Agreement, Pair, agreement, both_ways, crossed
from qunxing.matching.labelling.models import RATERS, RatingPair, RatingSkip
from qunxing.matching.models import Label
from qunxing.scenarios.models import Scenario

RATED = Label.Origin.RATED
Key = tuple[int, int]


@dataclass(frozen=True)
class Grade:
    """What one rater gave."""

    rater: int
    grade: int


def grades() -> dict[Key, list[Grade]]:
    """{(scenario, firm): the grades given blind, the first first}."""
    found: dict[Key, list[Grade]] = defaultdict(list)
    rows = Label.objects.filter(origin=RATED, rater__isnull=False).order_by("pk")
    for scenario, organization, rater, grade in rows.values_list("scenario_id", "organization_id", "rater_id", "grade"):
        found[scenario, organization].append(Grade(rater, grade))
    return found


# --- the next pair --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """What a rater has before them: the next pair, how many are left, how many they rated, and the last one."""

    next: RatingPair | None
    left: int
    done: int


def work_of(rater: Any) -> Work:
    """Pairs that lack only this rater come first; otherwise in an order of the rater's own that tells of no rank."""
    given = grades()
    mine = {key for key, held in given.items() if any(grade.rater == rater.pk for grade in held)}
    skipped = set(RatingSkip.objects.filter(rater=rater).values_list("pair", flat=True))
    left = [
        pair
        for pair in open_pairs(rater)
        if key_of(pair) not in mine and pair.pk not in skipped and len(given.get(key_of(pair), ())) < RATERS
    ]
    left.sort(key=lambda pair: (-len(given.get(key_of(pair), ())), shuffled(pair, rater)))
    return Work(left[0] if left else None, len(left), len(mine))


def key_of(pair: RatingPair) -> Key:
    return pair.scenario_id, pair.organization_id


def shuffled(pair: RatingPair, rater: Any) -> bytes:
    return hashlib.sha256(f"{rater.pk}/{pair.ref}".encode()).digest()


def open_pairs(rater: Any) -> Iterator[RatingPair]:
    """The pairs whose two sides the rater may see and belongs to neither of."""
    own = set(roles_of(rater))
    scenarios = Scenario.objects.visible_to(rater).exclude(organization__in=own).values("pk")
    firms = Organization.objects.visible_to(rater).exclude(pk__in=own).values("pk")
    yield from RatingPair.objects.filter(scenario__in=scenarios, organization__in=firms).select_related(
        "scenario__organization", "organization"
    )


def pair_for(rater: Any, ref: str) -> RatingPair | None:
    """The pair, when it is one of those the rater may rate."""
    return next((pair for pair in open_pairs(rater) if pair.ref == ref), None)


def own_label(pair: RatingPair, rater: Any) -> Label | None:
    found: Label | None = Label.objects.filter(
        scenario=pair.scenario_id, organization=pair.organization_id, rater=rater, origin=RATED
    ).first()
    return found


def last_rated(rater: Any, before: Label | None) -> RatingPair | None:
    """The pair that the rater graded last, or before the given grade."""
    rows = Label.objects.filter(rater=rater, origin=RATED).order_by("-pk")
    label = (rows.filter(pk__lt=before.pk) if before else rows).first()
    if label is None:
        return None
    return RatingPair.objects.filter(scenario=label.scenario_id, organization=label.organization_id).first()


# --- agreement ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Disputed:
    """A pair whose two grades differ."""

    pair: RatingPair
    grades: list[int]

    @property
    def apart(self) -> int:
        return max(self.grades) - min(self.grades)


@dataclass
class Standing:
    """Where the rating stands; `together` takes every pair in both orders, for raters change from pair to pair."""

    pairs: int = 0
    once: int = 0
    twice: int = 0
    settled: int = 0
    together: Agreement = field(default_factory=lambda: agreement([]))
    table: list[list[int]] = field(default_factory=list)
    of_raters: list[tuple[str, str, Agreement]] = field(default_factory=list)
    disputed: list[Disputed] = field(default_factory=list)
    spread: Mapping[int, int] = field(default_factory=dict)


def standing() -> Standing:
    given = grades()
    pairs = list(RatingPair.objects.select_related("scenario", "organization"))
    counts = [len(given.get(key_of(pair), ())) for pair in pairs]
    first_two = {key: held[:RATERS] for key, held in given.items() if len(held) >= RATERS}
    both = [(held[0].grade, held[1].grade) for held in first_two.values()]
    return Standing(
        pairs=len(pairs),
        once=sum(count == 1 for count in counts),
        twice=sum(count >= RATERS for count in counts),
        settled=sum(pair.settled is not None for pair in pairs),
        together=pooled(both),
        table=crossed(both_ways(both)),
        of_raters=between_raters(given),
        disputed=sorted(disputes(pairs, given), key=lambda one: (-one.apart, one.pair.pk)),
        spread=dict(sorted(Counter(grade.grade for held in given.values() for grade in held).items())),
    )


def pooled(both: list[Pair]) -> Agreement:
    """Agreement over pairs in both orders, counted once each."""
    found = agreement(both)
    return Agreement(found.pairs, found.same, found.near, agreement(both_ways(both)).kappa)


def disputes(pairs: list[RatingPair], given: Mapping[Key, list[Grade]]) -> Iterator[Disputed]:
    """Pairs that are rated twice, differently, and not settled yet."""
    for pair in pairs:
        held = [grade.grade for grade in given.get(key_of(pair), ())]
        if pair.settled is None and len(held) >= RATERS and len(set(held)) > 1:
            yield Disputed(pair, held)


def between_raters(given: Mapping[Key, list[Grade]]) -> list[tuple[str, str, Agreement]]:
    """(rater, rater, how they agree) over what both have graded."""
    met: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    for held in given.values():
        for one, other in combinations(sorted(held, key=lambda grade: grade.rater), 2):
            met[one.rater, other.rater].append((one.grade, other.grade))
    names = names_of({rater for pair in met for rater in pair})
    return [(names[one], names[other], agreement(found)) for (one, other), found in sorted(met.items())]


def names_of(raters: set[int]) -> dict[int, str]:
    users = Label._meta.get_field("rater").related_model._default_manager.filter(pk__in=raters)
    return {user.pk: str(user) for user in users}


# --- the grade that counts ------------------------------------------------------------------------------------------


def final_grades() -> tuple[dict[Key, int], int]:
    """{(scenario, firm): the grade that counts}, and how many are left out because their raters disagree.

    Settled above rated; where nobody rated blind, the last word of staff or of what came of it.
    """
    found: dict[Key, int] = {}
    later = Label.objects.exclude(origin=RATED).order_by("day", "pk")
    for scenario, organization, grade in later.values_list("scenario_id", "organization_id", "grade"):
        found[scenario, organization] = grade
    left_out = 0
    for key, held in grades().items():
        if len({grade.grade for grade in held}) == 1:
            found[key] = held[0].grade
        else:
            found.pop(key, None)
            left_out += 1
    for key, grade in settled_grades().items():
        left_out -= key not in found
        found[key] = grade
    return found, left_out


def settled_grades() -> dict[Key, int]:
    rows: Any = RatingPair.objects.filter(settled__isnull=False)
    found = rows.values_list("scenario_id", "organization_id", "settled")
    return {(scenario, organization): grade for scenario, organization, grade in found}
