"""Ties between experts and items, found over plain data.

An organisation is a node: of the ledger, by its code, or by its folded name. Whoever stands behind items or issues the
task is a side; what an expert has to do with organisations is a tie. A tie is a conflict where it leads to a side:
directly, through the group, through an investment, or through an earlier bid together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

Evidence = Mapping[str, Any]
Node = str

EMPLOYMENT, DIRECTORSHIP, HOLDING, KIN = "employment", "directorship", "holding", "kin"
INVESTMENT, JOINT_BID, GROUP = "investment", "joint_bid", "group"
DECLARED, DIRECTORY, NAME = "declared", "directory", "name"
# What makes somebody part of an organisation, so that its investments and bids are theirs.
INSIDE = frozenset({EMPLOYMENT, DIRECTORSHIP, HOLDING})


@dataclass(frozen=True)
class Window:
    """The day, and how far back a tie that has ended still counts."""

    day: date
    since: date

    def holds(self, first: date | None, last: date | None) -> bool:
        return (first is None or first <= self.day) and (last is None or last >= self.since)


@dataclass(frozen=True)
class Tie:
    """What an expert has, or had, to do with an organisation."""

    expert: int
    kind: str
    node: Node
    origin: str
    evidence: Evidence
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Named:
    """A name an expert, or a relative of theirs, bears; folded."""

    expert: int
    key: str
    kind: str  # kin, or empty for the expert
    evidence: Evidence


@dataclass(frozen=True)
class Side:
    """An organisation behind an item, or the issuer (no item)."""

    item: int | None
    node: Node
    evidence: Evidence


@dataclass(frozen=True)
class Person:
    """Somebody who belongs to a side: leads the bid, is its director, its contact, its member; the name is folded."""

    item: int | None
    key: str
    kind: str
    evidence: Evidence


@dataclass(frozen=True)
class Relation:
    """Two organisations hang together: `group` where one controls the other or is its former self."""

    one: Node
    other: Node
    kind: str
    evidence: Evidence


@dataclass(frozen=True)
class Found:
    """A tie between an expert and an item (None: the issuer), and what it rests on."""

    expert: int
    item: int | None
    kind: str
    origin: str
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def key(self) -> str:
        """The same for the same tie on the same ground."""
        grounds = "|".join(sorted(f"{one.get('ref') or one.get('value')}" for one in self.evidence))
        return sha256(f"{self.expert}:{self.item}:{self.kind}:{self.origin}:{grounds}".encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """Everything that was read."""

    ties: Sequence[Tie] = ()
    names: Sequence[Named] = ()
    sides: Sequence[Side] = ()
    people: Sequence[Person] = ()
    relations: Sequence[Relation] = ()

    @cached_property
    def sides_at(self) -> Mapping[Node, list[Side]]:
        found: dict[Node, list[Side]] = defaultdict(list)
        for side in self.sides:
            found[side.node].append(side)
        return found

    @cached_property
    def related(self) -> Mapping[Node, list[Relation]]:
        """Relations by either end."""
        found: dict[Node, list[Relation]] = defaultdict(list)
        for one in self.relations:
            found[one.one].append(one)
            found[one.other].append(one)
        return found

    def group_of(self, node: Node) -> Mapping[Node, tuple[Evidence, ...]]:
        """{organisation of the same group: the links that lead there}, itself left out."""
        found: dict[Node, tuple[Evidence, ...]] = {node: ()}
        edge = [node]
        while edge:
            here = edge.pop(0)
            for one in self.related.get(here, []):
                there = one.other if one.one == here else one.one
                if one.kind == GROUP and there not in found:
                    found[there] = (*found[here], one.evidence)
                    edge.append(there)
        del found[node]
        return found


def find_conflicts(known: Known, window: Window) -> list[Found]:
    """Every conflict once, in a standing order."""
    found = {one.key: one for one in every(known, window)}
    return sorted(found.values(), key=lambda one: (one.expert, one.item or 0, one.kind, one.key))


def every(known: Known, window: Window) -> Iterator[Found]:
    groups: dict[Node, Mapping[Node, tuple[Evidence, ...]]] = {}
    for tie in known.ties:
        if not window.holds(tie.first, tie.last):
            continue
        yield from direct(tie, known)
        if tie.node not in groups:
            groups[tie.node] = known.group_of(tie.node)
        yield from through_group(tie, known, groups[tie.node])
        if tie.kind in INSIDE:
            yield from through_relations(tie, known)
    yield from by_name(known)


def direct(tie: Tie, known: Known) -> Iterator[Found]:
    for side in known.sides_at.get(tie.node, []):
        yield Found(tie.expert, side.item, tie.kind, tie.origin, (tie.evidence, side.evidence))


def through_group(tie: Tie, known: Known, group: Mapping[Node, tuple[Evidence, ...]]) -> Iterator[Found]:
    for node, links in group.items():
        for side in known.sides_at.get(node, []):
            yield Found(tie.expert, side.item, GROUP, DIRECTORY, (tie.evidence, *links, side.evidence))


def through_relations(tie: Tie, known: Known) -> Iterator[Found]:
    """Investments and bids together, a single step away."""
    for one in known.related.get(tie.node, []):
        if one.kind == GROUP:
            continue
        there = one.other if one.one == tie.node else one.one
        for side in known.sides_at.get(there, []):
            yield Found(tie.expert, side.item, one.kind, DIRECTORY, (tie.evidence, one.evidence, side.evidence))


def by_name(known: Known) -> Iterator[Found]:
    """Somebody of a side bears the expert's name, or a relative's."""
    bearers: dict[str, list[Named]] = defaultdict(list)
    for named in known.names:
        if named.key:
            bearers[named.key].append(named)
    for person in known.people:
        for named in bearers.get(person.key, []):
            kind = named.kind or person.kind
            yield Found(named.expert, person.item, kind, NAME, (named.evidence, person.evidence))
