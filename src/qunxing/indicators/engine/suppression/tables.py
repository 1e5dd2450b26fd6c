"""Figures that hang together: what is published, and which of it is the sum of which."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Name = Any
# The name of a cell of a table: its (dimension, value) pairs in order of the dimensions; () is the grand total.
Place = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counts:
    """`cells` {name: whole number, not below zero}; `sums` (total, its parts), all of them names of cells.

    `silent` cells are never published: differences that somebody could work out.
    """

    cells: Mapping[Name, int]
    sums: tuple[tuple[Name, tuple[Name, ...]], ...] = ()
    silent: frozenset[Name] = field(default=frozenset())

    def __post_init__(self) -> None:
        for name, value in self.cells.items():
            if value < 0 or value != int(value):
                raise ValueError(f"{name!r} is no count: {value!r}")
        check_sums(self.cells, self.sums)


def check_sums(cells: Mapping[Name, int], sums: Iterable[tuple[Name, tuple[Name, ...]]]) -> None:
    """ValueError where a total is not the sum of its parts: nothing could be said of what may be worked out."""
    for total, parts in sums:
        if cells[total] != sum(cells[part] for part in parts):
            raise ValueError(f"{total!r} is not the sum of its parts")


def from_list(dimension: str, values: Mapping[str, int]) -> Counts:
    """One dimension and its total: {value: count}. Names are ((dimension, value),) and (), the total."""
    cells: dict[Name, int] = {((dimension, value),): count for value, count in values.items()}
    parts = tuple(cells)
    return Counts({**cells, (): sum(values.values())}, (((), parts),))


def from_table(dimensions: tuple[str, str], values: Mapping[tuple[str, str], int]) -> Counts:
    """Two dimensions with their margins: {(row, column): count}; what is not said is zero.

    Margins of one dimension bear the same name in every table, so that `joined` tables share them.
    """
    rows = list(dict.fromkeys(row for row, _column in values))
    columns = list(dict.fromkeys(column for _row, column in values))
    first, second = dimensions
    inner: dict[Name, int] = {
        place((first, row), (second, column)): values.get((row, column), 0) for row in rows for column in columns
    }
    cells, sums = dict(inner), []
    for at, names in ((first, rows), (second, columns)):
        for name in names:
            parts = tuple(cell for cell in inner if (at, name) in cell)
            cells[place((at, name))] = sum(inner[part] for part in parts)
            sums.append((place((at, name)), parts))
        sums.append((place(), tuple(place((at, name)) for name in names)))
    cells[place()] = sum(inner.values())
    return Counts(cells, tuple(sums))


def place(*pairs: tuple[str, str]) -> Place:
    return tuple(sorted(pairs))


def from_tree(values: Mapping[Name, int], children: Mapping[Name, Sequence[Name]]) -> Counts:
    """Nested totals: {name: count} and {name: the names that add up to it}."""
    return Counts(dict(values), tuple((total, tuple(parts)) for total, parts in children.items()))


def joined(*tables: Counts) -> Counts:
    """Several tables about the same rows as one; cells of one name are one figure, ValueError where they differ."""
    cells: dict[Name, int] = {}
    for table in tables:
        for name, value in table.cells.items():
            if cells.setdefault(name, value) != value:
                raise ValueError(f"{name!r} is told twice and differs")
    sums = dict.fromkeys(one for table in tables for one in table.sums)
    return Counts(cells, tuple(sums), frozenset().union(*(table.silent for table in tables)))


@dataclass(frozen=True)
class Piece:
    """The rows that are counted by exactly these figures; no figure shows it alone unless it is the only one."""

    counted_by: frozenset[Name]


@dataclass(frozen=True)
class Difference:
    """The rows that the one figure counts and the other, which lies within it, does not."""

    larger: Name
    smaller: Name


def from_sets(figures: Mapping[Name, Collection[Hashable]]) -> Counts:
    """Figures told as {name: what it counts}, such as one day and the next, or a space and its surroundings.

    Everything that can be had by subtracting one from another is a silent cell beside them.
    """
    members = {name: frozenset(counted) for name, counted in figures.items()}
    counted_by: dict[Hashable, set[Name]] = {}
    for name, atoms in members.items():
        for atom in atoms:
            counted_by.setdefault(atom, set()).add(name)
    pieces: dict[Name, int] = {}
    for names in counted_by.values():
        piece = Piece(frozenset(names))
        pieces[piece] = pieces.get(piece, 0) + 1
    sums = [(name, tuple(p for p in pieces if name in p.counted_by)) for name in members]
    gaps = differences(members, pieces)
    cells = {name: len(atoms) for name, atoms in members.items()} | pieces
    cells |= {gap: sum(pieces[part] for part in parts) for gap, parts in gaps}
    silent = frozenset([*pieces, *(gap for gap, _parts in gaps)])
    return Counts(cells, (*sums, *gaps), silent)


def differences(
    members: Mapping[Name, frozenset[Hashable]], pieces: Collection[Name]
) -> list[tuple[Name, tuple[Name, ...]]]:
    """What each figure counts beyond another that lies within it."""
    found: list[tuple[Name, tuple[Name, ...]]] = []
    for larger, atoms in members.items():
        for smaller, others in members.items():
            if others < atoms and others:
                parts = (p for p in pieces if larger in p.counted_by and smaller not in p.counted_by)
                found.append((Difference(larger, smaller), tuple(parts)))
    return found
