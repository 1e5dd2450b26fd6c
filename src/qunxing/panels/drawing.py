"""Drawing a panel by lot so that anyone can repeat it: the order is that of SHA-256 over seed and name.

Whoever comes first in the order is seated unless the rest could then not make up the shares that the rules ask for;
all others are reserves, in the same order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol


class Wanted(Protocol):
    """The rules that a draw keeps (`terms.PanelTerms`)."""

    @property
    def size(self) -> int: ...
    @property
    def specialists_needed(self) -> int: ...
    @property
    def outside_needed(self) -> int: ...


@dataclass(frozen=True)
class Drawable:
    """Somebody who may be drawn: a name that says nothing, and what counts for the shares."""

    ref: str
    specialist: bool = True
    outside: bool = True


@dataclass(frozen=True)
class Need:
    """What is still to be filled: seats, and how many of them by specialists and from outside."""

    seats: int
    specialists: int
    outside: int

    def without(self, one: Drawable) -> "Need":
        return Need(self.seats - 1, max(self.specialists - one.specialist, 0), max(self.outside - one.outside, 0))


@dataclass(frozen=True)
class Shortage:
    """Why no panel comes about: `lacking` is experts, specialists, outside or both; `have` is how many there are."""

    lacking: str
    need: Need
    have: int


@dataclass(frozen=True)
class Drawn:
    """Who sits, who stands by in which order; or why there is no panel."""

    seats: tuple[Drawable, ...] = ()
    reserves: tuple[Drawable, ...] = ()
    shortage: Shortage | None = None


def place_of(seed: str, ref: str) -> str:
    """What decides the place of a name in the order."""
    return sha256(f"{seed}:{ref}".encode()).hexdigest()


def in_order(pool: Iterable[Drawable], seed: str) -> list[Drawable]:
    return sorted(pool, key=lambda one: (place_of(seed, one.ref), one.ref))


def need_of(terms: Wanted) -> Need:
    return Need(terms.size, terms.specialists_needed, terms.outside_needed)


def need_left(seated: Iterable[Drawable], terms: Wanted) -> Need:
    """What is still to be filled beside those who sit."""
    need = need_of(terms)
    for one in seated:
        need = need.without(one)
    return need


def draw(pool: Sequence[Drawable], terms: Wanted, seed: str) -> Drawn:
    """The panel for this seed; the order in which the pool is given changes nothing."""
    ordered, need = in_order(pool, seed), need_of(terms)
    if lacking := shortage(ordered, need):
        return Drawn(shortage=lacking)
    seats, reserves = fill(ordered, need)
    return Drawn(tuple(seats), tuple(reserves))


def fill(ordered: Sequence[Drawable], need: Need) -> tuple[list[Drawable], list[Drawable]]:
    """(seated, passed over): the first in the order with whom the rest can still make up what is needed."""
    seats, reserves = [], []
    rest = Counter(strata(ordered))
    for one in ordered:
        rest[one.specialist, one.outside] -= 1
        if need.seats and can_fill(rest, need.without(one)):
            seats.append(one)
            need = need.without(one)
        else:
            reserves.append(one)
    return seats, reserves


def strata(pool: Iterable[Drawable]) -> Iterable[tuple[bool, bool]]:
    return ((one.specialist, one.outside) for one in pool)


def can_fill(rest: Counter[tuple[bool, bool]], need: Need) -> bool:
    """Whether so many of each kind can fill the seats: some number of those who are both must do."""
    singles = rest[True, False] + rest[False, True] + rest[False, False]
    for both in range(min(need.seats, rest[True, True]) + 1):
        specialists, outside = max(need.specialists - both, 0), max(need.outside - both, 0)
        enough = specialists <= rest[True, False] and outside <= rest[False, True]
        if enough and both + specialists + outside <= need.seats <= both + singles:
            return True
    return False


def shortage(pool: Sequence[Drawable], need: Need) -> Shortage | None:
    """What is missing; None when nothing is."""
    counts = Counter(strata(pool))
    specialists, outside = sum(one.specialist for one in pool), sum(one.outside for one in pool)
    if len(pool) < need.seats:
        return Shortage("experts", need, len(pool))
    if specialists < need.specialists:
        return Shortage("specialists", need, specialists)
    if outside < need.outside:
        return Shortage("outside", need, outside)
    return None if can_fill(counts, need) else Shortage("both", need, counts[True, True])


def next_reserve(seated: Sequence[Drawable], reserves: Sequence[Drawable], terms: Wanted) -> Drawable | Shortage:
    """The first reserve with whom those who stay, and the reserves after, can still make up the panel."""
    need = need_left(seated, terms)
    rest = Counter(strata(reserves))
    for one in reserves:
        rest[one.specialist, one.outside] -= 1
        if can_fill(rest, need.without(one)):
            return one
        rest[one.specialist, one.outside] += 1
    return shortage(reserves, need) or Shortage("experts", need, len(reserves))
